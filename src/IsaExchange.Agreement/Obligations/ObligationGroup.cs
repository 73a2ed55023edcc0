namespace IsaExchange.Agreement.Obligations;

/// <summary>
/// What one party owes of one dataset for one period, its areas folded into one: as an officer sees the work.
/// </summary>
public sealed record ObligationGroup(
    string Party, string Dataset, InformationPeriod Period, DateOnly DueDate, IReadOnlyList<AssessedObligation> Members)
{
    public string Id => $"{Party}.{Dataset}.{Period.Id}";

    public IReadOnlyList<string> Areas => [.. Members.Select(m => m.Obligation.Area)];

    /// <summary>
    /// What to send next: the whole period, or the first month that is not in when others are; with the areas for which
    /// just that is missing. Null when nothing is missing.
    /// </summary>
    public (InformationPeriod Period, IReadOnlyList<string> Areas)? Next
    {
        get
        {
            var missing = Members.Where(m => m.Standing.MissingMonths.Count > 0).ToList();
            if (missing.Count == 0)
                return null;
            var next = NextOf(missing[0]);
            return (next, [.. missing.Where(m => NextOf(m) == next).Select(m => m.Obligation.Area)]);
        }
    }

    InformationPeriod NextOf(AssessedObligation m) =>
        m.Standing.MissingMonths.Count == m.Standing.MonthsOwed ? Period : m.Standing.MissingMonths[0];

    /// <summary>By due date, then party and dataset.</summary>
    public static IReadOnlyList<ObligationGroup> Of(IEnumerable<AssessedObligation> assessed) =>
    [
        .. assessed.GroupBy(a => (a.Obligation.Party, a.Obligation.Dataset, a.Obligation.Period, a.Obligation.DueDate))
            .Select(g => new ObligationGroup(
                g.Key.Party, g.Key.Dataset, g.Key.Period, g.Key.DueDate,
                [.. g.OrderBy(a => a.Obligation.Area, StringComparer.Ordinal)]))
            .OrderBy(g => g.DueDate).ThenBy(g => g.Id, StringComparer.Ordinal),
    ];
}
