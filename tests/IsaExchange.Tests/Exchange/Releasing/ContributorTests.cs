using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Exchange.Checking;
using IsaExchange.Exchange.Releasing.Ledger;
using Xunit;
using static IsaExchange.Tests.Exchange.Releasing.LedgerReleases;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>Where one contributor may make a cell: the small areas of the model stand for schools.</summary>
public class ContributorTests
{
    static readonly string[] Quarter = ["2026-01"];
    static readonly ProtectionProfile Headline = ProtectionProfile.Headline;
    static readonly ProtectionProfile OfThree = Headline with { Contributors = 3 };

    static ReleaseShape Schools(string[][] tables, params (string School, string Kind, long Count)[] records) =>
        Shape(Quarter, tables, [.. records.Select(r => (r.School, r.Kind, Quarter[0], r.Count))]) with
        {
            Contributors = "location",
        };

    static ReleaseShape Unknown(ReleaseShape shape) => shape with { Contributors = null };

    static PublishedCell Kind(ProtectedRelease release, string kind) => Cell(release, "kind", kind);

    static readonly string[][] ByKind = [["kind"]];

    [Fact]
    public void OneWhoKnowsEight_DoesNotLearnTheOneBesideIt()
    {
        var shape = Schools(ByKind, ("A1", "theft", 8), ("A2", "arson", 1));
        var outsider = Protect(Unknown(shape), Headline, []);
        Assert.True(IsSafe(outsider));
        Assert.Equal(9, Kind(outsider, "ALL").Value);

        // As far as anybody else goes: without the check with its eyes it would have been published.
        var release = Protect(shape, Headline, []);
        Assert.True(IsSafe(release));
        Assert.All(release.Result.Cells, c => Assert.Equal(CellStatus.Few, c.Status));
    }

    [Fact]
    public void WhatIsPublishedAlreadyAndTellsAContributor_RefusesTheNext()
    {
        var shape = Schools(ByKind, ("A1", "theft", 8), ("A2", "arson", 1));
        var before = Published(Protect(Unknown(shape), Headline, []));
        var next = Protect(shape, Headline, [before]);
        Assert.False(IsSafe(next));
        Assert.All(
            next.Result.Check.Report.Refused, r => Assert.StartsWith("(to a contributor of records)", r.Because));
        Assert.Empty(next.Result.Insiders);
    }

    [Fact]
    public void TwoWhoShareATotal_AreKeptFromEachOther()
    {
        // Of 26 the one that knows of its 20 leaves 0 to 6 for the others, and all others 0 to 26.
        var profile = OfThree with { Threshold = 10, Width = 7 };
        var shape = Schools(ByKind, ("A1", "theft", 20), ("A2", "arson", 2), ("B1", "arson", 2), ("B2", "arson", 2));
        var outsider = Protect(Unknown(shape), profile with { Contributors = 0 }, []);
        Assert.Equal(CellStatus.Shown, Kind(outsider, "ALL").Status);
        var release = Protect(shape, profile, []);
        Assert.True(IsSafe(release));
        Assert.Equal(CellStatus.Few, Kind(release, "ALL").Status);
        Assert.Equal(CellStatus.Few, Kind(release, "theft").Status);
        Assert.Equal(CellStatus.Shown, Kind(Protect(shape, profile with { Width = 6 }, []), "ALL").Status);
    }

    [Theory]
    [InlineData(ProtectionProfile.StickyRounding)]
    [InlineData(ProtectionProfile.Suppression)]
    [InlineData(ProtectionProfile.Nhs2018)]
    public void SingleSchoolOfAnArea_IsNotShownWhateverItsCount(string regime)
    {
        var profile = ProtectionProfile.Find(regime)! with { Contributors = 3 };
        var shape = Schools(
            [["area", "kind"]], ("A1", "theft", 50), ("A1", "arson", 30), ("A2", "arson", 30), ("B1", "arson", 30),
            ("B1", "theft", 40), ("B2", "theft", 40), ("A2", "theft", 1));
        var release = Protect(shape, profile, []);
        Assert.True(IsSafe(release));
        Assert.Equal(CellStatus.Few, Cell(release, "area-kind", "A", "theft").Status);
        Assert.Equal(CellStatus.Few, Cell(release, "area-kind", "A", "ALL").Status);
        Assert.Null(Cell(release, "area-kind", "A", "theft").Hi);
        var usual = Protect(Unknown(shape), profile with { Contributors = 0 }, []);
        Assert.NotEqual(CellStatus.Few, Cell(usual, "area-kind", "A", "theft").Status);
        Assert.Equal(0, usual.Result.Check.Report.ProtectedCells);
        Assert.True(release.Result.Check.Report.ProtectedCells > 0);
    }

    [Theory]
    [InlineData(84, CellStatus.Shown)]
    [InlineData(85, CellStatus.Few)]
    public void CellThatOneDominates_IsNotShown(long percent, CellStatus expected)
    {
        var shape = Schools(ByKind, ("A1", "theft", percent), ("A2", "theft", 98 - percent), ("B1", "theft", 2),
            ("A2", "arson", 300), ("B1", "arson", 300), ("B2", "arson", 300));
        var release = Protect(shape, OfThree, []);
        Assert.True(IsSafe(release));
        Assert.Equal(expected, Kind(release, "theft").Status);
    }

    [Fact]
    public void EnoughContributors_AreShownAsUsual()
    {
        var shape = Schools(ByKind, ("A1", "theft", 20), ("A2", "theft", 20), ("B1", "theft", 20),
            ("A1", "arson", 9), ("B1", "arson", 9), ("B2", "arson", 9));
        Assert.Equal(
            Protect(Unknown(shape), Headline, []).Result.Cells, Protect(shape, OfThree, []).Result.Cells);
        var few = Protect(shape, OfThree with { Contributors = 4 }, []);
        Assert.Equal(CellStatus.Few, Kind(few, "theft").Status);
    }

    [Fact]
    public void Proof_IsAddedUpAgainAndLaterReleasesProtectWhatItProtected()
    {
        var ct = TestContext.Current.CancellationToken;
        var shape = Schools([["area", "kind"]], ("A1", "theft", 50), ("A2", "arson", 30), ("B1", "arson", 30),
            ("B2", "theft", 40), ("A1", "arson", 30), ("B1", "theft", 30));
        var first = Published(Protect(shape, OfThree, []));
        Assert.Empty(first.Secrets.Proof.Verify(
            ProofCheck.Known(first, new LedgerKnowledge(first.Secrets.Shape, [], []), ct), ct));
        Assert.NotEmpty(first.Secrets.FewContributors);

        // An open feed of the same records tells none of it.
        var open = Protect(shape, ProtectionProfile.Exact, [first]);
        Assert.True(!IsSafe(open) || Cell(open, "area-kind", "A", "theft").Status == CellStatus.Few);
        var again = Protect(shape, OfThree, [first]);
        Assert.True(IsSafe(again));
    }

    [Fact]
    public void Guarantee_SaysWhoIsProtectedFromWhom()
    {
        Assert.Contains("Cells of fewer than 3 contributors, or of which one holds 85 % or more, are not shown",
            OfThree.Guarantee, StringComparison.Ordinal);
        Assert.DoesNotContain("contributor", Headline.Guarantee, StringComparison.Ordinal);
    }
}
