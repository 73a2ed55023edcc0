using System.Globalization;

namespace IsaExchange.Datasets.Specs;

/// <summary>What a dimension is that is not a column.</summary>
public enum DerivedKind
{
    /// <summary>Ranges of codes put into blocks.</summary>
    Blocks,

    /// <summary>The calendar month of the date.</summary>
    Month,

    /// <summary>The day of the week of the date.</summary>
    Weekday,

    /// <summary>The band of hours that the time lies in.</summary>
    Hours,
}

/// <summary>A dimension that is made of a column: the month or weekday of a date, the hours of a time, or ranges of
/// codes put into blocks.</summary>
public sealed record DerivedDimension(string Name, string From, IReadOnlyList<DerivedMember> Members)
{
    static readonly string[] Weekdays =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>The code of what is not known is empty, as that of a field which is not filled.</summary>
    static readonly Category NotKnown = new("", "Not known");

    public DerivedKind Kind { get; init; }

    public bool IsMonth => Kind == DerivedKind.Month;

    /// <summary>First hours of the bands, ascending; the last band goes on to the first.</summary>
    public IReadOnlyList<int> Starts { get; init; } = [];

    /// <summary>When the date does not tell the weekday: the field holds one of the values. Null: it always does.
    /// </summary>
    public ValueCondition? Unless { get; init; }

    /// <summary>Of a weekday or of hours, in order.</summary>
    /// <param name="mayBeUnknown">Whether the field may be empty, or not tell it.</param>
    public IReadOnlyList<Category> Bands(bool mayBeUnknown)
    {
        IEnumerable<Category> bands = Kind == DerivedKind.Weekday
            ? Weekdays.Select(day => new Category(day[..3].ToUpperInvariant(), day))
            : Starts.Select((_, band) => Hours(band));
        return mayBeUnknown ? [.. bands, NotKnown] : [.. bands];
    }

    Category Hours(int band)
    {
        var (first, last) = (Starts[band], (Starts[(band + 1) % Starts.Count] + 23) % 24);
        return new Category(
            string.Create(CultureInfo.InvariantCulture, $"{first:D2}-{last:D2}"),
            string.Create(CultureInfo.InvariantCulture, $"{first:D2}:00 to {last:D2}:59"));
    }

    /// <summary>Position of the band of an hour of the day.</summary>
    public int BandOf(int hour)
    {
        var band = Starts.Count(start => start <= hour) - 1;
        return band < 0 ? Starts.Count - 1 : band;
    }

    /// <summary>Position of the first member whose ranges hold the code, -1 when none does.</summary>
    public int MemberOf(string code)
    {
        for (var i = 0; i < Members.Count; i++)
        {
            if (Members[i].Ranges.Any(range => Holds(range, code)))
                return i;
        }

        return -1;
    }

    static bool Holds(string range, string code)
    {
        var ends = range.Split('-', 2);
        return string.CompareOrdinal(code, ends[0]) >= 0 && string.CompareOrdinal(code, ends[^1]) <= 0;
    }
}

/// <summary>A block of codes: "X85-Y09" or a single code, compared as text, both ends included.</summary>
public sealed record DerivedMember(string Code, string Title, IReadOnlyList<string> Ranges);

/// <summary>That a field holds one of its categories.</summary>
public sealed record ValueCondition(string Field, IReadOnlyList<string> Values);
