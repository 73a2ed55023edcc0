namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// Sees to it that nobody who makes up an atom alone, and so knows it, learns a protected column by it. That happens
/// exactly when every way moves the two in the same proportion; two random differences tell the proportion, but for a
/// chance of 1 in 2^61.
/// </summary>
sealed class ContributorWatch
{
    readonly MergedProblem _problem;
    readonly NullSpace _space;
    readonly ulong[] _drawn;       // by way: how much of it is in the second random difference
    readonly Moves[] _ofAtoms;     // by atom of a single contributor
    readonly Moves[] _ofColumns;   // by protected column
    readonly Dictionary<ulong, List<int>> _atomsOf = [];
    readonly Dictionary<ulong, List<int>> _columnsOf = [];
    readonly List<(int Atom, Moves Before)> _changedAtoms = [];
    readonly List<(int Column, Moves Before)> _changedColumns = [];

    readonly record struct Moves(ulong First, ulong Second)
    {
        public bool IsKnown => First == 0 && Second == 0;

        public ulong Proportion => Second == 0
            ? MersenneField.Prime : MersenneField.Multiply(First, MersenneField.Inverse(Second));

        public Moves Less(ulong by, ulong first, ulong second) => new(
            MersenneField.Subtract(First, MersenneField.Multiply(by, first)),
            MersenneField.Subtract(Second, MersenneField.Multiply(by, second)));
    }

    public ContributorWatch(MergedProblem problem, NullSpace space)
    {
        (_problem, _space) = (problem, space);
        // Numbers that the first difference does not draw.
        _drawn = [.. Enumerable.Range(0, problem.AtomCount).Select(way => Fingerprint.FieldElement(~way))];
        _ofAtoms = new Moves[problem.AtomCount];
        _ofColumns = new Moves[problem.Columns.Length];
        for (var atom = 0; atom < problem.AtomCount; atom++)
        {
            if (problem.IsSingleContributor[atom])
                Place(atom, _ofAtoms[atom] = MovesOf([atom]), _atomsOf);
        }

        for (var column = 0; column < problem.Columns.Length; column++)
        {
            if (problem.Columns[column].IsProtected)
                Place(column, _ofColumns[column] = MovesOf(problem.Columns[column].Atoms), _columnsOf);
        }
    }

    /// <summary>Protected columns that a single contributor knows now.</summary>
    public IEnumerable<int> Known => _columnsOf.Values.SelectMany(columns => columns).Where(IsKnownToAnybody);

    /// <summary>Follows what is about to be shown.</summary>
    /// <param name="factor">How much of the way is taken out of the first random difference.</param>
    /// <param name="moved">The atoms that the way moves.</param>
    /// <param name="columns">The protected columns that it moves, and by how much.</param>
    /// <returns>Whether a contributor would know a protected column then; if so, take it back.</returns>
    public bool Follow(
        SparseRow reduced, int way, ulong factor, List<(int Atom, ulong By)> moved,
        IEnumerable<(int Column, ulong By)> columns)
    {
        var second = MersenneField.Multiply(SecondOf(reduced), MersenneField.Inverse(reduced[way]));
        _changedAtoms.Clear();
        _changedColumns.Clear();
        foreach (var (atom, by) in moved)
        {
            if (!_problem.IsSingleContributor[atom])
                continue;
            _changedAtoms.Add((atom, _ofAtoms[atom]));
            Replace(atom, _ofAtoms, _ofAtoms[atom].Less(by, factor, second), _atomsOf);
        }

        foreach (var (column, by) in columns)
        {
            _changedColumns.Add((column, _ofColumns[column]));
            Replace(column, _ofColumns, _ofColumns[column].Less(by, factor, second), _columnsOf);
        }

        return _changedColumns.Exists(changed => IsKnownToAnybody(changed.Column))
            || _changedAtoms.Exists(changed => TellsAnything(changed.Atom));
    }

    public void TakeBack()
    {
        foreach (var (atom, before) in _changedAtoms)
            Replace(atom, _ofAtoms, before, _atomsOf);
        foreach (var (column, before) in _changedColumns)
            Replace(column, _ofColumns, before, _columnsOf);
    }

    bool IsKnownToAnybody(int column) =>
        !_ofColumns[column].IsKnown
        && _atomsOf.TryGetValue(_ofColumns[column].Proportion, out var atoms)
        && atoms.Exists(atom => Tells(atom, column));

    bool TellsAnything(int atom) =>
        !_ofAtoms[atom].IsKnown
        && _columnsOf.TryGetValue(_ofAtoms[atom].Proportion, out var columns)
        && columns.Exists(column => Tells(atom, column));

    /// <summary>A column that is one's own and beside it public says nothing of others.</summary>
    bool Tells(int atom, int column) =>
        _ofAtoms[atom] != _ofColumns[column] || Array.BinarySearch(_problem.Columns[column].Atoms, atom) < 0;

    Moves MovesOf(ReadOnlySpan<int> atoms)
    {
        var reduced = new SparseRow();
        _space.Reduce(atoms, reduced, []);
        return new Moves(_space.DifferenceOf(reduced), SecondOf(reduced));
    }

    ulong SecondOf(SparseRow reduced)
    {
        var sum = 0UL;
        for (var i = 0; i < reduced.Count; i++)
            sum = MersenneField.Add(sum, MersenneField.Multiply(reduced.Coefficients[i], _drawn[reduced.At[i]]));
        return sum;
    }

    static void Replace(int at, Moves[] all, Moves moves, Dictionary<ulong, List<int>> byProportion)
    {
        if (!all[at].IsKnown)
            byProportion[all[at].Proportion].Remove(at);
        Place(at, all[at] = moves, byProportion);
    }

    static void Place(int at, Moves moves, Dictionary<ulong, List<int>> byProportion)
    {
        if (moves.IsKnown)
            return;
        if (!byProportion.TryGetValue(moves.Proportion, out var with))
            byProportion.Add(moves.Proportion, with = []);
        with.Add(at);
    }
}
