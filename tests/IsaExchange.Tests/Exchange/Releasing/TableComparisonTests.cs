using IsaExchange.Exchange.Releasing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>Two releases beside each other: a difference where both say a number, and as good as they are.</summary>
public sealed class TableComparisonTests
{
    [Fact]
    public void SameTable_HasNoDifference()
    {
        var same = Compare(ReleaseTableSample.Table, ReleaseTableSample.Table);
        Assert.Equal((true, 9, 0, 0), (same.IsComparable, same.InBoth, same.OnlyFirst, same.OnlyOther));
        Assert.Empty(same.Differences);
    }

    [Theory]
    [InlineData("10 shown 10 10", "13 shown 13 13", 3L, 3L, 3L)]
    [InlineData("10 rounded 6 14", "15 rounded 11 19", 5L, -3L, 13L)]
    [InlineData("10 rounded 6 14", "12 shown 12 12", 2L, -2L, 6L)]
    [InlineData("- few 0 7", "10 rounded 6 14", null, null, null)]
    [InlineData("- missing 0 -", "10 rounded 6 14", null, null, null)]
    [InlineData("0 shown 0 0", "- missing 0 -", null, null, null)]
    public void Difference_IsAsGoodAsWhatBothSay(string first, string other, long? value, long? lo, long? hi)
    {
        var found = Assert.Single(Compare(
            ReleaseTableSample.Of("X1 ALL " + first), ReleaseTableSample.Of("X1 ALL " + other)).Differences);
        Assert.Equal((value, lo, hi), (found.Value, found.Lo, found.Hi));
    }

    [Fact]
    public void WidthOfAStatement_IsADifferenceToo()
    {
        var found = Assert.Single(Compare(
            ReleaseTableSample.Of("X1 ALL 10 rounded 8 12"),
            ReleaseTableSample.Of("X1 ALL 10 rounded 6 14")).Differences);
        Assert.Equal((0L, -6L, 6L), (found.Value, found.Lo, found.Hi));
    }

    [Fact]
    public void CellsOfOneOnly_AreCountedAndDifferFromNothing()
    {
        var found = Compare(
            ReleaseTableSample.Of("X1 2026-01 3 shown 3 3", "X1 ALL 3 shown 3 3"),
            ReleaseTableSample.Of("X1 2026-02 4 shown 4 4", "X1 2026-03 0 shown 0 0", "X1 ALL 4 shown 4 4"));
        Assert.Equal((1, 1, 2), (found.InBoth, found.OnlyFirst, found.OnlyOther));
        Assert.Equal(["X1", "ALL"], Assert.Single(found.Differences).Codes);
    }

    [Fact]
    public void TableOfOneOnly_IsNotCompared()
    {
        var found = Compare(null, ReleaseTableSample.Table);
        Assert.Equal((false, 0, 0, 9), (found.IsComparable, found.InBoth, found.OnlyFirst, found.OnlyOther));
        Assert.Empty(found.Differences);
    }

    [Fact]
    public void TablesOfOtherDimensions_AreNotCompared()
    {
        var other = ReleaseTable.Parse("area-by-month", "area,area_title,value,status,lo,hi\nX1,One,3,shown,3,3\n"u8);
        Assert.False(Compare(ReleaseTableSample.Table, other).IsComparable);
    }

    [Fact]
    public void Coverage_DiffersWhereOneIsInAndTheOtherIsNot()
    {
        CoverageLine[] first =
        [
            Line("west", "X1", CoverageStatus.Received), Line("west", "X2", CoverageStatus.Nil),
            Line("east", "X3", CoverageStatus.Missing), Line("east", "X4", CoverageStatus.Missing),
            Line("gone", "X5", CoverageStatus.Received),
        ];
        CoverageLine[] other =
        [
            Line("west", "X1", CoverageStatus.Nil), Line("west", "X2", CoverageStatus.Received),
            Line("east", "X3", CoverageStatus.Received), Line("new", "X6", CoverageStatus.Missing),
        ];
        Assert.Equal(
            [
                new("east", "X3", CoverageStatus.Missing, CoverageStatus.Received),
                new("gone", "X5", CoverageStatus.Received, null),
            ],
            CoverageDifference.Of(first, other));
        Assert.Empty(CoverageDifference.Of(first, first));
    }

    static TableComparison Compare(ReleaseTable? first, ReleaseTable? other) =>
        TableComparison.Of("area-by-month", first, other);

    static CoverageLine Line(string party, string area, CoverageStatus status) => new(party, area, status, [], false);
}
