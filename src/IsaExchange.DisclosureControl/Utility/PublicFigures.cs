namespace IsaExchange.DisclosureControl.Utility;

/// <summary>How much is left open of published numbers of one size.</summary>
/// <param name="From">Least published value of the band.</param>
/// <param name="To">Greatest; null: there is none.</param>
/// <param name="Cells">So many have such a value and an end above.</param>
/// <param name="MeanWidth">Mean of greatest less least possible count, in events; 0 without cells.</param>
public sealed record WidthBand(long From, long? To, int Cells, double MeanWidth);

/// <summary>
/// What a published table is good for, made of published cells and of nothing else: whoever has the table can reckon
/// it, so it tells nothing more. What was measured against the counts is in <see cref="UtilityFigures"/>.
/// </summary>
/// <param name="Cells">All of the table, totals too.</param>
/// <param name="OfStatus">Of each status so many.</param>
public sealed record PublicFigures(
    int Cells, IReadOnlyDictionary<CellStatus, int> OfStatus, IReadOnlyList<WidthBand> Widths)
{
    static readonly (long From, long? To)[] Bands = [(0, 4), (5, 19), (20, 99), (100, null)];

    public static PublicFigures Of(PublishedTable table)
    {
        List<PublishedCell> cells = [.. table.Rows().Select(row => row.Cell)];
        return new PublicFigures(
            cells.Count,
            Enum.GetValues<CellStatus>().ToDictionary(s => s, s => cells.Count(c => c.Status == s)),
            [.. Bands.Select(band => WidthOf(band.From, band.To, cells))]);
    }

    /// <returns>From 0 to 100, to one place; of a table without cells 0.</returns>
    public decimal Percent(CellStatus status) =>
        Cells == 0 ? 0 : Math.Round(OfStatus[status] * 100m / Cells, 1, MidpointRounding.AwayFromZero);

    static WidthBand WidthOf(long from, long? to, IReadOnlyList<PublishedCell> cells)
    {
        var ofBand = cells.Where(c => c.Value >= from && c.Value <= (to ?? long.MaxValue) && c.Hi is not null);
        List<long> widths = [.. ofBand.Select(c => c.Hi!.Value - c.Lo)];
        return new WidthBand(from, to, widths.Count, widths.Count == 0 ? 0 : widths.Average());
    }
}
