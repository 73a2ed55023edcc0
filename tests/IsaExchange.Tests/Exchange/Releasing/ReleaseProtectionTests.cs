using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Exchange.Releasing.Ledger;
using Xunit;
using static IsaExchange.Tests.Exchange.Releasing.LedgerReleases;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>A release is checked with all that was ever published of the same records.</summary>
public class ReleaseProtectionTests
{
    static readonly string[] Quarter = ["2026-01", "2026-02", "2026-03"];
    static readonly string[][] ByKind = [["area", "kind"]];

    static (string, string, string, long)[] Records(long theftInA1 = 20) =>
    [
        ("A1", "theft", "2026-01", theftInA1), ("A2", "theft", "2026-02", 31), ("B1", "theft", "2026-03", 27),
        ("A1", "arson", "2026-01", 2), ("A2", "arson", "2026-02", 9), ("B1", "arson", "2026-01", 3),
        ("B2", "arson", "2026-03", 12), ("B2", "theft", "2026-02", 40),
    ];

    static readonly ProtectionProfile Headline = ProtectionProfile.Headline;

    [Fact]
    public void SmallCounts_AreNeverShownNorDerived()
    {
        foreach (var profile in (ProtectionProfile[])[ProtectionProfile.Standard, Headline, ProtectionProfile.Health])
        {
            var release = Protect(
                Shape(Quarter, [["area", "kind"], ["location", "kind"], ["kind", "month"]], Records()), profile, []);
            Assert.Equal((profile.Regime, ""), (profile.Regime, Why(release)));
            Assert.NotEqual(CellStatus.Shown, Cell(release, "location-kind", "A1", "arson").Status);
            Assert.True(release.Result.Check.Report.ProtectedCells > 1);
        }
    }

    static string Why(ProtectedRelease release) =>
        string.Join("; ", release.Result.Check.Report.Refused.Select(r => $"{r.Name} {r.Because}"));

    [Fact]
    public void SmallAreaOfAnotherArea_IsKnownToBeEmpty()
    {
        var release = Protect(Shape(Quarter, [["area", "location"]], Records()), ProtectionProfile.Standard, []);
        Assert.Equal(0, Cell(release, "area-location", "A", "B1").Value);
        Assert.Empty(release.Exact.Sums.Single(s => s.Name == "area-location: A | B1").Unknowns);
    }

    [Fact]
    public void SameRecordsAgain_ArePublishedAsBefore()
    {
        var shape = Shape(Quarter, [["location", "kind", "month"]], Records());
        foreach (var profile in (ProtectionProfile[])[ProtectionProfile.Standard, Headline])
        {
            var first = Protect(shape, profile, []);
            var second = Protect(shape, profile, [Published(first)]);
            Assert.True(IsSafe(second));
            Assert.Equal(first.Result.Cells, second.Result.Cells);
        }
    }

    [Fact]
    public void MonthByItselfAndInItsQuarter_IsOneNumber()
    {
        var month = Protect(Shape(["2026-01"], [["area", "kind"]], Records(23)), ProtectionProfile.Standard, []);
        var quarter = Protect(
            Shape(Quarter, [["area", "kind", "month"]], Records(23)), ProtectionProfile.Standard, [Published(month)]);
        Assert.True(IsSafe(quarter));
        foreach (var kind in (string[])["theft", "arson", "ALL"])
        {
            Assert.Equal(
                Cell(month, "area-kind", "A", kind), Cell(quarter, "area-kind-month", "A", kind, "2026-01"));
        }
    }

    [Fact]
    public void MonthsAfterTheirSum_DoNotGiveHiddenOnesAway()
    {
        // The quarter shows 2 + 9 = 11 of arson in A exactly; a month of it shown later would leave the other.
        var quarter = Protect(Shape(Quarter, ByKind, Records()), Headline, []);
        var months = Protect(Shape(Quarter, [["area", "kind", "month"]], Records()), Headline, [Published(quarter)]);
        Assert.True(IsSafe(months));
        Assert.Equal(CellStatus.Few, Cell(months, "area-kind-month", "A", "arson", "2026-01").Status);
        Assert.Equal(CellStatus.Few, Cell(months, "area-kind-month", "A", "arson", "2026-02").Status);
    }

    [Theory]
    [InlineData("location-kind")]
    [InlineData("location-kind-month")]
    public void OpenFeedOverHiddenCounts_TellsNoneOfThem(string table)
    {
        var hidden = Protect(Shape(Quarter, [["location", "kind"]], Records()), Headline, []);
        var open = Protect(
            Shape(Quarter, [table.Split('-')], Records()), ProtectionProfile.Exact, [Published(hidden)]);

        // By months it is another cell with the same records.
        string[] cell = table == "location-kind" ? ["A1", "arson"] : ["A1", "arson", "2026-01"];
        Assert.True(IsSafe(open)
            ? Cell(open, table, cell).Status == CellStatus.Few
            : open.Result.Check.Report.Refused.Any(r => r.Name == "release 1, location-kind: A1 | arson"));
        Assert.All(open.Result.Check.Report.Refused, r => Assert.DoesNotContain(" 2 ", r.Because));
    }

    [Fact]
    public void CorrectionOfOneRecord_HoldsTheExactValue()
    {
        var first = Protect(Shape(Quarter, ByKind, Records()), Headline, []);
        var second = Protect(Shape(Quarter, ByKind, Records(theftInA1: 21)), Headline, [Published(first)]);
        Assert.Equal(new PublishedCell(CellStatus.Shown, 51, 51, 51), Cell(first, "area-kind", "A", "theft"));
        Assert.Equal(new PublishedCell(CellStatus.Held, 51, 47, 55), Cell(second, "area-kind", "A", "theft"));
        Assert.True(IsSafe(second));

        // Corrections add up: what is held is held against the release that it is of.
        IReadOnlyList<EarlierRelease> both = [Published(first), Published(second, "release 2")];
        var third = Protect(Shape(Quarter, ByKind, Records(theftInA1: 24)), Headline, both);
        Assert.Equal((CellStatus.Held, 51), (Cell(third, "area-kind", "A", "theft").Status,
            Cell(third, "area-kind", "A", "theft").Value));
        var fourth = Protect(Shape(Quarter, ByKind, Records(theftInA1: 25)), Headline, both);
        Assert.Equal(new PublishedCell(CellStatus.Shown, 56, 56, 56), Cell(fourth, "area-kind", "A", "theft"));
    }

    [Fact]
    public void SumThatWouldTellAHeldChange_IsNotShownBesideItsParts()
    {
        (string, string, string, long)[] Of(long x, long y) =>
            [
                ("A1", "theft", "2026-01", x), ("A2", "theft", "2026-01", y), ("B1", "theft", "2026-01", 70),
                ("B2", "theft", "2026-01", 50),
            ];
        var first = Protect(Shape(Quarter, [["location"]], Of(20, 10)), Headline, []);
        var second = Protect(Shape(Quarter, [["location"]], Of(40, 11)), Headline, [Published(first)]);
        Assert.True(IsSafe(second), Why(second));
        string[] cells = ["A1", "A2", "B1", "B2", "ALL"];
        Assert.Equal([20, 10, 70, 50, 150], cells.Select(c => Cell(first, "location", c).Value));

        // With 40, 70, 50 and 171 beside it, 10 held would be 11.
        Assert.True(cells.Count(c => Cell(second, "location", c).Status == CellStatus.Shown) < 4);
    }

    [Fact]
    public void ValueThatWasMissingMeanwhile_IsStillHeld()
    {
        var first = Published(Protect(Shape(Quarter, ByKind, Records()), Headline, []));
        var without = Published(
            Protect(Shape(Quarter, ByKind), Headline, [first], area => area == "A"), "release 2");
        var third = Protect(Shape(Quarter, ByKind, Records(theftInA1: 21)), Headline, [first, without]);
        Assert.NotEqual(CellStatus.Shown, Cell(third, "area-kind", "A", "theft").Status);
    }

    [Fact]
    public void TableWithoutAnEmptyCell_LeavesZeroPossibleBelowItsThreshold()
    {
        var release = Protect(
            Shape(["2026-01"], [["location"]], ("A1", "theft", "2026-01", 200), ("A2", "theft", "2026-01", 150),
                ("B1", "theft", "2026-01", 7), ("B2", "theft", "2026-01", 12)), ProtectionProfile.Sensitive, []);
        Assert.True(IsSafe(release), Why(release));
        var few = Cell(release, "location", "B1");
        Assert.Equal((CellStatus.Few, 0L), (few.Status, few.Lo));
    }

    [Fact]
    public void PlaceThatIsPartOfAnotherNow_IsNotTakenForAnotherCount()
    {
        string[][] tables = [["location"]];
        var first = Published(Protect(Shape(Quarter, tables, Records()), Headline, []));
        var place = first.Secrets.Shape.Axes[0];
        ReleaseShape With(ReleaseShape shape, string of) => shape with
        {
            Axes = [place with
            {
                Dimensions = ["area", "location", "location_lad"],
                Elements = [.. place.Elements.Select(e => new[] { e[0], e[1], e[1] == "A2" ? of : "L1" })],
            }, .. shape.Axes.Skip(1)],
            Tables = [new ShapeTable("lad", [new TableDimension("location_lad", ["L1", "L2"], ["L1", "L2"], "ALL")])],
        };
        var then = first with
        {
            Secrets = first.Secrets with { Shape = With(first.Secrets.Shape, "L1") },
            Said = new Dictionary<(string, string), Statement>(),
        };
        var refused = Assert.Throws<IsaExchange.Exchange.ExchangeException>(
            () => Protect(With(Shape(Quarter, tables, Records()), "L2"), Headline, [then]));
        Assert.Equal("RELEASES_NOT_COMPARABLE", refused.Reason);
    }

    [Fact]
    public void FirstReleaseOfAYear_ShowsWhatWasHeld()
    {
        var first = Protect(Shape(Quarter, ByKind, Records()), Headline, []);
        var next = Protect(
            Shape(Quarter, ByKind, Records(theftInA1: 21)), Headline, [Published(first, thisYear: false)]);
        Assert.Equal(new PublishedCell(CellStatus.Shown, 52, 52, 52), Cell(next, "area-kind", "A", "theft"));
    }

    [Fact]
    public void RoundedCorrections_StayWithTheirOffset()
    {
        var earlier = new List<EarlierRelease>();
        var seen = new List<long?>();
        for (var n = 20; n < 30; n++)
        {
            var release = Protect(
                Shape(Quarter, ByKind, Records(theftInA1: n)), ProtectionProfile.Standard, earlier);
            Assert.True(IsSafe(release));
            earlier = [Published(release, $"release {n}")];
            seen.Add(Cell(release, "area-kind", "A", "theft").Value);
        }

        // Ten records more are two steps of 5, wherever they come.
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(2, seen.Zip(seen.Skip(1)).Count(pair => pair.First != pair.Second));
        Assert.Single(earlier[0].Secrets.Offsets.Keys, i => i == "2026-01..2026-03;area=A;kind=theft");
    }

    [Fact]
    public void WhatIsMissing_IsNoStatementAndNeverAZero()
    {
        var release = Protect(
            Shape(Quarter, [["area", "kind"], ["kind"], ["location"]], Records()), ProtectionProfile.Standard, [],
            area => area == "B");
        Assert.Equal(PublishedCell.Missing, Cell(release, "area-kind", "B", "theft"));
        Assert.Equal(PublishedCell.Missing, Cell(release, "area-kind", "ALL", "theft"));
        Assert.Equal(PublishedCell.Missing, Cell(release, "kind", "arson"));
        Assert.Equal(PublishedCell.Missing, Cell(release, "location", "B2"));
        Assert.NotEqual(CellStatus.Missing, Cell(release, "location", "A2").Status);
        Assert.NotEqual(CellStatus.Missing, Cell(release, "area-kind", "A", "theft").Status);
        Assert.True(IsSafe(Protect(
            Shape(Quarter, [["area", "kind"]], Records()), ProtectionProfile.Standard, [Published(release)])));
    }

    [Fact]
    public void ReleaseWithoutADimension_CannotBeComparedWithOneThatHasIt()
    {
        var first = Published(Protect(Shape(Quarter, ByKind, Records()), Headline, []));
        var without = first with
        {
            Secrets = first.Secrets with
            {
                Shape = first.Secrets.Shape with { Axes = [.. first.Secrets.Shape.Axes.Where(a => a.Name != "kind")] },
            },
        };
        var refused = Assert.Throws<IsaExchange.Exchange.ExchangeException>(
            () => Protect(Shape(Quarter, ByKind, Records()), Headline, [without]));
        Assert.Equal("RELEASES_NOT_COMPARABLE", refused.Reason);
    }
}
