using IsaExchange.DisclosureControl;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl;

public class ExactTableTests
{
    static readonly TableDimension Areas = new("area_code", ["E1", "E2", "E3"], ["Hart", "Rushmoor", "Test"], "_T");
    static readonly TableDimension Types = new("type", ["asb", "theft"], ["ASB", "Theft"], "_T");
    static readonly TableDimension Months = new("month", ["2018-10", "2018-11"], ["October", "November"], null);

    [Fact]
    public void CellCount_IncludesTotals() =>
        Assert.Equal(4 * 3 * 2, new ExactTable("t", [Areas, Types, Months]).CellCount);

    [Theory]
    [InlineData(3, 0)] // the total of the first dimension
    [InlineData(0, 2)]
    [InlineData(-1, 0)]
    public void AddToATotalOrOutside_IsRefused(int area, int type)
    {
        var table = new ExactTable("t", [Areas, Types]);
        Assert.Throws<ArgumentException>(() => table.Add([area, type], 1));
        Assert.All(Cells(table), cell => Assert.Equal(0, cell.Value));
    }

    [Fact]
    public void AddWithAnotherNumberOfDimensions_IsRefused()
    {
        var table = new ExactTable("t", [Areas, Types]);
        Assert.Throws<ArgumentException>(() => table.Add([0], 1));
        Assert.Throws<ArgumentException>(() => table.Add([0, 0, 0], 1));
    }

    [Fact]
    public void NegativeCount_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new ExactTable("t", [Areas]).Add([0], -1));

    [Fact]
    public void SumBeyondALong_IsRefusedNotWrapped()
    {
        var table = new ExactTable("t", [Months]);
        table.Add([0], long.MaxValue);
        Assert.Throws<OverflowException>(() => table.Add([0], 1));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0, -1)]
    [InlineData(2, 0)]
    public void MissingMarkOutside_IsRefused(int dimension, int code) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ExactTable("t", [Areas, Types]).MarkMissing(dimension, code));

    [Fact]
    public void AmbiguousDimensions_AreRefused()
    {
        Refused(new TableDimension("d", [], [], "_T"));
        Refused(new TableDimension("d", ["a", "b"], ["A"], null));
        Refused(new TableDimension("d", ["a", "a"], ["A", "A"], null));
        Refused(new TableDimension("d", ["a", "_T"], ["A", "T"], "_T"));
        Refused(new TableDimension("d", ["a|b"], ["A"], null));
        Refused(new TableDimension("d", ["a"], ["A"], "|"));
        Assert.Throws<ArgumentException>(() => new ExactTable("t", []));

        static void Refused(TableDimension dimension) =>
            Assert.Throws<ArgumentException>(() => new ExactTable("t", [dimension]));
    }

    [Fact]
    public void MoreCellsThanFitInMemory_AreRefusedBeforeTheyAreMade()
    {
        string[] codes = [.. Enumerable.Range(0, 2000).Select(code => $"{code}")];
        var wide = new TableDimension("d", codes, codes, null);
        Assert.Throws<ArgumentException>(() => new ExactTable("t", [wide, wide, wide]));
    }

    static IEnumerable<PublishedCell> Cells(ExactTable table) =>
        TablePublisher.Publish(table, DisclosureRegimes.Find("open")!).Rows().Select(row => row.Cell);
}
