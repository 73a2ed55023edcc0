namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>What it would tell to learn the sum of atoms that stand at the least count they can have.</summary>
enum AtomBound : byte
{
    /// <summary>It has room below, or nobody can know that it has none.</summary>
    None,

    /// <summary>At its least count, and nothing to protect by itself: it may become known.</summary>
    Harmless,

    /// <summary>At its least count, and part of what is protected.</summary>
    Protected,
}

/// <summary>
/// Which merged atoms can only grow: those of 0, and where zeros are shown those of 1 that are a cell. A cell of 1 that
/// has several atoms can only grow as well; the one of them that is not 0 then stands for it.
/// </summary>
sealed record LeastCounts(AtomBound[] Bounds, int[][] Companions)
{
    public static LeastCounts Of(
        SuppressionProblem problem, int[] mergedOf, int count, List<MergedColumn> columns)
    {
        var values = ValuesOf(problem, mergedOf, count);
        var isProtected = new bool[count];
        var isLeast = new bool[count];
        foreach (var column in columns)
        {
            if (column.Atoms is [var single])
            {
                values[single] = column.Value;
                isLeast[single] = column.Value == 1 && problem.ZerosAreShown;
            }

            if (column.IsProtected && (column.Value == 0 || column.Atoms.Length == 1))
                Array.ForEach(column.Atoms, atom => isProtected[atom] = true);
        }

        var companions = new int[count][];
        Array.Fill(companions, []);
        foreach (var column in columns.Where(column => column is { Value: 1, Atoms.Length: > 1 }))
        {
            int[] others = [.. column.Atoms.Where(atom => values[atom] == 0)];
            if (others.Length != column.Atoms.Length - 1)
                continue;
            var one = column.Atoms.Except(others).Single();
            // An atom can stand for one cell only; what this leaves open, the interval check has to find.
            if (!problem.ZerosAreShown || isLeast[one] || values[one] != 1)
                continue;
            (isLeast[one], companions[one]) = (true, others);
            isProtected[one] |= column.IsProtected;
        }

        return new LeastCounts(
            [.. Enumerable.Range(0, count).Select(atom =>
                values[atom] != 0 && !isLeast[atom] ? AtomBound.None
                : isProtected[atom] ? AtomBound.Protected : AtomBound.Harmless)],
            companions);
    }

    static long?[] ValuesOf(SuppressionProblem problem, int[] mergedOf, int count)
    {
        var values = new long?[count];
        for (var atom = 0; atom < problem.AtomValues.Length; atom++)
        {
            if (mergedOf[atom] >= 0)
                values[mergedOf[atom]] = (values[mergedOf[atom]] ?? 0) + problem.AtomValues.Span[atom];
        }

        return values;
    }
}
