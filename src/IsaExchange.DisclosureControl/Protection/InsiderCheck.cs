using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>Tables that keep others' counts from a contributor. CONFIDENTIAL.</summary>
/// <param name="Proof">Over what everybody knows, and behind it each of the contributor's own counts.</param>
public sealed record InsiderProof(string Contributor, Certificate Proof);

/// <summary>
/// The check once more with the eyes of each contributor, whose own counts are no secret to itself: whoever sees 9 and
/// knows of 8 knows the 1 of the other. What a contributor has by itself is not kept from it.
/// </summary>
/// <remarks>
/// Witnesses that leave a contributor's own counts as they are hold for it too, and most do: only the others are
/// searched for anew. Contributors who put together what they know are not covered.
/// </remarks>
static class InsiderCheck
{
    /// <param name="known">What everybody has, and what is to be protected.</param>
    /// <param name="outsiders">The check of it, which found a witness of each protected cell.</param>
    /// <param name="budget">What is not decided within it is refused.</param>
    /// <returns>The same check; with what contributors would learn as refused.</returns>
    public static (CheckResult Check, IReadOnlyList<InsiderProof> Proofs) Run(
        AttackerKnowledge known, Contributors contributors, CheckResult outsiders, CheckLimits limits,
        CheckBudget budget, CancellationToken ct)
    {
        var (refused, proofs) = (new Dictionary<int, RefusedCell>(), new List<InsiderProof>());
        var own = Enumerable.Range(0, known.Truth.Length).Where(u => contributors.Of[u] is not null)
            .ToLookup(u => contributors.Of[u]!, StringComparer.Ordinal);
        foreach (var (contributor, cells) in Touched(known, contributors, outsiders.Certificate, budget))
        {
            var left = limits with { SecondsMax = budget.SecondsLeft };
            var seen = SeenBy([.. own[contributor]], known, cells);
            var check = IntervalChecker.Check(seen, left, outsiders.Certificate, ct);
            foreach (var cell in check.Report.Refused)
                refused.TryAdd(cell.Sum, cell with { Because = $"(to a contributor of records) {cell.Because}" });
            proofs.Add(new InsiderProof(contributor, check.Certificate));
        }

        return refused.Count == 0 ? (outsiders, proofs)
            : (outsiders with { Report = outsiders.Report with { Refused = [.. refused.Values] } }, []);
    }

    /// <summary>By contributor the protected cells of others whose witness it sees through, and for which no other two
    /// of the tables at hand would do.</summary>
    static List<KeyValuePair<string, HashSet<int>>> Touched(
        AttackerKnowledge known, Contributors contributors, Certificate certificate, CheckBudget budget)
    {
        var movers = certificate.Tables.Select(t => t.Unknowns.Select(u => contributors.Of[u]).OfType<string>()
            .ToHashSet(StringComparer.Ordinal)).ToArray();
        var touched = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        foreach (var witness in certificate.Witnesses)
        {
            budget.Token.ThrowIfCancellationRequested();
            var sum = known.Sums[witness.Sum];
            long[]? moved = null;
            foreach (var contributor in movers[witness.LowTable].Union(movers[witness.HighTable]))
            {
                if (!sum.Unknowns.Any(u => known.Truth[u] > 0 && contributors.Of[u] != contributor))
                    continue;
                moved ??= [.. certificate.Tables.Select(t => Moved(sum, t))];
                var unseen = moved.Where((_, t) => !movers[t].Contains(contributor)).ToList();
                if (unseen.Count > 0 && unseen.Max() - unseen.Min() >= sum.Required.Width)
                    continue;
                if (!touched.TryGetValue(contributor, out var cells))
                    touched[contributor] = cells = [];
                cells.Add(witness.Sum);
            }
        }

        return [.. touched.OrderBy(t => t.Key, StringComparer.Ordinal)];
    }

    /// <summary>Of the required interval the width: the rest is of the cell as a whole, which nobody can hide from one
    /// who is part of it.</summary>
    static AttackerKnowledge SeenBy(int[] own, AttackerKnowledge known, HashSet<int> cells)
    {
        var sums = known.Sums.Select((sum, i) => sum with
        {
            Required = cells.Contains(i) ? new RequiredInterval(sum.Required.Width) : default,
        });
        var counts = own.Select(u => new KnownSum("what the contributor has", [u], known.Truth[u], known.Truth[u]));
        return new AttackerKnowledge([.. sums, .. counts], known.Truth);
    }

    static long Moved(KnownSum sum, WitnessTable table)
    {
        var total = 0L;
        for (var i = 0; i < table.Unknowns.Length; i++)
        {
            if (Array.BinarySearch(sum.Unknowns, table.Unknowns[i]) >= 0)
                total = checked(total + table.Deviations[i]);
        }

        return total;
    }
}
