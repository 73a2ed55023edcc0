namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// Shows one column after the other wherever no protected column then follows from what is shown. After Langsrud,
/// "Secondary Cell Suppression by Gaussian Elimination" (Privacy in Statistical Databases 2024), but done on the ways in
/// which the table can still differ: a protected column follows exactly when no way moves it.
/// </summary>
sealed class Elimination
{
    readonly MergedProblem _problem;
    readonly NullSpace _space;
    readonly int[][] _protectedWith;  // by atom: protected columns that hold it
    readonly ulong[] _protectedMoves; // by column: the random difference of a protected one
    readonly bool[] _isInMixedSum;    // by atom at its least count
    readonly ulong[] _touchedBy;      // by column, while a way is looked at
    readonly int[] _stamps;
    readonly List<int> _touched = [];
    readonly List<int> _scratch = [];
    readonly List<(int Atom, ulong By)> _moved = [];
    readonly SparseRow _reduced = new();
    int _stamp;

    public Elimination(MergedProblem problem)
    {
        _problem = problem;
        _space = new NullSpace(problem.AtomCount);
        _protectedMoves = new ulong[problem.Columns.Length];
        _isInMixedSum = new bool[problem.AtomCount];
        _touchedBy = new ulong[problem.Columns.Length];
        _stamps = new int[problem.Columns.Length];
        _protectedWith = ProtectedWith(problem);
        for (var column = 0; column < problem.Columns.Length; column++)
        {
            if (problem.Columns[column].IsProtected)
                _protectedMoves[column] = _space.DifferenceOf(problem.Columns[column].Atoms);
        }
    }

    /// <summary>Protected columns that follow from what was shown all the same.</summary>
    public IEnumerable<int> Revealed =>
        Enumerable.Range(0, _problem.Columns.Length)
            .Where(column => _problem.Columns[column].IsProtected && _protectedMoves[column] == 0);

    /// <summary>Shows it whatever follows from it.</summary>
    public void Force(ReadOnlySpan<int> atoms)
    {
        _space.Reduce(atoms, _reduced, _scratch);
        if (_reduced.Count == 0)
            return;
        var way = SmallestWay(out _);
        Touch(way);
        Show(way, atoms);
    }

    /// <summary>True when it is shown now, false when it must be hidden.</summary>
    public bool TryShow(ReadOnlySpan<int> atoms)
    {
        _space.Reduce(atoms, _reduced, _scratch);
        if (_reduced.Count == 0)
            return true;
        var way = SmallestWay(out var isOfLeastCounts);
        if (isOfLeastCounts && _reduced.Count > 1)
        {
            switch (MixedSigns.Of(_reduced.Coefficients))
            {
                case false:
                    return TryShowEach();
                case true when !IsApart():
                    return false;
            }
        }

        Touch(way);
        if (WouldReveal(way, atoms))
            return false;
        if (isOfLeastCounts && _reduced.Count > 1)
            MarkMixedSum();
        Show(way, atoms);
        return true;
    }

    /// <summary>A sum of atoms that all stand at their least count tells each of them.</summary>
    bool TryShowEach()
    {
        int[] ways = [.. _reduced.At];
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
            Force([way]);
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

    bool WouldReveal(int way, ReadOnlySpan<int> atoms)
    {
        var factor = FactorOf(way, atoms);
        foreach (var column in _touched)
        {
            if (_protectedMoves[column] == MersenneField.Multiply(factor, _touchedBy[column]))
                return true;
        }

        return false;
    }

    /// <summary>How much of the way must be taken out of the random difference for the sum not to move.</summary>
    ulong FactorOf(int way, ReadOnlySpan<int> atoms) => MersenneField.Multiply(
        _space.DifferenceOf(atoms), MersenneField.Inverse(_reduced[way]));

    void Show(int way, ReadOnlySpan<int> atoms)
    {
        var factor = FactorOf(way, atoms);
        foreach (var column in _touched)
        {
            _protectedMoves[column] = MersenneField.Subtract(
                _protectedMoves[column], MersenneField.Multiply(factor, _touchedBy[column]));
        }

        _space.Fix(_reduced, way, MersenneField.Inverse(_reduced[way]), _moved);
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

    /// <summary>
    /// Differences of atoms at their least counts tell none of them, and several that share no atom do not either.
    /// </summary>
    bool IsApart()
    {
        foreach (var way in _reduced.At)
        {
            if (_isInMixedSum[way])
                return false;
        }

        return true;
    }

    void MarkMixedSum()
    {
        foreach (var way in _reduced.At)
            _isInMixedSum[way] = true;
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

/// <summary>Signs in a field, where there are none: of fractions of small numbers.</summary>
static class MixedSigns
{
    const ulong Small = 1 << 20;
    const int DenominatorMax = 12;

    /// <summary>Whether some are positive and others negative; false when they are not, or cannot be told.</summary>
    public static bool Of(ReadOnlySpan<ulong> coefficients)
    {
        var scale = MersenneField.Inverse(coefficients[0]);
        for (ulong denominator = 1; denominator <= DenominatorMax; denominator++)
        {
            var factor = MersenneField.Multiply(scale, denominator);
            var (isWhole, isMixed) = (true, false);
            foreach (var coefficient in coefficients)
            {
                var whole = MersenneField.Multiply(coefficient, factor);
                var isNegative = whole >= MersenneField.Prime - Small;
                isWhole &= isNegative || whole <= Small;
                isMixed |= isNegative;
            }

            if (isWhole)
                return isMixed;
        }

        return false;
    }
}
