namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// In which order columns are offered for showing: what comes late is what is hidden. The fewest cells are hidden when
/// dear ones come first and cheap ones, which lie together, are left to hide each other; which rule among equals serves
/// a table best is not known beforehand, and so several are tried.
/// </summary>
static class CandidateOrder
{
    /// <summary>So much more counts what is around a column; measured on the tables of the synthetic county.</summary>
    static readonly double[] SurroundingWeights = [0, 0.1, 0.5];

    /// <summary>Each a different order of all columns that are neither protected nor forced.</summary>
    public static IEnumerable<int[]> AllOf(MergedProblem problem)
    {
        var surroundings = Surroundings(problem);
        foreach (var weight in SurroundingWeights)
        {
            // Columns of several cells first: each of these would be hidden at once.
            yield return Ordered(problem, column => (
                problem.Columns[column].CellCount,
                LogOf(problem.Columns[column].Cost) + (weight * surroundings[column])));
        }

        yield return Ordered(problem, column => (problem.Columns[column].Cost, surroundings[column]));
    }

    /// <summary>The shown of an earlier pattern before its hidden, each by what it would cost.</summary>
    public static int[] After(MergedProblem problem, bool[] wasHidden) => Ordered(problem, column => (
        wasHidden[column] ? 0 : problem.Columns[column].CellCount, LogOf(problem.Columns[column].Cost)));

    /// <summary>
    /// A neighbour of the same: one or two of the hidden are offered first, and one or two of the shown last. Numbered,
    /// so that every run tries the same.
    /// </summary>
    public static int[] Beside(MergedProblem problem, bool[] wasHidden, int number)
    {
        var order = After(problem, wasHidden);
        int[] hidden = [.. order.Where(column => wasHidden[column])];
        int[] shown = [.. order.Where(column => !wasHidden[column])];
        var first = Drawn(hidden, number, 0);
        var last = Drawn(shown, number, 2);
        return [.. first, .. order.Except(first).Except(last), .. last];
    }

    static HashSet<int> Drawn(int[] of, int number, int draw) => of.Length == 0 ? [] :
    [
        of[Fingerprint.Mix(((ulong)number * 4) + (ulong)draw) % (ulong)of.Length],
        of[Fingerprint.Mix(((ulong)number * 4) + (ulong)draw + 1) % (ulong)of.Length],
    ];

    static int[] Ordered<TFirst, TSecond>(MergedProblem problem, Func<int, (TFirst First, TSecond Second)> rank) =>
    [
        .. Enumerable.Range(0, problem.Columns.Length)
            .Where(column => problem.Columns[column] is { IsProtected: false, IsForcedShown: false })
            .Select(column => (Column: column, Rank: rank(column)))
            .OrderByDescending(candidate => candidate.Rank)
            .ThenByDescending(candidate => problem.Columns[candidate.Column].Atoms.Length)
            .Select(candidate => candidate.Column),
    ];

    /// <summary>By column, on the scale of <see cref="LogOf"/>: what all cells that share an atom with it would
    /// cost.</summary>
    static double[] Surroundings(MergedProblem problem)
    {
        var byAtom = new double[problem.AtomCount];
        foreach (var column in problem.Columns)
        {
            foreach (var atom in column.Atoms)
                byAtom[atom] += (column.Cost + 1.0) * column.CellCount;
        }

        return [.. problem.Columns.Select(column => LogOf(column.Atoms.Sum(atom => byAtom[atom])))];
    }

    static double LogOf(double cost) => Math.Log(Math.Max(0, cost) + 1);
}
