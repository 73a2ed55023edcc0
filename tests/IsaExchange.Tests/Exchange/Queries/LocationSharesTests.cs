using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;

namespace IsaExchange.Tests.Exchange.Queries;

/// <summary>Of which submissions readers of a feed are told how exactly their records say where.</summary>
public sealed class LocationSharesTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("X22000001,X22000002", "open", "100 0 0")]
    [InlineData("X22000001", "open", null)]
    [InlineData("X22000001,X22000002", "sticky-5", null)]
    public async Task Shares_AreToldWhereEveryCountIsAndEveryAreaOfTheSubmissionLiesInTheFeed(
        string feedAreas, string regime, string? expected)
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var row = Row(stage.Revision);
        await stage.AddAsync(row);
        var partnership = stage.Keys.Gate.Find("northmere", "");
        var feed = partnership.Agreement.Feeds.Single(f => f.Id == "street-level-by-csp") with
        {
            Areas = feedAreas.Split(','), Regime = regime,
        };
        var period = new InformationPeriod(new DateOnly(2026, 5, 1), new DateOnly(2026, 6, 1));
        var coverage = await stage.Keys.Catalogue.ReadAsync(
            db => Coverage.OfAsync(db, partnership, feed, period, Stop), Stop);
        var located = new Dictionary<string, LocationQuality> { [row.Id] = new(500, 0, 0) };
        var line = coverage.WithLocations(located, feed).Lines.Single(
            l => l.Party == row.Party && l.Area == "X22000001");
        Assert.Equal(CoverageStatus.Received, line.Status);
        var told = line.Locations is { } at ? $"{at.Exact} {at.Outward} {at.Unknown}" : null;
        Assert.Equal(expected, told);
    }

    static SubmissionRow Row(string revision) => new()
    {
        Id = "located", Agreement = "northmere", AgreementRevision = revision, Party = "northmere-police",
        Dataset = QueryStage.Street, PeriodStart = "2026-05-01", PeriodEnd = "2026-06-01",
        Areas = "X22000001,X22000002", State = SubmissionState.Submitted, CreatedBy = "", CreateTicks = 0,
        ExpireTicks = 0, SubmitTicks = 0,
    };
}
