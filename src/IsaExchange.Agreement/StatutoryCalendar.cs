namespace IsaExchange.Agreement;

/// <summary>
/// The calendar of section 17A of the Crime and Disorder Act 1998: each consecutive three months beginning on
/// 1 July 2007, to be disclosed by the end of the information period that follows (SI 2007/1831, regulations 1 and 3).
/// </summary>
public static class StatutoryCalendar
{
    public const string Id = "uk-cda-1998-s17a";

    /// <summary>First day of the first information period.</summary>
    public static DateOnly Beginning { get; } = new(2007, 7, 1);

    public static bool IsInformationPeriod(InformationPeriod period) =>
        period.IsQuarter && period.Start >= Beginning;

    /// <summary>The last day on which a disclosure for the period is on time.</summary>
    public static DateOnly DueDate(InformationPeriod period) => IsInformationPeriod(period)
        ? InformationPeriod.Quarter(period.EndExclusive).LastDay
        : throw new ArgumentException("Not an information period of section 17A.", nameof(period));
}
