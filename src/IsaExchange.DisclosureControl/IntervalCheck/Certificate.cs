namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>Where the two tables of a protected cell stand.</summary>
/// <param name="Sum">Position of the cell among the known sums.</param>
public sealed record CellWitness(int Sum, int LowTable, int HighTable);

/// <summary>A table of counts, as what it differs from the true ones in. CONFIDENTIAL.</summary>
/// <param name="Unknowns">Ascending, each once: all others are as they truly are.</param>
/// <param name="Deviations">By how much each of them is greater, below zero: less.</param>
public sealed record WitnessTable(int[] Unknowns, long[] Deviations)
{
    public static WitnessTable Truth { get; } = new([], []);

    /// <summary>All of its counts.</summary>
    public long[] Counts(long[] truth)
    {
        var counts = (long[])truth.Clone();
        for (var i = 0; i < Unknowns.Length; i++)
            counts[Unknowns[i]] = checked(counts[Unknowns[i]] + Deviations[i]);
        return counts;
    }
}

/// <summary>
/// Tables of counts, each in agreement with everything known, and for each protected cell the two that lie far enough
/// apart. CONFIDENTIAL: close to the truth. Whoever has them and the published numbers can verify the claim by adding
/// up, without any solver.
/// </summary>
public sealed record Certificate(IReadOnlyList<WitnessTable> Tables, IReadOnlyList<CellWitness> Witnesses)
{
    public static Certificate Empty { get; } = new([WitnessTable.Truth], []);

    /// <summary>Components share no unknown, so a table of one of them agrees with everything known, and so do tables
    /// of several together.</summary>
    internal static Certificate Of(IReadOnlyList<ProtectedCell> cells)
    {
        List<WitnessTable> tables = [WitnessTable.Truth];
        var placeOf = new Dictionary<ColumnTable, int>(ReferenceEqualityComparer.Instance);
        var witnesses = cells.Where(c => c.Verdict == CellVerdict.Protected)
            .Select(c => new CellWitness(c.Sum, At(c, p => p.Low), At(c, p => p.High))).ToList();
        return new Certificate(tables, witnesses);

        int At(ProtectedCell cell, Func<WitnessPiece, ColumnTable> table)
        {
            var pieces = cell.Witness.Where(p => table(p).Columns.Length > 0).ToList();
            if (pieces.Count == 0)
                return 0;
            if (pieces.Count == 1 && placeOf.TryGetValue(table(pieces[0]), out var place))
                return place;
            tables.Add(Spread(pieces.ConvertAll(p => (p.Component, table(p)))));
            if (pieces.Count == 1)
                placeOf[table(pieces[0])] = tables.Count - 1;
            return tables.Count - 1;
        }
    }

    /// <summary>
    /// Nobody can tell the members of a column apart: each takes as much of its deviation as its own bounds allow.
    /// </summary>
    static WitnessTable Spread(List<(Component Component, ColumnTable Table)> pieces)
    {
        var deviations = new SortedDictionary<int, long>();
        foreach (var (component, table) in pieces)
        {
            var (lower, upper) = component.OfUnknowns;
            for (var i = 0; i < table.Columns.Length; i++)
            {
                var left = table.By[i];
                foreach (var unknown in component.Members[table.Columns[i]])
                {
                    var part = Math.Clamp(left, lower[unknown], upper[unknown]);
                    left -= part;
                    if (part != 0)
                        deviations[unknown] = part;
                }
            }
        }

        return new WitnessTable([.. deviations.Keys], [.. deviations.Values]);
    }

    /// <summary>
    /// Whether every protected cell has its witness: each table is added up against every known sum that it changes,
    /// and each cell's two values are compared. Whole numbers, no solver, no tolerance.
    /// </summary>
    /// <returns>The names of what does not hold; empty when all does.</returns>
    public IReadOnlyList<string> Verify(AttackerKnowledge known, CancellationToken ct = default)
    {
        var sums = known.Sums.Select(known.TrueSum).ToArray();
        var faults = new List<string>();
        for (var t = 0; t < Tables.Count; t++)
        {
            ct.ThrowIfCancellationRequested();
            if (!IsOfCounts(Tables[t], known.Truth))
                faults.Add($"table {t} is not one of counts");
            else if (Broken(Tables[t], known, sums) is { } broken)
                faults.Add($"table {t} does not agree with {broken.Name}");
        }

        if (faults.Count > 0)
            return faults;
        var byCell = Witnesses.DistinctBy(w => w.Sum).ToDictionary(w => w.Sum);
        for (var s = 0; s < sums.Length; s++)
        {
            ct.ThrowIfCancellationRequested();
            if (known.Sums[s].Required.IsRequired
                && (!byCell.TryGetValue(s, out var w) || !IsMet(known.Sums[s], sums[s], w)))
                faults.Add(WithoutWitness(known.Sums[s].Name));
        }

        return faults;
    }

    internal static string WithoutWitness(string name) => $"{name} has no witness";

    static bool IsOfCounts(WitnessTable table, long[] truth)
    {
        if (table.Unknowns.Length != table.Deviations.Length)
            return false;
        for (var i = 0; i < table.Unknowns.Length; i++)
        {
            var unknown = table.Unknowns[i];
            if (unknown <= (i == 0 ? -1 : table.Unknowns[i - 1]) || unknown >= truth.Length
                || truth[unknown] < -table.Deviations[i])
                return false;
        }

        return true;
    }

    /// <summary>A known sum that the table does not agree with; null: it agrees with all.</summary>
    /// <param name="sums">The true sum of each.</param>
    internal static KnownSum? Broken(WitnessTable table, AttackerKnowledge known, long[] sums)
    {
        var moved = new Dictionary<int, long>();
        for (var i = 0; i < table.Unknowns.Length; i++)
        {
            foreach (var sum in known.SumsOf[table.Unknowns[i]])
                moved[sum] = checked(moved.GetValueOrDefault(sum) + table.Deviations[i]);
        }

        foreach (var (sum, by) in moved)
        {
            var total = checked(sums[sum] + by);
            if (total < known.Sums[sum].Lo || total > (known.Sums[sum].Hi ?? long.MaxValue))
                return known.Sums[sum];
        }

        return null;
    }

    /// <summary>Which of the two tables has the smaller value is not believed either.</summary>
    bool IsMet(KnownSum sum, long truth, CellWitness witness)
    {
        var (one, other) = (truth + Moved(sum, witness.LowTable), truth + Moved(sum, witness.HighTable));
        return sum.Required.IsMet(Math.Min(one, other), Math.Max(one, other));
    }

    long Moved(KnownSum sum, int table)
    {
        var (unknowns, deviations) = (Tables[table].Unknowns, Tables[table].Deviations);
        var total = 0L;
        foreach (var unknown in sum.Unknowns)
        {
            if (Array.BinarySearch(unknowns, unknown) is >= 0 and var at)
                total = checked(total + deviations[at]);
        }

        return total;
    }
}
