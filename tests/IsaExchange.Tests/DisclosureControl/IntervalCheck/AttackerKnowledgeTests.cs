using IsaExchange.DisclosureControl.IntervalCheck;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.IntervalCheck;

/// <summary>What does not fit together is refused before anything is said of its safety.</summary>
public class AttackerKnowledgeTests
{
    static readonly int[] Both = [0, 1];

    [Fact]
    public void WhatDoesNotHoldOfTheData_IsRefusedWithoutACount()
    {
        var thrown = Assert.Throws<ArgumentException>(() => Known([4321, 1], new KnownSum("area", Both, 5, 5)));
        Assert.Contains("area", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4321", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    public void UnknownsOutOfOrderOrOutside_AreRefused(int first, int second) =>
        Assert.Throws<ArgumentException>(() => Known([1, 1], new KnownSum("x", [first, second], 0, null)));

    [Fact]
    public void PartsThatOverlapOrAreNotAllOfIt_AreRefused()
    {
        KnownSum[] cells = [new("a", [0], 0, null), new("b", [1], 0, null)];
        foreach (var split in (int[][])[[0], [0, 0], [0, 7], [0, -1]])
        {
            Assert.Throws<ArgumentException>(() => Known(
                [1, 1], [.. cells, new KnownSum("both", Both, 2, 2) { Splits = [split] }]));
        }
    }

    [Fact]
    public void CellsThatSplitIntoEachOther_AreOneCellAndNoCircle()
    {
        var ward = new KnownSum("ward", Both, 0, null) { Splits = [[1]], ProtectedWidth = 3 };
        var area = new KnownSum("area", Both, 2, 2) { Splits = [[0]] };
        var hidden = IntervalChecker.Check(
            Known([1, 1], ward, area with { Lo = 0, Hi = null }), ct: TestContext.Current.CancellationToken);
        Assert.True(hidden.Report.IsSafe);
        var shown = IntervalChecker.Check(Known([1, 1], ward, area), ct: TestContext.Current.CancellationToken);
        Assert.Equal("ward", Assert.Single(shown.Report.Refused).Name);
    }

    [Fact]
    public void TwoDimensionsOfOneClassification_MeetInWhatIsOfBoth()
    {
        CheckedDimension side = new("area", 0, [new CheckedCode("E1", [0]), new CheckedCode("E2", [1])]);
        var table = new CheckedTable("t", [side, side], [.. Enumerable.Repeat(new CellStatement(0, null), 4)]);
        Assert.Equal([[0], [], [], [1]], table.Sums([2]).Select(s => s.Unknowns));
    }

    [Fact]
    public void CodeOfWhatIsNoFinestCode_IsRefused()
    {
        var table = new CheckedTable(
            "t", [new CheckedDimension("area", 0, [new CheckedCode("E1", [2])])], [new CellStatement(0, null)]);
        Assert.Throws<ArgumentException>(() => table.Sums([2]).ToList());
    }

    static AttackerKnowledge Known(long[] truth, params KnownSum[] sums) => new(sums, truth);
}
