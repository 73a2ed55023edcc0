namespace IsaExchange.DisclosureControl.Protection;

/// <summary>A rule from one count to what is said of it; what would tell another cell is not shown besides, under the
/// same mark.</summary>
sealed class CellByCellRegime(ExactCells exact, IDisclosureRegime rule) : ICellRegime
{
    public IReadOnlyList<PublishedCell> Publish(IReadOnlySet<int> hidden, CancellationToken ct)
    {
        var cells = exact.Counts.Select(rule.Publish).ToArray();

        // As soon as the mark can stand for any count, it says of none of them that it is small.
        if (hidden.Any(cell => cells[cell].Status != CellStatus.Few))
        {
            bool IsFew(int cell) => hidden.Contains(cell) || cells[cell].Status == CellStatus.Few;
            var least = Enumerable.Range(0, cells.Length).Any(i => IsFew(i) && exact.Counts[i] == 0) ? 0 : 1;
            var few = new PublishedCell(CellStatus.Few, null, least, null);
            for (var cell = 0; cell < cells.Length; cell++)
                cells[cell] = IsFew(cell) ? few : cells[cell];
        }

        return cells;
    }
}
