namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// A part of what is known that shares no unknown with the rest, in deviations: a column says by how much a count, or
/// several that nobody can tell apart, differs from the truth. All zero is the truth.
/// </summary>
sealed class Component
{
    public const long Unbounded = long.MaxValue;

    /// <summary>Where nothing is proved of how far a cell can move: no count comes near it.</summary>
    public const long Endless = 1L << 40;

    readonly int[][] _targetsOf;
    readonly long[] _moved;  // by target, while a table is looked at
    readonly List<int> _movedTargets = [];
    readonly bool[] _isMoved;
    readonly Dictionary<int, long> _sums = [];  // by row, while a table is looked at

    /// <param name="members">The unknowns of each column.</param>
    /// <param name="lower">Least deviation of each column: a count is never negative.</param>
    /// <param name="upper">Greatest; <see cref="Unbounded"/> where nothing says so directly.</param>
    public Component(
        int[][] members, long[] lower, long[] upper, IReadOnlyList<ReducedRow> rows, IReadOnlyList<Target> targets)
        : this(members, lower, upper, rows, targets, Index(members.Length, rows.Select(r => r.Columns)))
    {
    }

    Component(
        int[][] members, long[] lower, long[] upper, IReadOnlyList<ReducedRow> rows, IReadOnlyList<Target> targets,
        int[][] rowsOf)
    {
        (Members, Lower, Upper, Rows, Targets, RowsOf) = (members, lower, upper, rows, targets, rowsOf);
        _targetsOf = Index(members.Length, targets.Select(t => t.Columns));
        (_moved, _isMoved) = (new long[targets.Count], new bool[targets.Count]);
    }

    public int[][] Members { get; }

    public long[] Lower { get; }

    public long[] Upper { get; }

    public IReadOnlyList<ReducedRow> Rows { get; }

    public IReadOnlyList<Target> Targets { get; }

    /// <summary>By column.</summary>
    public int[][] RowsOf { get; }

    /// <summary>Least and greatest deviation of each unknown by itself.</summary>
    public required (long[] Lower, long[] Upper) OfUnknowns { get; init; }

    /// <summary>By column: the sums that its ends come from; -1 for its members alone.</summary>
    public required (int[] Lower, int[] Upper) EndsFrom { get; init; }

    public int Columns => Members.Length;

    /// <summary>Which ways the bounds of its columns leave to a protected cell.</summary>
    public (bool Down, bool Up) WaysOf(Target target)
    {
        var (down, up) = (false, false);
        foreach (var column in target.Columns)
            (down, up) = (down || Lower[column] < 0, up || Upper[column] > 0);
        return (down, up);
    }

    public IEnumerable<Target> Undecided => Targets.Where(t => t.IsOpen);

    /// <summary>The same with some of its targets, for a search of them alone.</summary>
    public Component For(IReadOnlyList<Target> targets) =>
        new(Members, Lower, Upper, Rows, targets, RowsOf) { OfUnknowns = OfUnknowns, EndsFrom = EndsFrom };

    /// <summary>
    /// Keeps a table when it agrees with what is known and moves a protected cell further than any before.
    /// </summary>
    /// <param name="columns">All that deviate; others may be among them.</param>
    public bool Learn(ReadOnlySpan<long> table, IEnumerable<int> columns, ProvedBy by)
    {
        var deviating = new List<int>();
        foreach (var column in columns)
        {
            if (table[column] == 0)
                continue;
            deviating.Add(column);
            foreach (var target in _targetsOf[column])
                Move(target, table[column]);
        }

        var further = _movedTargets.FindAll(t =>
            Targets[t].IsOpen && (_moved[t] < Targets[t].Low || _moved[t] > Targets[t].High));
        var isNew = further.Count > 0 && Agrees(table, deviating);
        if (isNew)
        {
            deviating.Sort();
            var kept = new ColumnTable([.. deviating], new long[deviating.Count]);
            for (var i = 0; i < deviating.Count; i++)
                kept.By[i] = table[deviating[i]];
            foreach (var target in further)
                Targets[target].Take(_moved[target], kept, this, by);
        }

        foreach (var target in _movedTargets)
            (_moved[target], _isMoved[target]) = (0, false);
        _movedTargets.Clear();
        return isNew;
    }

    void Move(int target, long by)
    {
        _moved[target] += by;
        if (_isMoved[target])
            return;
        _isMoved[target] = true;
        _movedTargets.Add(target);
    }

    /// <summary>Whole numbers, so there is no tolerance.</summary>
    bool Agrees(ReadOnlySpan<long> table, List<int> deviating)
    {
        _sums.Clear();
        foreach (var column in deviating)
        {
            if (table[column] < Lower[column] || table[column] > Upper[column])
                return false;
            foreach (var row in RowsOf[column])
                _sums[row] = _sums.GetValueOrDefault(row) + table[column];
        }

        foreach (var (row, sum) in _sums)
        {
            if (sum < Rows[row].Lo || sum > Rows[row].Hi)
                return false;
        }

        return true;
    }

    static int[][] Index(int columns, IEnumerable<int[]> sets)
    {
        var index = new List<int>[columns];
        for (var c = 0; c < columns; c++)
            index[c] = [];
        var position = 0;
        foreach (var set in sets)
        {
            foreach (var column in set)
                index[column].Add(position);
            position++;
        }

        return Array.ConvertAll(index, list => list.ToArray());
    }
}
