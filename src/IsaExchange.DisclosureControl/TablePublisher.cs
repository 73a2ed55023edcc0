namespace IsaExchange.DisclosureControl;

/// <summary>The one way from exact counts to numbers that may be seen.</summary>
public static class TablePublisher
{
    /// <summary>
    /// Every cell by itself, totals from their exact sums: rounded rows need not add up.
    /// A missing cell is missing whatever the regime.
    /// </summary>
    public static PublishedTable Publish(ExactTable table, IDisclosureRegime regime)
    {
        var cells = new PublishedCell[table.CellCount];
        for (var cell = 0; cell < cells.Length; cell++)
            cells[cell] = table.IsMissing(cell) ? PublishedCell.Missing : regime.Publish(table.CountAt(cell));
        return new PublishedTable(table.Name, table.Dimensions, cells);
    }
}
