namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>lo ≤ sum of the columns' deviations ≤ hi.</summary>
/// <param name="Sum">The known sum it comes from, whose parts that are known exactly are taken off.</param>
sealed record ReducedRow(int Sum, int[] Columns, long Lo, long Hi);

/// <summary>A table of a component, as the deviations of some columns; all others are as they truly are.</summary>
/// <param name="Columns">Ascending.</param>
sealed record ColumnTable(int[] Columns, long[] By)
{
    public static ColumnTable Truth { get; } = new([], []);
}

/// <summary>The two tables of a component between which a protected cell moves.</summary>
sealed record WitnessPiece(Component Component, ColumnTable Low, ColumnTable High);

/// <summary>How a protected cell was proved.</summary>
enum ProvedBy
{
    Nothing,

    /// <summary>By tables of an earlier check, which agree with what is known now too.</summary>
    Earlier,
    Walk,
    LinearProgram,
    Solver,
}

/// <summary>A protected cell, wherever its unknowns lie.</summary>
/// <param name="truth">What it truly counts.</param>
sealed class ProtectedCell(int sum, RequiredInterval required, long truth)
{
    public int Sum => sum;

    public RequiredInterval Required => required;

    /// <summary>The most that its least deviation may be, and the least that its greatest may.</summary>
    public (long Low, long High) Needed { get; } =
        (required.MustContainZero ? -truth : 0, Math.Max(0, required.MustReach - truth));

    public CellVerdict Verdict { get; set; } = CellVerdict.NotProved;

    public ProvedBy ProvedBy { get; set; }

    /// <summary>How far apart the two possible values are that were found.</summary>
    public long Found { get; private set; }

    public bool IsOpen => Verdict == CellVerdict.NotProved;

    /// <summary>What it has too little of, once that is proved.</summary>
    public RequiredPart Lacks { get; private set; }

    /// <summary>Which sums prove that it is known; empty unless it is.</summary>
    public IReadOnlyList<(int Sum, Rational Weight)> Proof { get; private set; } = [];

    /// <summary>The tables that move it apart; empty unless it is protected.</summary>
    public IReadOnlyList<WitnessPiece> Witness { get; private set; } = [];

    /// <summary>What deviations from one to another have too little of.</summary>
    public RequiredPart Lacking(long low, long high) => required.Lacking(truth + low, truth + high);

    public bool IsMet(long low, long high) => Lacking(low, high) == RequiredPart.Nothing;

    public void Protect(long found, ProvedBy by, IReadOnlyList<WitnessPiece> witness) =>
        (Verdict, Found, ProvedBy, Witness) = (CellVerdict.Protected, found, by, witness);

    public void Refuse(CellVerdict verdict, RequiredPart lacks, IReadOnlyList<(int, Rational)> proof) =>
        (Verdict, Lacks, Proof) = (verdict, lacks, proof);
}

/// <summary>
/// The part of a protected cell that can deviate within one component. Only whoever searches that component changes
/// it: a cell of several parts is judged between searches, so that nothing depends on which of them is faster.
/// </summary>
/// <param name="isPart">Other components hold the rest of it.</param>
sealed class Target(ProtectedCell cell, int[] columns, bool isPart)
{
    public ProtectedCell Cell => cell;

    public int[] Columns => columns;

    public bool IsPart => isPart;

    /// <summary>Whether it is worth being moved further.</summary>
    public bool IsOpen => cell.IsOpen && !(isPart && (cell.IsMet(Low, High) || Proved == (Low, High)));

    /// <summary>Which way it is to move next.</summary>
    public bool IsPulledUp { get; set; }

    /// <summary>What linear programming has reached so far, fractions included.</summary>
    public (double Low, double High) Reached { get; set; }

    public long Low { get; private set; }

    public long High { get; private set; }

    public ColumnTable LowTable { get; private set; } = ColumnTable.Truth;

    public ColumnTable HighTable { get; private set; } = ColumnTable.Truth;

    /// <summary>How far it can move at most, once that is proved, and by what.</summary>
    public (long Low, long High)? Proved { get; private set; }

    public IReadOnlyList<(int Sum, Rational Weight)> Proof { get; private set; } = [];

    /// <summary>Keeps a table that moves it further than any before.</summary>
    public void Take(long at, ColumnTable table, Component component, ProvedBy by)
    {
        if (at < Low)
            (Low, LowTable) = (at, table);
        else if (at > High)
            (High, HighTable) = (at, table);
        if (cell.IsOpen && !isPart && cell.IsMet(Low, High))
            cell.Protect(High - Low, by, [Piece(component)]);
    }

    public WitnessPiece Piece(Component component) => new(component, LowTable, HighTable);

    /// <summary>It can move no further than this: if that is too little, and there is no other part, the cell is
    /// refused.</summary>
    public void ProveEnds(long low, long high, CellVerdict verdict, IReadOnlyList<(int, Rational)> proof)
    {
        var lacks = cell.Lacking(low, high);
        if (isPart)
            (Proved, Proof) = ((low, high), proof);
        else if (lacks != RequiredPart.Nothing)
            cell.Refuse(verdict, lacks, proof);
    }
}
