using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

public enum Cadence
{
    Quarterly,
    Monthly,
}

/// <summary>
/// One party owes one dataset for each of its areas and each period. Due by <paramref name="Calendar"/>, or
/// <paramref name="DueDays"/> days after the last day of the period: exactly one of the two is given.
/// </summary>
public sealed record DatasetOwedClause(
    string Dataset,
    string Party,
    IReadOnlyList<string> Areas,
    Cadence Cadence,
    string? Calendar,
    int? DueDays,
    string Basis,
    int? Paragraph,
    DateOnly? From,
    DateOnly? To)
{
    public const string StatutoryBasis = "cda-1998-s17a";

    public string Clause => $"datasets[{Dataset}/{Party}]";

    /// <summary>The basis with its paragraph of the Schedule, for example <c>cda-1998-s17a paragraph 2</c>.</summary>
    public string LegalBasis => Paragraph is { } paragraph ? $"{Basis} paragraph {paragraph}" : Basis;

    /// <summary>Whether the duty stands without the agreement and so outlives it.</summary>
    public bool IsStatutory => Basis == StatutoryBasis;

    public string Marking { get; init; } = LanguageWords.Markings[0];

    internal int Line { get; init; }

    /// <summary>Whether content for the period can count: a whole period of the cadence, or a month of one.</summary>
    public bool Accepts(InformationPeriod period) =>
        period.IsMonth || (Cadence == Cadence.Quarterly && period.IsQuarter);

    /// <summary>The period of the cadence that holds the day.</summary>
    public InformationPeriod PeriodContaining(DateOnly day) => Cadence == Cadence.Quarterly
        ? InformationPeriod.QuarterContaining(day)
        : InformationPeriod.Month(day.Year, day.Month);

    public DateOnly DueDate(InformationPeriod period) => DueDays is { } days
        ? period.LastDay.AddDays(days)
        : StatutoryCalendar.DueDate(period);
}
