namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// Shows one column after the other wherever no protected column then follows from what is shown. After Langsrud,
/// "Secondary Cell Suppression by Gaussian Elimination" (Privacy in Statistical Databases 2024), but done on the ways
/// in which the table can still differ: a protected column follows exactly when no way moves it.
/// </summary>
sealed class Elimination
{
    readonly MergedProblem _problem;
    readonly NullSpace _space;
    readonly int[][] _protectedWith;  // by atom: protected columns that hold it
    readonly ulong[] _protectedMoves; // by column: the random difference of a protected one
    readonly LeastCountSums _leastCountSums;
    readonly ulong[] _touchedBy;      // by column, while a way is looked at
    readonly int[] _stamps;
    readonly List<int> _touched = [];
    readonly List<int> _scratch = [];
    readonly List<(int Atom, ulong By)> _moved = [];
    readonly SparseRow _reduced = new();
    readonly ContributorWatch? _watch;
    int _stamp;

    public Elimination(MergedProblem problem)
    {
        _problem = problem;
        _space = new NullSpace(problem.Companions);
        _protectedMoves = new ulong[problem.Columns.Length];
        _leastCountSums = new LeastCountSums(problem.AtomCount, problem.HidesDifferencesOfLeastCounts);
        _touchedBy = new ulong[problem.Columns.Length];
        _stamps = new int[problem.Columns.Length];
        _protectedWith = ProtectedWith(problem);
        for (var column = 0; column < problem.Columns.Length; column++)
        {
            if (problem.Columns[column].IsProtected)
                _protectedMoves[column] = _space.DifferenceOf(problem.Columns[column].Atoms);
        }

        if (problem.IsSingleContributor.Contains(true))
            _watch = new ContributorWatch(problem, _space);
    }

    /// <summary>Protected columns that follow from what was shown all the same.</summary>
    public IEnumerable<int> Revealed =>
        Enumerable.Range(0, _problem.Columns.Length)
            .Where(column => _problem.Columns[column].IsProtected && _protectedMoves[column] == 0)
            .Union(_watch?.Known ?? []);

    /// <summary>Shows it whatever follows from it.</summary>
    public void Force(ReadOnlySpan<int> atoms)
    {
        _space.Reduce(atoms, _reduced, _scratch);
        if (_reduced.Count == 0)
            return;
        var way = SmallestWay(out _);
        Touch(way);
        Follow(way);
        Show(way);
    }

    /// <summary>True when it is shown now, false when it must be hidden.</summary>
    public bool TryShow(ReadOnlySpan<int> atoms)
    {
        _space.Reduce(atoms, _reduced, _scratch);
        if (_reduced.Count == 0)
            return true;
        var way = SmallestWay(out var isOfLeastCounts);
        if (isOfLeastCounts && _reduced.Count > 1 && !MixedSigns.Of(_reduced.Coefficients))
            return TryShowEach();
        if (isOfLeastCounts && _leastCountSums.Refuses(_reduced.At))
            return false;
        Touch(way);
        if (WouldReveal(way))
            return false;
        if (Follow(way))
        {
            _watch!.TakeBack();
            return false;
        }

        if (isOfLeastCounts && _reduced.Count > 1)
            _leastCountSums.AddDifference(_reduced.At);
        Show(way);
        return true;
    }

    /// <summary>A sum of atoms that all stand at their least count tells each of them.</summary>
    bool TryShowEach()
    {
        int[] ways = [.. _reduced.At];
        // What contributors would learn is looked at for one way at a time only; and a difference of which a part
        // becomes known may be a sum.
        if (_watch is not null || _leastCountSums.AnyHolds(ways))
            return false;
        if (Array.Exists(ways, way => _problem.Bounds[way] == AtomBound.Protected))
            return false;
        _touched.Clear();
        _stamp++;
        foreach (var way in ways)
        {
            _space.MovedBy(way, _moved);
            foreach (var (atom, by) in _moved)
                TouchAll(atom, MersenneField.Multiply(by, _space.DrawnOf(way)));
        }

        if (_touched.Exists(column => _protectedMoves[column] == _touchedBy[column]))
            return false;
        foreach (var way in ways)
        {
            _reduced.Clear();
            _reduced.Append(way, 1);
            Touch(way);
            Show(way);
        }

        return true;
    }

    void Touch(int way)
    {
        _space.MovedBy(way, _moved);
        _touched.Clear();
        _stamp++;
        foreach (var (atom, by) in _moved)
            TouchAll(atom, by);
    }

    void TouchAll(int atom, ulong by)
    {
        foreach (var column in _protectedWith[atom])
        {
            if (_stamps[column] != _stamp)
            {
                _stamps[column] = _stamp;
                _touchedBy[column] = 0;
                _touched.Add(column);
            }

            _touchedBy[column] = MersenneField.Add(_touchedBy[column], by);
        }
    }

    bool WouldReveal(int way)
    {
        var factor = FactorOf(way);
        foreach (var column in _touched)
        {
            if (_protectedMoves[column] == MersenneField.Multiply(factor, _touchedBy[column]))
                return true;
        }

        return false;
    }

    /// <summary>Whether a contributor would know a protected column.</summary>
    bool Follow(int way) => _watch?.Follow(
        _reduced, way, FactorOf(way), _moved, _touched.Select(column => (column, _touchedBy[column]))) ?? false;

    /// <summary>How much of the way must be taken out of the random difference for the sum not to move.</summary>
    ulong FactorOf(int way) => MersenneField.Multiply(
        _space.DifferenceOf(_reduced), MersenneField.Inverse(_reduced[way]));

    void Show(int way)
    {
        var factor = FactorOf(way);
        foreach (var column in _touched)
        {
            _protectedMoves[column] = MersenneField.Subtract(
                _protectedMoves[column], MersenneField.Multiply(factor, _touchedBy[column]));
        }

        _space.Fix(_reduced, way, _moved);
    }

    /// <summary>
    /// The way that is cheapest to do without; one of an atom at its least count only when there is no other, so that
    /// a sum of such atoms alone is seen as what it is.
    /// </summary>
    int SmallestWay(out bool isOfLeastCounts)
    {
        var (best, bestSize) = (-1, int.MaxValue);
        isOfLeastCounts = true;
        foreach (var way in _reduced.At)
        {
            var isLeast = _problem.Bounds[way] != AtomBound.None;
            if (isLeast && !isOfLeastCounts)
                continue;
            if (isLeast == isOfLeastCounts && _space.SizeOf(way) >= bestSize)
                continue;
            (best, bestSize, isOfLeastCounts) = (way, _space.SizeOf(way), isLeast);
        }

        return best;
    }

    static int[][] ProtectedWith(MergedProblem problem)
    {
        var counts = new int[problem.AtomCount];
        var isProtected = problem.Columns.Where(column => column.IsProtected).ToArray();
        foreach (var column in isProtected)
        {
            foreach (var atom in column.Atoms)
                counts[atom]++;
        }

        int[][] with = [.. counts.Select(count => new int[count])];
        for (var column = 0; column < problem.Columns.Length; column++)
        {
            if (!problem.Columns[column].IsProtected)
                continue;
            foreach (var atom in problem.Columns[column].Atoms)
                with[atom][--counts[atom]] = column;
        }

        return with;
    }
}
