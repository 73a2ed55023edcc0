using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>Cells that outside numbers tell by themselves: nobody needs a release for them, and none can protect
/// them.</summary>
public static class PublicCells
{
    /// <param name="cells">With what is required of them; what is said of them is not looked at.</param>
    /// <param name="outside">Numbers of others, of the same unknowns.</param>
    /// <param name="truth">CONFIDENTIAL: the true count of each unknown.</param>
    /// <param name="limits">What is not decided within them counts as not public.</param>
    /// <returns>Positions among the cells.</returns>
    public static IReadOnlySet<int> Of(
        IReadOnlyList<KnownSum> cells, IReadOnlyList<KnownSum> outside, long[] truth, CheckLimits limits,
        CancellationToken ct)
    {
        var told = outside.SelectMany(sum => sum.Unknowns).ToHashSet();
        int[] asked = [.. Enumerable.Range(0, cells.Count)
            .Where(i => cells[i].Required.IsRequired && cells[i].Unknowns.Any(told.Contains))];
        if (asked.Length == 0)
            return new HashSet<int>();
        var targets = asked.Select(i => cells[i] with { Lo = 0, Hi = null, Splits = [] });
        var report = IntervalChecker.Check(
            new AttackerKnowledge([.. outside, .. targets], truth, ct), limits, ct).Report;
        return report.Refused.Where(r => r.Verdict != CellVerdict.NotProved)
            .Select(r => asked[r.Sum - outside.Count]).ToHashSet();
    }
}
