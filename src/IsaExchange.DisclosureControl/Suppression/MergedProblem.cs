namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// The problem without what says the same twice: atoms that are known to be 0 are left out, atoms that occur in the
/// same cells are one, and cells of the same atoms are one column and share their fate.
/// </summary>
sealed class MergedProblem
{
    readonly int[] _columnOfCell;

    MergedProblem(
        int[] columnOfCell, MergedColumn[] columns, int[][] publicSums, LeastCounts leastCounts, bool[] isSingle)
    {
        _columnOfCell = columnOfCell;
        Columns = columns;
        PublicSums = publicSums;
        (Bounds, Companions) = (leastCounts.Bounds, leastCounts.Companions);
        IsSingleContributor = isSingle;
    }

    public int AtomCount => Bounds.Length;

    public MergedColumn[] Columns { get; }

    public int[][] PublicSums { get; }

    /// <summary>By atom.</summary>
    public AtomBound[] Bounds { get; }

    /// <summary>By atom: atoms of 0 that are one cell of 1 together with it. It can move only as they do not.</summary>
    public int[][] Companions { get; }

    /// <summary>By atom.</summary>
    public bool[] IsSingleContributor { get; }

    public bool HidesDifferencesOfLeastCounts { get; private init; }

    public int ColumnOf(int cell) => _columnOfCell[cell];

    /// <summary>Indices of the protected cells in these columns, ascending.</summary>
    public int[] ProtectedCells(SuppressionProblem problem, ISet<int> columns) =>
        [.. Enumerable.Range(0, _columnOfCell.Length)
            .Where(cell => problem.Cells[cell].IsProtected && columns.Contains(_columnOfCell[cell]))];

    /// <exception cref="ArgumentException">Atoms out of range, or not ascending.</exception>
    public static MergedProblem Of(SuppressionProblem problem)
    {
        Check(problem);
        var isZero = ZeroAtoms(problem);
        var mergedOf = MergeAtoms(problem, isZero, out var count);
        var columns = new List<MergedColumn>();
        var byAtoms = new Dictionary<UInt128, int>();
        var columnOfCell = new int[problem.Cells.Count];
        for (var cell = 0; cell < columnOfCell.Length; cell++)
        {
            var atoms = Merged(problem.Cells[cell].Atoms.Span, mergedOf);
            var signature = Fingerprint.Of(atoms);
            if (!byAtoms.TryGetValue(signature, out var column))
            {
                byAtoms.Add(signature, column = columns.Count);
                columns.Add(new MergedColumn(atoms));
            }

            columns[column].Take(problem.Cells[cell]);
            columnOfCell[cell] = column;
        }

        int[][] publicSums = [.. problem.AlreadyPublic.Select(sum => Merged(sum.Atoms.Span, mergedOf))];
        var isSingle = new bool[count];
        foreach (var atom in problem.SingleContributorAtoms)
        {
            if (mergedOf[atom] >= 0)
                isSingle[mergedOf[atom]] = true;
        }

        return new MergedProblem(
            columnOfCell, [.. columns], publicSums,
            LeastCounts.Of(problem, mergedOf, count, columns), isSingle)
        {
            HidesDifferencesOfLeastCounts = problem.HidesDifferencesOfLeastCounts,
        };
    }

    static void Check(SuppressionProblem problem)
    {
        foreach (var atoms in problem.Cells.Select(c => c.Atoms).Concat(problem.AlreadyPublic.Select(s => s.Atoms)))
        {
            var last = -1;
            foreach (var atom in atoms.Span)
            {
                if (atom <= last || atom >= problem.AtomCount)
                    throw new ArgumentException("Atoms must be ascending numbers below the count.", nameof(problem));
                last = atom;
            }
        }

        if (problem.AtomValues.Length != 0 && problem.AtomValues.Length != problem.AtomCount)
            throw new ArgumentException("One value for each atom, or none.", nameof(problem));
    }

    /// <summary>A zero that is shown says that each of its atoms is 0.</summary>
    static bool[] ZeroAtoms(SuppressionProblem problem)
    {
        var isProtectedZero = new bool[problem.AtomCount];
        foreach (var cell in problem.Cells.Where(cell => cell.IsProtected && cell.Value == 0))
            Mark(cell.Atoms.Span, isProtectedZero);
        var isZero = new bool[problem.AtomCount];
        foreach (var sum in problem.AlreadyPublic.Where(sum => sum.Value == 0))
            Mark(sum.Atoms.Span, isZero);
        foreach (var cell in problem.Cells.Where(cell => cell.Value == 0 && !cell.IsProtected))
        {
            // A zero that would tell of a protected one is offered like any other cell, and comes last.
            if (cell.IsForcedShown || (problem.ZerosAreShown && !AnyOf(cell.Atoms.Span, isProtectedZero)))
                Mark(cell.Atoms.Span, isZero);
        }

        return isZero;
    }

    static int[] MergeAtoms(SuppressionProblem problem, bool[] isZero, out int count)
    {
        var signatures = new UInt128[problem.AtomCount];
        var number = 0;
        foreach (var atoms in problem.Cells.Select(c => c.Atoms).Concat(problem.AlreadyPublic.Select(s => s.Atoms)))
        {
            var mark = Fingerprint.OfNumber(number++);
            foreach (var atom in atoms.Span)
                signatures[atom] += mark;
        }

        // Who knows their own atom does not know the other one of the same cells.
        foreach (var atom in problem.SingleContributorAtoms)
            signatures[atom] += Fingerprint.OfNumber(number++);
        var mergedOf = new int[problem.AtomCount];
        var known = new Dictionary<UInt128, int>();
        for (var atom = 0; atom < mergedOf.Length; atom++)
        {
            if (isZero[atom] || signatures[atom] == 0)
                mergedOf[atom] = -1;
            else if (!known.TryGetValue(signatures[atom], out mergedOf[atom]))
                known.Add(signatures[atom], mergedOf[atom] = known.Count);
        }

        count = known.Count;
        return mergedOf;
    }

    static int[] Merged(ReadOnlySpan<int> atoms, int[] mergedOf)
    {
        var merged = new List<int>(atoms.Length);
        foreach (var atom in atoms)
        {
            if (mergedOf[atom] >= 0)
                merged.Add(mergedOf[atom]);
        }

        merged.Sort();
        return [.. merged.Distinct()];
    }

    static void Mark(ReadOnlySpan<int> atoms, bool[] marks)
    {
        foreach (var atom in atoms)
            marks[atom] = true;
    }

    static bool AnyOf(ReadOnlySpan<int> atoms, bool[] marks)
    {
        foreach (var atom in atoms)
        {
            if (marks[atom])
                return true;
        }

        return false;
    }
}

/// <summary>All cells of the same atoms.</summary>
sealed class MergedColumn(int[] atoms)
{
    public int[] Atoms { get; } = atoms;

    public long Value { get; private set; }

    /// <summary>Of all its cells together.</summary>
    public long Cost { get; private set; }

    public int CellCount { get; private set; }

    public int UnprotectedCount { get; private set; }

    public bool IsProtected { get; private set; }

    public bool IsForcedShown { get; private set; }

    public void Take(SuppressionCell cell)
    {
        Value = cell.Value;
        Cost = Math.Max(Cost, cell.Cost);
        CellCount++;
        IsProtected |= cell.IsProtected;
        UnprotectedCount += cell.IsProtected ? 0 : 1;
        IsForcedShown |= cell.IsForcedShown;
    }
}
