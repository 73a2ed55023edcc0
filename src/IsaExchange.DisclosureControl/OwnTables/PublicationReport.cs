using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.OwnTables;

/// <summary>What the check of own tables found. Names of cells and no counts.</summary>
/// <param name="Faults">Why there was no check; empty when there was one.</param>
/// <param name="Check">Null when there was none.</param>
/// <param name="Refused">Cells that the publication would tell.</param>
/// <param name="PublicAlready">Cells that can be told from the outside tables alone: these tables are not to
/// blame.</param>
public sealed record PublicationReport(
    IReadOnlyList<TableFault> Faults, CheckReport? Check, IReadOnlyList<RefusedCell> Refused,
    IReadOnlyList<RefusedCell> PublicAlready)
{
    public bool IsSafe => Check is not null && Refused.Count == 0;

    /// <summary>Nothing was found to tell a cell; some were not decided in the time.</summary>
    public bool IsUndecided => Refused.Count > 0 && Refused.All(cell => cell.Verdict == CellVerdict.NotProved);
}
