using System.Text;
using CsCheck;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>A view moves published cells: it loses none, makes none, and adds none up.</summary>
public sealed class TableViewTests
{
    static readonly ReleaseTable s_table = ReleaseTableSample.Table;

    [Fact]
    public void FileOfARelease_IsReadBackAsItWasWritten()
    {
        Assert.Equal(["area", "month"], s_table.Dimensions);
        Assert.Equal(9, s_table.Rows.Count);
        Assert.Equal(["X1", "2026-02"], s_table.Rows[1].Codes);
        Assert.Equal(["X1, a place", "2026-02"], s_table.Rows[1].Titles);
        Assert.Equal(new PublishedCell(CellStatus.Few, null, 0, 7), s_table.Rows[1].Cell);
        Assert.Equal(PublishedCell.Missing, s_table.Rows[4].Cell);
        Assert.Equal(new PublishedCell(CellStatus.Shown, 0, 0, 0), s_table.Rows[3].Cell);
    }

    [Fact]
    public void FileThatIsNoTable_IsNone()
    {
        Assert.Null(ReleaseTable.Parse("coverage", "area,party,status,unexplained_queries,submissions\n"u8));
        Assert.Null(ReleaseTable.Parse("nothing", ""u8));
        Assert.Throws<InvalidDataException>(() => ReleaseTable.Parse("cut", Encoding.UTF8.GetBytes("area,area_tit")));
    }

    [Fact]
    public void WithoutAPivot_EachLineIsACell()
    {
        var view = View("area = X2", "");
        Assert.Empty(view.Columns);
        Assert.Equal(["X2 2026-01: 0", "X2 2026-02: [missing]", "X2 ALL: [missing]"], Lines(view));
    }

    [Fact]
    public void Pivot_LaysTheCodesOfADimensionInColumns()
    {
        var view = View("", "month");
        Assert.Equal(["area"], view.Dimensions);
        Assert.Equal(["2026-01", "2026-02", "ALL"], view.Columns.Select(c => c.Code));
        Assert.Equal(["X1: 10 [few] 15", "X2: 0 [missing] [missing]", "ALL: 5 [missing] [missing]"], Lines(view));
    }

    [Fact]
    public void CellThatTheFilterLeavesOut_IsNotInTheView_AndNoTotalTakesItsPlace()
    {
        var view = View("status != few AND month != ALL", "area");
        Assert.Equal(["month"], view.Dimensions);
        Assert.Equal(["2026-01: 10 0 5", "2026-02:  [missing] [missing]"], Lines(view));
    }

    [Theory]
    [InlineData("district")]
    [InlineData("status")]
    [InlineData("area_title")]
    public void PivotByWhatIsNoDimension_IsRefused(string pivot) => Assert.Equal(
        "UNKNOWN_DIMENSION", Assert.Throws<ExchangeException>(() => View("", pivot)).Reason);

    [Fact]
    public void PivotThatIsTooWide_IsRefused()
    {
        var refused = Assert.Throws<ExchangeException>(
            () => TableView.Of(s_table, TableFilter.Parse("", s_table), "month", 2));
        Assert.Equal("PIVOT_TOO_WIDE", refused.Reason);
        var narrow = TableView.Of(s_table, TableFilter.Parse("month != ALL", s_table), "month", 2);
        Assert.Equal(2, narrow.Columns.Count);
    }

    [Fact]
    public void EveryChosenCell_StandsOnceInTheView() => Gen.Select(
            Gen.Int[0, 3], Gen.Bool.Array[9]).Sample((pivot, chosen) =>
        {
            var wanted = s_table.Rows.Where((_, i) => chosen[i]).ToList();
            var filter = wanted.Count == 0
                ? "value > 1000000"
                : string.Join(" OR ", wanted.Select(r => $"(area = {r.Codes[0]} AND month = \"{r.Codes[1]}\")"));
            var by = pivot switch
            {
                0 => "",
                1 => "area",
                _ => "month",
            };
            var view = View(filter, by);
            var told = view.Rows.SelectMany(row => row.Cells.Select((cell, i) => (
                Codes: (string[])[.. row.Codes, .. view.Columns.Skip(i).Take(1).Select(c => c.Code)], cell)))
                .Where(x => x.cell is not null)
                .Select(x => $"{string.Join(' ', x.Codes.Order(StringComparer.Ordinal))} {x.cell}");
            Assert.Equal(
                wanted.Select(r => $"{string.Join(' ', r.Codes.Order(StringComparer.Ordinal))} {r.Cell}")
                    .Order(StringComparer.Ordinal),
                told.Order(StringComparer.Ordinal));
        });

    static TableView View(string filter, string pivot) =>
        TableView.Of(s_table, TableFilter.Parse(filter, s_table), pivot, 100);

    static IEnumerable<string> Lines(TableView view) => view.Rows.Select(
        row => $"{string.Join(' ', row.Codes)}: {string.Join(' ', row.Cells.Select(Shown))}");

    static string Shown(PublishedCell? cell) => cell is not { } said
        ? ""
        : said.Value?.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ?? $"[{said.Status.ToString().ToLowerInvariant()}]";
}
