namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// A part of what is known that shares no unknown with the rest, in deviations: a column says by how much a count, or
/// several that nobody can tell apart, differs from the truth. All zero is the truth.
/// </summary>
/// <param name="Members">The unknowns of each column.</param>
/// <param name="Lower">Least deviation of each column: a count is never negative.</param>
/// <param name="Upper">Greatest; <see cref="Unbounded"/> where nothing says so directly.</param>
sealed record Component(
    int[][] Members, long[] Lower, long[] Upper, IReadOnlyList<ReducedRow> Rows, IReadOnlyList<Target> Targets)
{
    public const long Unbounded = long.MaxValue;

    /// <summary>Least and greatest deviation of each unknown by itself.</summary>
    public required (long[] Lower, long[] Upper) OfUnknowns { get; init; }

    public int Columns => Members.Length;

    /// <summary>Position of the first table after the truth among all tables of a certificate, less 1.</summary>
    public int FirstTable { get; set; }

    /// <summary>Tables that agree with everything known, as deviations by column; the first is the truth.</summary>
    public List<long[]> Tables { get; } = [new long[Members.Length]];

    public IEnumerable<Target> Undecided => Targets.Where(t => t.Cell.IsOpen);

    /// <summary>
    /// Keeps a table when it moves a protected cell further than any before. Whoever calls has made sure that it
    /// agrees with what is known.
    /// </summary>
    public bool Learn(ReadOnlySpan<long> table)
    {
        var isNew = false;
        foreach (var target in Targets)
        {
            var at = 0L;
            foreach (var column in target.Columns)
                at += table[column];
            isNew |= target.Saw(at, Tables.Count);
        }

        if (!isNew)
            return false;
        Tables.Add(table.ToArray());
        foreach (var target in Targets)
            target.Decide(this);
        return true;
    }

    /// <summary>Whole numbers, so there is no tolerance.</summary>
    public bool Agrees(ReadOnlySpan<long> table)
    {
        for (var c = 0; c < table.Length; c++)
        {
            if (table[c] < Lower[c] || table[c] > Upper[c])
                return false;
        }

        foreach (var row in Rows)
        {
            var sum = 0L;
            foreach (var column in row.Columns)
                sum += table[column];
            if (sum < row.Lo || sum > row.Hi)
                return false;
        }

        return true;
    }
}

/// <summary>lo ≤ sum of the columns' deviations ≤ hi.</summary>
/// <param name="Sum">The known sum it comes from, whose parts that are known exactly are taken off.</param>
sealed record ReducedRow(int Sum, int[] Columns, long Lo, long Hi);

/// <summary>A protected cell, wherever its unknowns lie.</summary>
sealed class ProtectedCell(int sum, int width)
{
    public int Sum => sum;

    public int Width => width;

    public CellVerdict Verdict { get; set; } = CellVerdict.NotProved;

    /// <summary>How far apart the two possible values are that were found.</summary>
    public long Found { get; set; }

    public bool IsOpen => Verdict == CellVerdict.NotProved;

    /// <summary>Which sums prove that it is known; empty unless it is.</summary>
    public IReadOnlyList<(int Sum, Rational Weight)> Proof { get; set; } = [];

    /// <summary>The tables that move it apart; empty unless it is protected.</summary>
    public IReadOnlyList<WitnessPiece> Witness { get; set; } = [];

    /// <summary>Several components move it: a witness leaves those at the truth that are no piece of it.</summary>
    public bool IsSpread { get; set; }
}

/// <summary>Two tables of one component, by position among its own.</summary>
sealed record WitnessPiece(Component Component, int LowTable, int HighTable);

/// <summary>The part of a protected cell that can deviate within one component.</summary>
/// <param name="isPart">Other components hold the rest of it.</param>
sealed class Target(ProtectedCell cell, int[] columns, bool isPart)
{
    long _low;
    long _high;
    int _lowTable;
    int _highTable;

    public ProtectedCell Cell => cell;

    public int[] Columns => columns;

    /// <summary>Which way it is to move next.</summary>
    public bool IsPulledUp { get; set; }

    /// <summary>What linear programming has reached so far, fractions included.</summary>
    public (double Low, double High) Reached { get; set; }

    public bool IsPart => isPart;

    /// <summary>How far it can move at most, once that is proved.</summary>
    public long? Proved { get; set; }

    public long Low => _low;

    public long High => _high;

    /// <returns>Whether the value lies outside all before, and is still needed.</returns>
    public bool Saw(long at, int table)
    {
        if (!cell.IsOpen || (at >= _low && at <= _high))
            return false;
        if (at < _low)
            (_low, _lowTable) = (at, table);
        else
            (_high, _highTable) = (at, table);
        return true;
    }

    /// <summary>Once two tables lie far enough apart the cell is protected.</summary>
    public void Decide(Component component)
    {
        var found = _high - _low;
        if (found < cell.Width)
            return;

        // Components are searched side by side, and several may hold the cell.
        lock (cell)
        {
            if (!cell.IsOpen)
                return;
            (cell.Found, cell.Witness, cell.IsSpread) = (found, [Piece(component)], isPart);
            cell.Verdict = CellVerdict.Protected;
        }
    }

    public WitnessPiece Piece(Component component) => new(component, _lowTable, _highTable);

    /// <summary>It cannot move so far as its cell must: with no other part the cell is refused.</summary>
    public void ProveNarrow(long width, CellVerdict verdict)
    {
        Proved = width;
        if (!isPart)
            cell.Verdict = verdict;
    }
}
