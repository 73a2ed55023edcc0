using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Releasing.Ledger;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Tests.Agreement;
using IsaExchange.Tests.Datasets;
using Xunit;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>From a file to the tables that a feed asks for: by wards beside districts, by weekdays and hours.</summary>
public sealed class FeedTablesTests : IDisposable
{
    static readonly string[] Areas = ["C1", "C2"];
    static readonly InformationPeriod Quarter = Northmere.Period("2018-10-01/P3M");

    static readonly ProtectionProfile Profile = ProtectionProfile.Headline;

    static readonly DerivedDimension[] Bands =
    [
        new("weekday", "event_date", []) { Kind = DerivedKind.Weekday },
        new("hours", "event_time", []) { Kind = DerivedKind.Hours, Starts = [0, 12] },
    ];

    readonly string _folder = Directory.CreateTempSubdirectory("isax-feed-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Two small areas in each of two areas; a ward lies in both, and one small area is of no ward.</summary>
    ValidationPlan Plan(params DerivedDimension[] bands)
    {
        const string Since = "  - {edition: '1', file: e.csv, valid_from: 2011-01-01, source: test";
        void Write(string id, string? parents, string partOf, string csv) =>
            TestDatasets.WriteList(_folder, id, parents, $"{Since}{partOf}}}\n", ("e.csv", csv));
        Write("csp", null, "", "code,title,parent\nC1,One,\nC2,Two,\n");
        Write("offences", "si-groups", "", "code,title,parent\n28E,Burglary dwelling,BURGLARY\n8N,Assault,VAP\n");
        Write("lad", "csp", "", "code,title,parent\nD1,East,C1\nD2,West,C1\nD3,South,C2\n");
        Write("ward", null, "", "code,title,parent\nW1,Over the border,\nW2,Hill,\n");
        Write("lsoa", "lad", ", part_of: [ward]",
            "code,title,parent,ward\nL1,First,D1,W2\nL2,Second,D2,W1\nL3,Third,D3,W1\nL4,Fourth,D3,\n");
        var lists = CodeListCatalog.Load(_folder, out var faults);
        Assert.Empty(faults);
        var spec = TestDatasets.Catalog.Find("police-recorded-crime")!;
        return ValidationPlan.Compile(
            spec with
            {
                Derived = [.. spec.Derived, .. bands],
                CubeDimensions = [.. spec.CubeDimensions, .. bands.Select(b => b.Name)],
            },
            lists, Quarter.Start, Quarter.EndExclusive, Areas);
    }

    static Cube Counted(ValidationPlan plan)
    {
        var rows = new StringBuilder(TestDatasets.CrimeHeader).Append('\n');
        var number = 0;
        foreach (var (place, count) in ((string, int)[])[("L1", 12), ("L2", 9), ("L3", 6), ("L4", 5)])
        {
            for (var i = 0; i < count; i++)
            {
                rows.Append(place is "L1" or "L2" ? "C1" : "C2").Append(',').Append(++number)
                    .Append(",VAP,8N,2018-10-08,2018-10-01,,minute,").Append(i % 2 == 0 ? "09:30" : "20:15")
                    .Append(',').Append(place).Append(",lsoa2011\n");
            }
        }

        using var counter = new CubeCounter(plan, new byte[32]);
        var report = plan.Validate(Encoding.UTF8.GetBytes(rows.ToString()), sink: counter);
        Assert.True(report.AcceptedCount == number, string.Join("; ", report.Places().Take(3)));
        return counter.ToCube("police-recorded-crime");
    }

    static FeedClause Feed(params string[][] tables) => new(
        "test", "Test", "police-recorded-crime", Areas,
        [.. tables.Select((dimensions, i) => new FeedTable($"table-{i}", dimensions))], "open", [], [], "OFFICIAL");

    static ReleaseShape Shape(ValidationPlan plan, Cube cube, FeedClause feed)
    {
        var builder = new ReleaseShapeBuilder(feed, plan);
        builder.Add(cube, "2018-10-01..2019-01-01");
        return builder.Build(Northmere.Agreement, Quarter, feed.Tables);
    }

    static string[] Cells(ReleaseShape shape, int table) => [.. LedgerReleases
        .Protect(shape, FeedProfile.Of(Feed(), hasContributors: false), []).Tables[table].Rows()
        .Select(r => $"{string.Join('/', r.Codes)} {r.Cell.Value}")];

    [Fact]
    public void FeedByWardAndDistrict_CountsTheSameRecordsByBoth()
    {
        var plan = Plan();
        var shape = Shape(plan, Counted(plan), Feed(["location/ward"], ["location/lad"]));
        Assert.Equal("location_ward", shape.Tables[0].Dimensions[0].Name);
        Assert.Equal(["W1 15", "W2 12", "not-stated 5", "ALL 32"], Cells(shape, 0));
        Assert.Equal(["D1 12", "D2 9", "D3 11", "not-stated 0", "ALL 32"], Cells(shape, 1));
        Assert.Equal("Over the border", shape.Tables[0].Dimensions[0].Titles[0]);
    }

    [Fact]
    public void FeedByWeekdayAndHours_CountsByBoth()
    {
        var plan = Plan(Bands);
        var shape = Shape(plan, Counted(plan), Feed(["weekday", "hours"]));
        var cells = Cells(shape, 0);
        Assert.Contains("MON/00-11 17", cells);
        Assert.Contains("MON/12-23 15", cells);
        Assert.Contains("TUE/ALL 0", cells);
        Assert.Contains("ALL/not-stated 0", cells);
        Assert.Equal(["00:00 to 11:59", "12:00 to 23:59", "Not known"], shape.Tables[0].Dimensions[1].Titles);
    }

    [Fact]
    public void CubeFromBeforeADimension_IsInNoTableByItAndInAllOthers()
    {
        var old = Counted(Plan());
        var plan = Plan(Bands);
        var refused = Assert.Throws<ExchangeException>(() => Shape(plan, old, Feed(["location/lad", "hours"])));
        Assert.Equal("NOT_COUNTED_BY", refused.Reason);
        Assert.Equal(["D1 12", "D2 9", "D3 11", "not-stated 0", "ALL 32"],
            Cells(Shape(plan, old, Feed(["location/lad"])), 0));
    }

    [Fact]
    public void ReleaseFromBeforeADimension_IsOfTheSameRecords()
    {
        var (without, with) = (Plan(), Plan(Bands));
        var earlier = LedgerReleases.Published(LedgerReleases.Protect(
            Shape(without, Counted(without), Feed(["location"])), Profile, []));
        var shape = Shape(with, Counted(with), Feed(["location"]));

        // No count is taken for another one, and so nothing is told that was not told before.
        Assert.Equal(
            new LedgerKnowledge(shape, [], []).Exact.Truth.Length,
            new LedgerKnowledge(shape, [earlier], []).Exact.Truth.Length);
        var again = LedgerReleases.Protect(shape, Profile, [earlier]);
        Assert.Equal(earlier.Said.Values, again.Tables.SelectMany(Statement.Of));
    }

    [Fact]
    public void GeographyThatFindsItself_GoesByParentsAndNeverByWards()
    {
        var plan = Plan();
        var geography = new Geography(
            Feed(["location", "month"], ["location/ward", "month"]) with { FindsGeography = true }, plan);
        Assert.True(geography.CoarsenRefused());
        Assert.Equal(
            ["location/lad", "location/ward"], geography.Feed.Tables.Select(t => t.Dimensions[0]));
        Assert.True(geography.CoarsenRefused());
        Assert.Equal(["area", "location/ward"], geography.Feed.Tables.Select(t => t.Dimensions[0]));
        Assert.False(geography.CoarsenRefused());
    }
}
