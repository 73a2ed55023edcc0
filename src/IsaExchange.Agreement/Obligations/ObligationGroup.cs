namespace IsaExchange.Agreement.Obligations;

/// <summary>
/// What one party owes of one dataset for one period, its areas folded into one: as an officer sees the work.
/// </summary>
public sealed record ObligationGroup(
    string Party, string Dataset, InformationPeriod Period, DateOnly DueDate, IReadOnlyList<AssessedObligation> Members)
{
    public string Id => $"{Party}.{Dataset}.{Period.Id}";

    public IReadOnlyList<string> Areas => [.. Members.Select(m => m.Obligation.Area)];

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
