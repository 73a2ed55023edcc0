using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.OwnTables;

/// <summary>
/// Whether tables could be published together: the interval check over the cells of all of them, with what others have
/// published beside them.
/// </summary>
public static class PublicationCheck
{
    const int CombinationsMax = 4_000_000;
    const int FaultsMax = 50;

    /// <param name="faultsBefore">Found while the tables were read: with any there is no check.</param>
    public static PublicationReport Run(
        Publication publication, IReadOnlyList<TableFault> faultsBefore, CheckLimits limits, CancellationToken ct)
    {
        var faults = new List<TableFault>(faultsBefore);
        var ours = new List<KnownSum>();
        var outside = new List<KnownSum>();
        long[] truth = [];
        if (faults.Count == 0)
            truth = Read(publication, ours, outside, faults);
        if (faults.Count > 0)
            return new PublicationReport([.. faults.Take(FaultsMax)], null, [], []);
        var check = IntervalChecker.Check(new AttackerKnowledge([.. ours, .. outside], truth), limits, ct).Report;
        var known = PublicAlready(ours, outside, truth, check, limits, ct);
        return new PublicationReport(
            [], check, [.. check.Refused.Where(cell => !known.Contains(cell.Name))],
            [.. check.Refused.Where(cell => known.Contains(cell.Name))]);
    }

    static long[] Read(
        Publication publication, List<KnownSum> ours, List<KnownSum> outside, List<TableFault> faults)
    {
        var combinations = publication.Classifications.Aggregate(
            1L, (n, c) => Math.Min(n * c.Count, CombinationsMax + 1L));
        if (combinations is 0 or > CombinationsMax)
        {
            faults.Add(new TableFault(publication.Tables[0].File, 0, combinations == 0
                ? "there is no row" : $"the dimensions have more than {CombinationsMax} combinations of finest codes"));
            return [];
        }

        var counts = new TrueCounts(publication.Classifications, faults);
        counts.Gather(publication);
        if (faults.Count > 0)
            return [];
        var sums = new TableSums(publication.Classifications, faults);
        foreach (var table in publication.Tables)
        {
            foreach (var (sum, row) in sums.Of(table, ours.Count))
            {
                var count = Compare(table, sum, row, counts.Counts, faults);
                var isProtected = count > 0 && count < publication.ProtectBelow;
                ours.Add(isProtected ? sum with { ProtectedWidth = publication.Width } : sum);
            }
        }

        foreach (var table in publication.Outside)
        {
            foreach (var (sum, row) in sums.Of(table, ours.Count + outside.Count))
            {
                Compare(table, sum, row, counts.Counts, faults);
                outside.Add(sum);
            }
        }

        return counts.Counts;
    }

    /// <returns>The true count of the cell.</returns>
    static long Compare(OwnTable table, KnownSum sum, OwnRow? row, long[] counts, List<TableFault> faults)
    {
        var count = 0L;
        foreach (var unknown in sum.Unknowns)
            count = checked(count + counts[unknown]);
        if (count < sum.Lo || count > (sum.Hi ?? long.MaxValue))
            faults.Add(new TableFault(table.File, row?.Line ?? 0, row is null
                ? $"{sum.Name} has no row, which says zero, and is not"
                : "what is published does not hold of the truth"));
        else if (row?.Truth is { } said && said != count)
            faults.Add(new TableFault(table.File, row.Line, "the truth is not the sum of the finest counts"));
        return count;
    }

    /// <summary>Those of the refused cells that nobody needs our tables for.</summary>
    static HashSet<string> PublicAlready(
        List<KnownSum> ours, List<KnownSum> outside, long[] truth, CheckReport check, CheckLimits limits,
        CancellationToken ct)
    {
        if (outside.Count == 0 || check.IsSafe)
            return [];
        var refused = check.Refused.Select(cell => cell.Name).ToHashSet(StringComparer.Ordinal);
        var targets = ours.Where(sum => refused.Contains(sum.Name))
            .Select(sum => sum with { Lo = 0, Hi = null, Splits = [] });
        var alone = outside.Select(sum => sum with
        {
            Splits = [.. sum.Splits.Select(split => Array.ConvertAll(split, part => part - ours.Count))],
        });
        var without = IntervalChecker.Check(new AttackerKnowledge([.. alone, .. targets], truth), limits, ct).Report;
        return without.Refused.Where(cell => cell.Verdict != CellVerdict.NotProved).Select(cell => cell.Name)
            .ToHashSet(StringComparer.Ordinal);
    }
}
