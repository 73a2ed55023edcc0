namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>Where the two tables of a protected cell stand.</summary>
/// <param name="Sum">Position of the cell among the known sums.</param>
public sealed record CellWitness(int Sum, int LowTable, int HighTable);

/// <summary>
/// Tables of counts by unknown, each in agreement with everything known, and for each protected cell the two that lie
/// far enough apart. CONFIDENTIAL: close to the truth. Whoever has them and the published numbers can verify the claim
/// by adding up, without any solver.
/// </summary>
public sealed record Certificate(IReadOnlyList<long[]> Tables, IReadOnlyList<CellWitness> Witnesses)
{
    /// <summary>
    /// Components share no unknown, so the n-th tables of all of them together agree with everything known.
    /// </summary>
    internal static Certificate Of(
        AttackerKnowledge known, IReadOnlyList<IReadOnlyList<Component>> passes, IReadOnlyList<ProtectedCell> cells)
    {
        var tables = new List<long[]> { (long[])known.Truth.Clone() };
        foreach (var pass in passes)
        {
            var first = tables.Count - 1;
            foreach (var component in pass)
            {
                component.FirstTable = first;
                while (tables.Count < first + component.Tables.Count)
                    tables.Add((long[])known.Truth.Clone());
                for (var t = 1; t < component.Tables.Count; t++)
                    Spread(component, component.Tables[t], tables[first + t]);
            }
        }

        var witnesses = cells.Where(c => c.Witness.Count > 0)
            .Select(c => new CellWitness(c.Sum, At(c, p => p.LowTable), At(c, p => p.HighTable))).ToList();
        return new Certificate(tables, witnesses);

        int At(ProtectedCell cell, Func<WitnessPiece, int> table)
        {
            if (cell.Witness.All(p => table(p) == 0))
                return 0;
            if (!cell.IsSpread)
                return cell.Witness[0].Component.FirstTable + table(cell.Witness[0]);
            tables.Add((long[])known.Truth.Clone());
            foreach (var piece in cell.Witness)
                Spread(piece.Component, piece.Component.Tables[table(piece)], tables[^1]);
            return tables.Count - 1;
        }
    }

    /// <summary>
    /// Nobody can tell the members of a column apart: each takes as much of its deviation as its own bounds allow.
    /// </summary>
    static void Spread(Component component, long[] deviations, long[] table)
    {
        var (lower, upper) = component.OfUnknowns;
        for (var c = 0; c < deviations.Length; c++)
        {
            var left = deviations[c];
            for (var m = 0; left != 0 && m < component.Members[c].Length; m++)
            {
                var unknown = component.Members[c][m];
                var part = Math.Clamp(left, lower[unknown], upper[unknown]);
                (table[unknown], left) = (table[unknown] + part, left - part);
            }
        }
    }

    /// <summary>
    /// Whether every protected cell has its witness: each table is added up against every known sum, and each cell's
    /// two values are compared. Whole numbers, no solver, no tolerance.
    /// </summary>
    /// <returns>The names of what does not hold; empty when all does.</returns>
    public IReadOnlyList<string> Verify(AttackerKnowledge known)
    {
        var faults = new List<string>();
        for (var t = 0; t < Tables.Count; t++)
        {
            if (Array.Exists(Tables[t], n => n < 0) || Tables[t].Length != known.Truth.Length)
                faults.Add($"table {t} is not one of counts");
            else if (known.Sums.FirstOrDefault(s => !Holds(s, Tables[t])) is { } broken)
                faults.Add($"table {t} does not agree with {broken.Name}");
        }

        if (faults.Count > 0)
            return faults;
        var byCell = Witnesses.DistinctBy(w => w.Sum).ToDictionary(w => w.Sum);
        for (var s = 0; s < known.Sums.Count; s++)
        {
            if (known.Sums[s].ProtectedWidth > 0 && (!byCell.TryGetValue(s, out var w) || !IsWide(known.Sums[s], w)))
                faults.Add(WithoutWitness(known.Sums[s].Name));
        }

        return faults;
    }

    internal static string WithoutWitness(string name) => $"{name} has no witness";

    bool IsWide(KnownSum sum, CellWitness witness) =>
        Math.Abs(Add(sum, Tables[witness.HighTable]) - Add(sum, Tables[witness.LowTable])) >= sum.ProtectedWidth;

    static bool Holds(KnownSum sum, long[] table) =>
        Add(sum, table) is var total && total >= sum.Lo && total <= (sum.Hi ?? long.MaxValue);

    static long Add(KnownSum sum, long[] table)
    {
        var total = 0L;
        foreach (var unknown in sum.Unknowns)
            total = checked(total + table[unknown]);
        return total;
    }
}
