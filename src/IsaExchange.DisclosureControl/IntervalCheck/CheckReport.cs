namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>What the check says of one protected cell.</summary>
public enum CellVerdict
{
    /// <summary>Neither a witness nor a proof was found in the time: refused.</summary>
    NotProved,

    /// <summary>Two whole-number tables agree with everything known and lie far enough apart in this cell.</summary>
    Protected,

    /// <summary>It follows from what is known by subtraction: refused.</summary>
    Derived,

    /// <summary>What is known leaves too little between its bounds; the proof is verified in rational arithmetic:
    /// refused.</summary>
    Narrow,

    /// <summary>No whole-number table lies far enough from another, as a search of all has shown: refused.</summary>
    NarrowInWholeNumbers,
}

/// <summary>A protected cell that is not proved safe.</summary>
/// <param name="Because">In words, from names of published cells alone; no number.</param>
public sealed record RefusedCell(string Name, CellVerdict Verdict, string Because)
{
    /// <summary>Position of the cell among the known sums.</summary>
    public int Sum { get; init; }

    /// <summary>Positions of the known sums that the refusal rests on; empty where there is no proof.</summary>
    internal IReadOnlyList<int> Proof { get; init; } = [];
}

/// <summary>What a check has found. Names of cells and no counts.</summary>
/// <param name="ProtectedCells">How many were to be protected.</param>
/// <param name="NarrowestWidth">The least width among those proved, as far as the search went; 0 when none is.</param>
/// <param name="Tables">Number of witness tables.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record CheckReport(
    int PublishedCells, int ProtectedCells, IReadOnlyList<RefusedCell> Refused, long NarrowestWidth, int Tables,
    CheckFigures Figures, double Seconds)
{
    public bool IsSafe => Refused.Count == 0;
}

/// <summary>How the protected cells that have a witness came by it, each counted where that was. Those refused are in
/// none of these numbers.</summary>
/// <param name="ByWalk">Proved by steps between whole-number tables.</param>
/// <param name="ByLinearProgram">Proved by vertices of linear programs that are whole numbers.</param>
/// <param name="BySolver">Proved by the solver of whole-number programs.</param>
public sealed record CheckFigures(
    int Components, int Columns, int Rows, int ByWalk, int ByLinearProgram, int BySolver, int Seed, string Solver)
{
    /// <summary>Proved by tables that an earlier check had found.</summary>
    public int ByEarlierTables { get; init; }
}
