namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>Unknowns that nobody can tell apart become one column; rows that share a column, one component.</summary>
static class Components
{
    public static List<Component> Of(
        IReadOnlyList<ReducedRow> rows, IReadOnlyList<(ProtectedCell Cell, int[] Unknowns)> targets, long[] lower,
        long[] upper, bool[] settled, CancellationToken ct)
    {
        var columnOf = Merge(rows, targets, settled, ct, out var members);
        var reduced = rows.Select(r => r with { Columns = Distinct(r.Columns, columnOf) }).ToList();
        var root = Join(reduced, members.Count);
        var groups = Enumerable.Range(0, members.Count).GroupBy(c => root[c]).Select(g => g.ToArray()).ToList();
        var (componentOf, placeOf) = (new int[members.Count], new int[members.Count]);
        for (var g = 0; g < groups.Count; g++)
        {
            for (var c = 0; c < groups[g].Length; c++)
                (componentOf[groups[g][c]], placeOf[groups[g][c]]) = (g, c);
        }

        var ends = new ColumnEnds(members, lower, upper);
        reduced.RemoveAll(row => row.Columns is [var column] && ends.Take(column, row));
        var rowsOf = reduced.ToLookup(r => componentOf[r.Columns[0]]);
        var targetsOf = targets
            .Select(t => (t.Cell, Parts: Distinct(t.Unknowns, columnOf).GroupBy(c => componentOf[c]).ToList()))
            .SelectMany(t => t.Parts, (t, part) =>
                (Component: part.Key, t.Cell, Columns: part.ToArray(), IsPart: t.Parts.Count > 1))
            .ToLookup(t => t.Component);
        return [.. groups.Select((columns, g) => new Component(
            [.. columns.Select(c => members[c])],
            [.. columns.Select(c => ends.Lower[c])],
            [.. columns.Select(c => ends.Upper[c])],
            [.. rowsOf[g].Select(r => r with { Columns = Places(r.Columns) })],
            [.. targetsOf[g].Select(t => new Target(t.Cell, Places(t.Columns), t.IsPart))])
            {
                OfUnknowns = (lower, upper),
                EndsFrom = ([.. columns.Select(c => ends.LowerFrom[c])], [.. columns.Select(c => ends.UpperFrom[c])]),
            })
            .Where(c => c.Targets.Count > 0)];

        int[] Places(int[] columns) => Array.ConvertAll(columns, c => placeOf[c]);
    }

    /// <summary>How far columns deviate at most: by what their members can, and by sums of nothing but one
    /// column.</summary>
    sealed class ColumnEnds
    {
        public ColumnEnds(List<int[]> members, long[] lower, long[] upper)
        {
            Lower = [.. members.Select(m => m.Sum(u => lower[u]))];
            Upper = [.. members.Select(m => m.Any(u => upper[u] == Component.Unbounded)
                ? Component.Unbounded : m.Sum(u => upper[u]))];
            (LowerFrom, UpperFrom) = (new int[members.Count], new int[members.Count]);
            Array.Fill(LowerFrom, -1);
            Array.Fill(UpperFrom, -1);
        }

        public long[] Lower { get; }

        public long[] Upper { get; }

        /// <summary>By column: the sum that says so; -1 for its members.</summary>
        public int[] LowerFrom { get; }

        public int[] UpperFrom { get; }

        public bool Take(int column, ReducedRow row)
        {
            if (row.Lo > Lower[column])
                (Lower[column], LowerFrom[column]) = (row.Lo, row.Sum);
            if (row.Hi < Upper[column])
                (Upper[column], UpperFrom[column]) = (row.Hi, row.Sum);
            return true;
        }
    }

    /// <summary>Unknowns that stand in exactly the same rows and protected cells: only their sum matters.</summary>
    static int[] Merge(
        IReadOnlyList<ReducedRow> rows, IReadOnlyList<(ProtectedCell, int[] Unknowns)> targets, bool[] settled,
        CancellationToken ct, out List<int[]> members)
    {
        // Each set of unknowns splits the classes that it cuts: after all of them a class is what no set tells apart.
        var classOf = new int[settled.Length];
        var size = new List<int> { settled.Length };
        foreach (var set in rows.Select(r => r.Columns).Concat(targets.Select(t => t.Unknowns)))
        {
            ct.ThrowIfCancellationRequested();
            var cut = new Dictionary<int, List<int>>();
            foreach (var u in set)
                (cut.TryGetValue(classOf[u], out var list) ? list : cut[classOf[u]] = []).Add(u);
            foreach (var (old, inside) in cut)
            {
                if (inside.Count == size[old])
                    continue;
                size[old] -= inside.Count;
                foreach (var u in inside)
                    classOf[u] = size.Count;
                size.Add(inside.Count);
            }
        }

        var used = new bool[settled.Length];
        foreach (var set in rows.Select(r => r.Columns).Concat(targets.Select(t => t.Unknowns)))
        {
            foreach (var u in set)
                used[u] = true;
        }

        var groups = Enumerable.Range(0, settled.Length).Where(u => used[u] && !settled[u]).GroupBy(u => classOf[u]);
        members = [.. groups.Select(g => g.ToArray())];
        var columnOf = new int[settled.Length];
        Array.Fill(columnOf, -1);
        for (var c = 0; c < members.Count; c++)
        {
            foreach (var u in members[c])
                columnOf[u] = c;
        }

        return columnOf;
    }

    static int[] Distinct(int[] unknowns, int[] columnOf)
    {
        var columns = Array.ConvertAll(unknowns, u => columnOf[u]);
        Array.Sort(columns);
        var length = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            if (i == 0 || columns[i] != columns[i - 1])
                columns[length++] = columns[i];
        }

        return columns[..length];
    }

    static int[] Join(List<ReducedRow> rows, int columns)
    {
        var root = Enumerable.Range(0, columns).ToArray();
        int Find(int c)
        {
            while (root[c] != c)
                c = root[c] = root[root[c]];
            return c;
        }

        foreach (var row in rows)
        {
            var first = Find(row.Columns[0]);
            foreach (var column in row.Columns)
                root[Find(column)] = first;
        }

        for (var c = 0; c < columns; c++)
            root[c] = Find(c);
        return root;
    }
}
