using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Releasing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Queries;

/// <summary>Which lines of coverage are flagged by a query that is open.</summary>
public sealed class CoverageTests
{
    const string Other = "X22000002";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(QueryStage.Area, true, false)]
    [InlineData(Other, false, true)]
    [InlineData("", true, true)]
    public async Task OpenQuery_FlagsItsAreaOnly_AndWithoutAnAreaEveryOne(string asked, bool first, bool second)
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var row = QueryStage.Row(5, areas: $"{QueryStage.Area},{Other}");
        row.AgreementRevision = stage.Keys.Revision;
        var group = new ViolationGroup("Q702", "", Severity.Query, 1, "", "") { Area = asked };
        await stage.AddAsync(row, QueryStage.Report(row, group));
        var partnership = stage.Keys.Gate.Find("northmere", "");
        var feed = partnership.Agreement.Feeds.Single(f => f.Id == "street-level-by-csp");
        var coverage = await stage.Keys.Catalogue.ReadAsync(
            db => Coverage.OfAsync(db, partnership, feed, new(new(2026, 5, 1), new(2026, 6, 1)), Stop), Stop);

        CoverageLine Line(string area) => coverage.Lines.Single(l => l.Area == area);
        Assert.Equal(CoverageStatus.Received, Line(QueryStage.Area).Status);
        Assert.Equal(
            (first, second), (Line(QueryStage.Area).HasUnexplainedQueries, Line(Other).HasUnexplainedQueries));
        Assert.Equal((first, second), (Line(QueryStage.Area).Queries.Count == 1, Line(Other).Queries.Count == 1));
    }
}
