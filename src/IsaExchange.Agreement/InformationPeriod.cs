using System.Globalization;
using System.Runtime.InteropServices;

namespace IsaExchange.Agreement;

/// <summary>
/// A half-open interval of civil days for which a dataset is owed. Prints as a date range and never as "Q1", which
/// means two different quarters in this sector (calendar and financial year).
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct InformationPeriod(DateOnly Start, DateOnly EndExclusive)
{
    /// <summary>The last year whose periods and due dates can be counted without running out of the calendar.</summary>
    const int YearMax = 9990;

    /// <summary>Three months from the first day of a month.</summary>
    public static InformationPeriod Quarter(DateOnly start) => Of(start, 3);

    public static InformationPeriod Month(int year, int month) => Of(new DateOnly(year, month, 1), 1);

    /// <summary>The quarter of the calendar that holds the day: it begins in January, April, July or October.</summary>
    public static InformationPeriod QuarterContaining(DateOnly day) =>
        Quarter(new DateOnly(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1));

    /// <summary>Reads <c>2026-07-01/P3M</c> or <c>2026-07-01/P1M</c>, on the first day of a month only.</summary>
    public static bool TryParse(string? text, out InformationPeriod period)
    {
        period = default;
        if (text is not { Length: 14 } || text[10..] is not ("/P3M" or "/P1M"))
            return false;
        var day = text.AsSpan(0, 10);
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start)
            || start.Day != 1 || start.Year > YearMax)
            return false;
        period = Of(start, text[12] - '0');
        return true;
    }

    public DateOnly LastDay => EndExclusive.AddDays(-1);

    /// <summary>Whether the period is one month, from its first day.</summary>
    public bool IsMonth => IsWholeMonths && MonthCount == 1;

    /// <summary>Whether the period is a quarter of the calendar year.</summary>
    public bool IsQuarter => IsWholeMonths && MonthCount == 3 && Start.Month % 3 == 1;

    /// <summary>For resource names: <c>2026-07-01-p3m</c>.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Start:yyyy-MM-dd}-p{MonthCount}m");

    /// <summary>The text that <see cref="TryParse"/> reads: <c>2026-07-01/P3M</c>.</summary>
    public string Iso => string.Create(CultureInfo.InvariantCulture, $"{Start:yyyy-MM-dd}/P{MonthCount}M");

    public bool Contains(DateOnly day) => Start <= day && day < EndExclusive;

    public bool Covers(InformationPeriod other) =>
        other.Start < other.EndExclusive && Start <= other.Start && other.EndExclusive <= EndExclusive;

    /// <summary>The months that tile the period, first to last; none for the empty period.</summary>
    public IEnumerable<InformationPeriod> Months()
    {
        if (!IsWholeMonths)
            throw new InvalidOperationException("An information period is a number of whole months.");
        var start = Start;
        return Enumerable.Range(0, MonthCount).Select(n => Of(start.AddMonths(n), 1));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Start:d MMM yyyy} to {LastDay:d MMM yyyy}");

    bool IsWholeMonths => Start.Day == 1 && EndExclusive.Day == 1 && Start <= EndExclusive;

    int MonthCount => ((EndExclusive.Year - Start.Year) * 12) + EndExclusive.Month - Start.Month;

    static InformationPeriod Of(DateOnly start, int months)
    {
        if (start.Day != 1)
            throw new ArgumentException("An information period begins on the first day of a month.", nameof(start));
        return new InformationPeriod(start, start.AddMonths(months));
    }
}
