using System.Text.Json.Nodes;
using IsaExchange.Datasets.OutsideTables;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Exchange.Checking;
using IsaExchange.Exchange.Releasing.Ledger;
using Xunit;
using static IsaExchange.Tests.Exchange.Releasing.LedgerReleases;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>A release is checked beside what others have published of the same records.</summary>
public class OutsideTablesTests
{
    static readonly string[] Quarter = ["2026-01", "2026-02", "2026-03"];
    static readonly string[][] ByPlace = [["location"]];
    static readonly ProtectionProfile Headline = ProtectionProfile.Headline;

    static (string, string, string, long)[] Records =>
    [
        ("A1", "theft", "2026-01", 2), ("A2", "theft", "2026-01", 20), ("B1", "theft", "2026-02", 30),
        ("B2", "theft", "2026-03", 40),
    ];

    static OutsideTable Outside(string[] dimensions, params (string Codes, long Value)[] rows) => new(
        "street", "incidents", new DateOnly(2026, 1, 1), new DateOnly(2026, 4, 1), "a paper", "ab12", dimensions,
        [.. rows.Select(r => new OutsideRow(r.Codes.Split('|'), r.Value))]);

    /// <summary>The last day of the model is the 28th.</summary>
    static ReleaseShape ByPlaces(params string[] months) => Shape(months, ByPlace, Records) with
    {
        LastDay = $"{months[^1]}-31",
    };

    static int Shown(ProtectedRelease release) => release.Result.Cells.Count(c => c.Status == CellStatus.Shown);

    [Fact]
    public void CellThatAnOutsideNumberTellsThroughATotal_NeedsMoreHidden()
    {
        var alone = Protect(ByPlaces(Quarter), Headline, []);
        Assert.Equal(CellStatus.Few, Cell(alone, "location", "A1").Status);
        Assert.Equal(CellStatus.Few, Cell(alone, "location", "A2").Status);

        // With A2 the total gives A1 away.
        var beside = Protect(ByPlaces(Quarter), Headline, [], outside: [Outside(["location"], ("A2", 20))]);
        Assert.True(IsSafe(beside));
        Assert.Equal(1, beside.Result.Check.Report.ProtectedCells);
        string[] rest = ["B1", "B2", "ALL"];
        Assert.All(rest, code => Assert.Equal(CellStatus.Shown, Cell(alone, "location", code).Status));
        Assert.Contains(rest, code => Cell(beside, "location", code).Status == CellStatus.Few);
        Assert.Equal(CellStatus.Few, Cell(beside, "location", "A1").Status);
    }

    [Fact]
    public void CellThatAnOutsideNumberTellsByItself_IsNotShownAndNotProtected()
    {
        var beside = Protect(ByPlaces(Quarter), Headline, [], outside: [Outside(["location"], ("A1", 2))]);
        Assert.True(IsSafe(beside));
        Assert.Equal(0, beside.Result.Check.Report.ProtectedCells);
        Assert.Equal([0], beside.Secrets.Outside.PublicCells);
        Assert.Equal(CellStatus.Few, Cell(beside, "location", "A1").Status);
    }

    [Fact]
    public void PartsOfACell_TellItTogether()
    {
        var table = Outside(
            ["location", "month_quarter"], ("A1|2026-Q1", 2), ("ALL|2026-Q1", 92));
        Assert.Equal(
            0, Protect(ByPlaces(Quarter), Headline, [], outside: [table]).Result.Check.Report.ProtectedCells);
        var months = Outside(["location", "month"], ("A1|2026-01", 2), ("A1|2026-02", 0), ("A1|2026-03", 0));
        Assert.Equal(
            0, Protect(ByPlaces(Quarter), Headline, [], outside: [months]).Result.Check.Report.ProtectedCells);
        var without = Outside(["location", "month"], ("A1|2026-01", 2), ("A1|2026-02", 0));
        Assert.Equal(
            1, Protect(ByPlaces(Quarter), Headline, [], outside: [without]).Result.Check.Report.ProtectedCells);
    }

    [Fact]
    public void NumberOfOtherRecords_IsLeftOut()
    {
        var alone = Protect(ByPlaces(Quarter), Headline, []);
        var table = Outside(["location"], ("A1", 3), ("B1", 30), ("B2", 40));
        var beside = Protect(ByPlaces(Quarter), Headline, [], outside: [table]);
        Assert.Equal(1, beside.Secrets.Outside.LeftOut);
        Assert.Equal(alone.Result.Cells, beside.Result.Cells);
        Assert.Equal(1, beside.Result.Check.Report.ProtectedCells);
    }

    [Fact]
    public void TableOfOtherRecords_LeavesNoCellWithoutProtection()
    {
        // Of another year: that A1 is the same is chance.
        var table = Outside(["location"], ("A1", 2), ("A2", 25), ("B1", 33), ("B2", 41));
        var beside = Protect(ByPlaces(Quarter), Headline, [], outside: [table]);
        Assert.Equal(4, beside.Secrets.Outside.LeftOut);
        Assert.Equal(1, beside.Result.Check.Report.ProtectedCells);
        Assert.True(IsSafe(beside));
    }

    [Fact]
    public void MonthsBesideThoseOfTheRelease_AreNotOfIt()
    {
        var table = Outside(["location", "month"], ("A1|2026-01", 2), ("B1|2026-02", 31), ("A1|ALL", 2));
        var january = Protect(ByPlaces("2026-01"), Headline, [], outside: [table]);
        Assert.Equal((0, 0), (january.Secrets.Outside.LeftOut, january.Result.Check.Report.ProtectedCells));

        // Of the whole quarter nothing is said of January.
        var whole = Protect(ByPlaces("2026-01"), Headline, [], outside: [Outside(["location"], ("A1", 2))]);
        Assert.Equal((0, 1), (whole.Secrets.Outside.LeftOut, whole.Result.Check.Report.ProtectedCells));
    }

    [Theory]
    [InlineData(ProtectionProfile.StickyRounding)]
    [InlineData(ProtectionProfile.Suppression)]
    [InlineData(ProtectionProfile.Nhs2018)]
    public void EveryCountPublicAlready_IsReleased(string regime)
    {
        var profile = ProtectionProfile.Find(regime)!;
        var shape = ByPlaces(Quarter);
        var table = Outside(["location"], ("A1", 2), ("A2", 20), ("B1", 30), ("B2", 40), ("ALL", 92));
        var beside = Protect(shape, profile, [], outside: [table]);
        Assert.True(IsSafe(beside));
        Assert.Equal(0, beside.Result.Check.Report.ProtectedCells);
        Assert.Equal(1, Protect(shape, profile, []).Result.Check.Report.ProtectedCells);
    }

    [Fact]
    public void TableThatIsNoLongerThere_IsStillKnown()
    {
        var first = Protect(ByPlaces(Quarter), Headline, [], outside: [Outside(["location"], ("A1", 2))]);
        var second = Protect(ByPlaces(Quarter), Headline, [Published(first)]);
        Assert.True(IsSafe(second));
        Assert.Equal("street", Assert.Single(second.Secrets.Outside.Tables).Id);
        Assert.Equal(first.Result.Cells, second.Result.Cells);
    }

    [Fact]
    public void TableImportedLater_CountsFromTheNextRelease()
    {
        var first = Protect(ByPlaces(Quarter), Headline, []);
        Assert.True(IsSafe(Protect(ByPlaces(Quarter), Headline, [Published(first)])));

        // What release 1 shows and the table tell A1 together: nothing that is published now can undo it.
        var second = Protect(
            ByPlaces(Quarter), Headline, [Published(first)], outside: [Outside(["location"], ("A2", 20))]);
        Assert.Contains(second.Result.Check.Report.Refused, r => r.Name == "release 1, location: A1");
    }

    [Fact]
    public void OpenFeed_IsAsBefore()
    {
        var table = Outside(["location"], ("A2", 20));
        var open = Protect(ByPlaces(Quarter), ProtectionProfile.Exact, [], outside: [table]);
        Assert.Equal(5, Shown(open));
        Assert.Empty(open.Secrets.Outside.Tables);

        // Beside a feed that protects them it is checked with what others know too.
        var hidden = Protect(ByPlaces(Quarter), Headline, []);
        var beside = Protect(ByPlaces(Quarter), ProtectionProfile.Exact, [Published(hidden)], outside: [table]);
        Assert.Single(beside.Secrets.Outside.Tables);
    }

    [Fact]
    public void Proof_IsAddedUpAgainFromWhatIsSealed()
    {
        var ct = TestContext.Current.CancellationToken;
        var table = Outside(["location"], ("A1", 2), ("A2", 20), ("B2", 41));
        var first = Published(Protect(ByPlaces(Quarter), Headline, [], outside: [table]));
        var second = Published(
            Protect(ByPlaces(Quarter), ProtectionProfile.Standard, [first], outside: [table]), "two");
        foreach (var (release, before) in ((EarlierRelease, EarlierRelease[])[])[(first, []), (second, [first])])
        {
            var sealedTables = release.Secrets.Outside.Tables;
            var known = ProofCheck.Known(
                release, new LedgerKnowledge(release.Secrets.Shape, before, sealedTables), ct);
            Assert.Empty(release.Secrets.Proof.Verify(known, ct));
        }

        // What is public is not proved, and without the list of it that would be a fault.
        var forgotten = first with
        {
            Secrets = first.Secrets with { Outside = first.Secrets.Outside with { PublicCells = [] } },
        };
        Assert.NotEmpty(first.Secrets.Proof.Verify(
            ProofCheck.Known(forgotten, new LedgerKnowledge(first.Secrets.Shape, [], [table]), ct), ct));
    }

    [Fact]
    public void Manifest_NamesTheTablesAndNotWhatAgreed()
    {
        var manifest = new JsonObject { ["guarantee"] = Headline.Guarantee };
        var table = Outside(["location"], ("A1", 3), ("A2", 20), ("B1", 30));
        Protect(ByPlaces(Quarter), Headline, [], outside: [table]).Secrets.Outside.AddTo(manifest, Headline);
        Assert.Equal(
            """[{"id":"street","source":"a paper","sha256":"ab12"}]""", manifest["outside_tables"]!.ToJsonString());
        var guarantee = manifest["guarantee"]!.ToString();
        Assert.Contains("taken as known: street (a paper); counts that it tells by itself", guarantee);
        Assert.EndsWith("What else is known from elsewhere, and which value is likelier, is not covered.", guarantee);
        var without = new JsonObject { ["guarantee"] = Headline.Guarantee };
        OutsideKnown.Nothing.AddTo(without, Headline);
        Assert.Equal(["guarantee"], without.Select(word => word.Key));
    }
}
