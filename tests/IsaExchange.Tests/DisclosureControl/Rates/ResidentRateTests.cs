using IsaExchange.Cli.Tables;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.OwnTables;
using IsaExchange.DisclosureControl.Rates;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Rates;

/// <summary>A rate says no more of a count than is published of it.</summary>
public sealed class ResidentRateTests : IDisposable
{
    const string Table = """
        area_code,count,value,status,lo,hi
        A,105,105,rounded,101,109
        B,[c],,few,0,4
        C,[x],,missing,0,
        T,110,110,rounded,106,114

        """;

    static readonly RateColumns Columns = new("area_code", "T", "area_code", "residents");

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-rates-");

    [Fact]
    public void RoundedCount_HasTheRateOfItsIntervalOutwards()
    {
        var rate = ResidentRate.Of(new PublishedCell(CellStatus.Rounded, 10, 6, 14), 3_000);
        Assert.Equal(new ResidentRate(3.33m, 2.00m, 4.67m), rate);
    }

    [Fact]
    public void EveryCountThatIsPublishedAlike_HasTheSameRate()
    {
        // All counts of 6 to 14 may be published as 10: of none of them the rate tells which it is.
        var rate = ResidentRate.Of(new PublishedCell(CellStatus.Rounded, 10, 6, 14), 12_345)!;
        Assert.All(Enumerable.Range(6, 9), n => Assert.InRange(n * 1_000m / 12_345, rate.Lo, rate.Hi!.Value));
    }

    [Theory]
    [InlineData(CellStatus.Few)]
    [InlineData(CellStatus.Missing)]
    public void CountWithoutANumber_HasNoRate(CellStatus status) =>
        Assert.Null(ResidentRate.Of(new PublishedCell(status, null, 0, 4), 50_000));

    [Fact]
    public void FewResidents_HaveNoRate()
    {
        Assert.Null(ResidentRate.Of(new PublishedCell(CellStatus.Shown, 5, 5, 5), ResidentRate.ResidentsMin - 1));
        Assert.NotNull(ResidentRate.Of(new PublishedCell(CellStatus.Shown, 5, 5, 5), ResidentRate.ResidentsMin));
    }

    [Fact]
    public void Table_HasRatesWhereItHasNumbers_AndItsTotalThoseOfAllAreas()
    {
        var (rated, faults) = Read(Table, "area_code,residents\nA,10000\nB,20000\nC,2000\nZ,5\n");
        Assert.Empty(faults);
        Assert.Equal([10_000, 20_000, 2_000, 32_000], rated!.Rows.Select(row => row.Residents));
        Assert.Equal([10.50m, null, null, 3.44m], rated.Rows.Select(row => row.Rate?.Value));
        Assert.Equal("[c]", rated.Rows[1].Cells[1]);
    }

    [Fact]
    public void AreaWithoutResidents_IsNamedAndNothingIsWritten()
    {
        var (rated, faults) = Read(Table, "area_code,residents\nA,10000\nC,many\n");
        Assert.Null(rated);
        Assert.Equal(
            ["population.csv: B has no row", "population.csv:3: residents is no whole number"],
            faults.Select(f => f.ToString()));
    }

    [Theory]
    [InlineData("few,0,4", "shown,0,4", "table.csv:3: status, value, lo and hi do not go together")]
    [InlineData("105,105,rounded", "105,105,few", "table.csv:2: status, value, lo and hi do not go together")]
    [InlineData("status", "state", "table.csv:1: there is no column status")]
    public void WhatIsNoTableOfARelease_IsRefused(string from, string to, string fault)
    {
        var (_, faults) = Read(
            Table.Replace(from, to, StringComparison.Ordinal), "area_code,residents\nA,1000\nB,1000\nC,1000\n");
        Assert.Equal(fault, Assert.Single(faults).ToString());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    (RateFiles? Rated, List<TableFault> Faults) Read(string table, string population)
    {
        var faults = new List<TableFault>();
        var paths = new[] { "table.csv", "population.csv" }.Select(n => Path.Combine(_folder.FullName, n)).ToList();
        File.WriteAllText(paths[0], table);
        File.WriteAllText(paths[1], population);
        return (RateFiles.Read(paths[0], paths[1], Columns, faults), faults);
    }
}
