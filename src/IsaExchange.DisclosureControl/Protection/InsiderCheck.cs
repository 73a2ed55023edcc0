using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>
/// The check once more with the eyes of each contributor, whose own counts are no secret to itself: whoever sees 9 and
/// knows of 8 knows the 1 of the other. What a contributor has by itself is not kept from it.
/// </summary>
/// <remarks>
/// Witnesses that leave a contributor's own counts as they are hold for it too: only where there are none are some
/// searched for. Contributors who put together what they know are not covered.
/// </remarks>
sealed class InsiderCheck(Contributors contributors)
{
    readonly ILookup<string, int> _own = Enumerable.Range(0, contributors.Of.Count)
        .Where(u => contributors.Of[u] is not null).ToLookup(u => contributors.Of[u]!, StringComparer.Ordinal);

    /// <summary>Tables that agree with what everybody has, those found for one contributor among them: they may serve
    /// another.</summary>
    readonly List<(WitnessTable Table, HashSet<string> Moves)> _tables = [];

    readonly List<WitnessTable> _found = [];

    /// <param name="known">What everybody has, and what is to be protected.</param>
    /// <param name="outsiders">The check of it, which found a witness of each protected cell.</param>
    /// <param name="budget">What is not decided within it is refused.</param>
    /// <returns>The same check, with what contributors would learn as refused; and the tables that it needed beside
    /// those of the check.</returns>
    public (CheckResult Check, IReadOnlyList<WitnessTable> Tables) Run(
        AttackerKnowledge known, CheckResult outsiders, CheckLimits limits, CheckBudget budget, CancellationToken ct)
    {
        Begin(known, outsiders.Certificate, budget);
        var refused = new Dictionary<int, RefusedCell>();
        foreach (var (contributor, touched) in Touched(known, outsiders.Certificate))
        {
            var cells = NotServed(contributor, touched, known, budget);
            if (cells.Count == 0)
                continue;
            var left = limits with { SecondsMax = budget.SecondsLeft };
            var start = new Certificate(
                [.. _tables.Where(t => !t.Moves.Contains(contributor)).Select(t => t.Table)], []);
            var check = IntervalChecker.Check(SeenBy([.. _own[contributor]], known, cells), left, start, ct);
            foreach (var cell in check.Report.Refused)
                refused.TryAdd(cell.Sum, cell with { Because = $"(to a contributor of records) {cell.Because}" });
            _found.AddRange(check.Certificate.Tables);
            _tables.AddRange(check.Certificate.Tables.Select(WithMoves));
        }

        return refused.Count == 0
            ? (outsiders, [.. _tables.Skip(outsiders.Certificate.Tables.Count).Select(t => t.Table)])
            : (outsiders with { Report = outsiders.Report with { Refused = [.. refused.Values] } }, []);
    }

    /// <summary>Those of rounds before count only when they agree with what is known now.</summary>
    void Begin(AttackerKnowledge known, Certificate outsiders, CheckBudget budget)
    {
        var sums = known.Sums.Select(known.TrueSum).ToArray();
        _tables.Clear();
        _tables.AddRange(outsiders.Tables.Select(WithMoves));
        foreach (var table in _found)
        {
            budget.Token.ThrowIfCancellationRequested();
            if (Certificate.Broken(table, known, sums) is null)
                _tables.Add(WithMoves(table));
        }
    }

    (WitnessTable Table, HashSet<string> Moves) WithMoves(WitnessTable table) => (
        table, table.Unknowns.Select(u => contributors.Of[u]).OfType<string>().ToHashSet(StringComparer.Ordinal));

    /// <summary>By contributor the protected cells of others whose witness it sees through.</summary>
    List<KeyValuePair<string, List<int>>> Touched(AttackerKnowledge known, Certificate certificate)
    {
        var touched = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var witness in certificate.Witnesses)
        {
            var holds = known.Sums[witness.Sum].Unknowns.Where(u => known.Truth[u] > 0).ToList();
            foreach (var contributor in _tables[witness.LowTable].Moves.Union(_tables[witness.HighTable].Moves))
            {
                if (!holds.Exists(u => contributors.Of[u] != contributor))
                    continue;
                if (!touched.TryGetValue(contributor, out var cells))
                    touched[contributor] = cells = [];
                cells.Add(witness.Sum);
            }
        }

        return [.. touched.OrderBy(t => t.Key, StringComparer.Ordinal)];
    }

    /// <summary>Cells for which no two of the tables at hand would do that leave the contributor's own counts as they
    /// are.</summary>
    HashSet<int> NotServed(string contributor, List<int> cells, AttackerKnowledge known, CheckBudget budget)
    {
        List<WitnessTable> unseen = [.. _tables.Where(t => !t.Moves.Contains(contributor)).Select(t => t.Table)];
        var notServed = new HashSet<int>();
        foreach (var cell in cells)
        {
            budget.Token.ThrowIfCancellationRequested();
            var (low, high, sum) = (0L, 0L, known.Sums[cell]);
            for (var t = 0; t < unseen.Count && high - low < sum.Required.Width; t++)
            {
                var by = Moved(sum, unseen[t]);
                (low, high) = (Math.Min(low, by), Math.Max(high, by));
            }

            if (high - low < sum.Required.Width)
                notServed.Add(cell);
        }

        return notServed;
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
