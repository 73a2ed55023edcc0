using IsaExchange.DisclosureControl;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl;

public class TablePublisherTests
{
    static readonly IDisclosureRegime Nhs = DisclosureRegimes.Find("nhs-2018")!;

    [Fact]
    public void Rows_AreTheCompleteGridWithEachTotalAfterItsCodes()
    {
        var rows = TablePublisher.Publish(TwoByTwo(), Nhs).Rows().ToArray();

        Assert.Equal(
            ["E1|asb", "E1|theft", "E1|_T", "E2|asb", "E2|theft", "E2|_T", "_T|asb", "_T|theft", "_T|_T"],
            rows.Select(row => string.Join('|', row.Codes)));
        Assert.Equal(["Hart", "Total"], rows[2].Titles);
    }

    [Fact]
    public void Totals_AreRoundedFromExactSumsNotSummedFromRoundedCells()
    {
        var table = TwoByTwo();
        table.Add([0, 0], 12);
        table.Add([0, 1], 12);
        table.Add([1, 0], 3);
        table.Add([1, 1], 4);

        // 12 publishes as 10, but 12 + 12 as 25; 3 and 4 are few, and so is their sum; all 31 publish as 30.
        Assert.Equal([10, 10, 25, null, null, null, 15, 15, 30],
            TablePublisher.Publish(table, Nhs).Rows().Select(row => row.Cell.Value));
    }

    [Fact]
    public void MissingArea_MakesItsCellsAndEveryTotalOverItMissing()
    {
        var table = TwoByTwo();
        table.Add([0, 0], 20);
        table.Add([1, 1], 30);
        table.MarkMissing(dimension: 0, code: 1);

        var missing = TablePublisher.Publish(table, Nhs).Rows().Where(row => row.Cell.Status == CellStatus.Missing);
        Assert.Equal(["E2|asb", "E2|theft", "E2|_T", "_T|asb", "_T|theft", "_T|_T"],
            missing.Select(row => string.Join('|', row.Codes)));
        Assert.All(missing, row => Assert.Equal(new PublishedCell(CellStatus.Missing, null, 0, null), row.Cell));
    }

    [Fact]
    public void Statements_SayWhatTheRowsSay()
    {
        var table = TwoByTwo();
        table.Add([0, 0], 6);
        table.Add([0, 1], 8);
        var statements = Statement.Of(TablePublisher.Publish(table, Nhs)).ToArray();

        Assert.Equal(table.CellCount, statements.Length);
        Assert.Equal(new Statement("by-area", "E1|asb", CellStatus.Few, null, 1, 7), statements[0]);
        Assert.Equal(new Statement("by-area", "E1|theft", CellStatus.Rounded, 10, 8, 12), statements[1]);
        Assert.Equal(new Statement("by-area", "E2|asb", CellStatus.Shown, 0, 0, 0), statements[3]);
    }

    static ExactTable TwoByTwo() => new("by-area",
    [
        new TableDimension("area_code", ["E1", "E2"], ["Hart", "Rushmoor"], "_T"),
        new TableDimension("type", ["asb", "theft"], ["ASB", "Theft"], "_T"),
    ]);
}
