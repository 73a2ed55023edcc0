using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Tests.Exchange.KeyLife;
using IsaExchange.Tests.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Queries;

/// <summary>With what a submission is compared, what is said of those left out, and what is kept of it.</summary>
public sealed class ComparePeriodsTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PeriodsThatCannotBeOpened_AreLeftOutAndNamed_AndStopNobody()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var good = await stage.SealAsync(1, QueryStage.Cube("drugs 4321", "burglary 900"), Stop);
        var (gone, frozen) = (QueryStage.Row(2), QueryStage.Row(3));
        (gone.CubeObject, frozen.FreezeTicks) = (gone.CubeOf(1).Value, 1);
        await stage.AddAsync(gone, frozen, QueryStage.Row(4, SubmissionState.Withdrawn));

        var row = QueryStage.Row(5, SubmissionState.Open);
        var (report, comparison) = await stage.Periods.RunAsync(
            row, QueryStage.Spec, QueryStage.Result(QueryStage.Cube("burglary 900", "drugs 5000")), Stop);
        Assert.Empty(report.Groups);
        Assert.Equal([good.Name], comparison!.With);
        Assert.Equal(
            [new NotCompared(frozen.Name, "frozen"), new NotCompared(gone.Name, "its counts cannot be opened")],
            comparison.Without);
    }

    [Fact]
    public async Task AStoreThatFailsNow_StopsTheVerdictAndNoReader()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var before = await stage.SealAsync(1, QueryStage.Cube("drugs 4321"), Stop);
        var faulty = stage.With(new FaultyReads(stage.Keys.Store, before.CubeOf(1)));
        await Assert.ThrowsAsync<StorageFaultException>(() => JuneAsync(faulty));
        Assert.Null((await faulty.CountsAsync(before, "crime_type", Stop)).Counts);
        Assert.Equal([before.Name], (await JuneAsync(stage.Periods))!.With);
    }

    [Fact]
    public async Task AKeyThatCannotBeHadNow_StopsTheVerdict_AndOneThatWasDestroyedDoesNot()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var before = await stage.SealAsync(1, QueryStage.Cube("drugs 4321"), Stop);
        var version = Assert.Single(await stage.Keys.Keys.VersionsAsync(KeyNames.For(stage.Keys.Gate, before), Stop));
        var file = stage.Keys.Folder["keys", version.KeyId + ".key"];
        var key = await File.ReadAllBytesAsync(file, Stop);
        await File.WriteAllBytesAsync(file, [1, 2, 3], Stop);
        await Assert.ThrowsAsync<KeyUnavailableException>(() => JuneAsync(stage.Periods));
        Assert.Null((await stage.Periods.CountsAsync(before, "crime_type", Stop)).Counts);
        await File.WriteAllBytesAsync(file, key, Stop);
        Assert.Equal([before.Name], (await JuneAsync(stage.Periods))!.With);

        await stage.Keys.Keys.DestroyAsync(KeyNames.For(stage.Keys.Gate, before), Stop);
        var comparison = await JuneAsync(stage.Periods);
        Assert.Equal([new NotCompared(before.Name, "its counts cannot be opened")], comparison!.Without);
    }

    static async Task<KeptComparison?> JuneAsync(ComparePeriods periods) => (await periods.RunAsync(
        QueryStage.Row(6, SubmissionState.Open), QueryStage.Spec, QueryStage.Result(QueryStage.Cube("drugs 4321")),
        Stop)).Comparison;

    [Fact]
    public async Task TheOwnCube_IsOpenedOnceForCountsAndPlaces()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        await stage.SealAsync(1, QueryStage.Cube("drugs 4321"), Stop);
        var now = QueryStage.Located(QueryStage.Cube("drugs 1234"), new LocationQuality(1000, 200, 34));
        var row = await stage.SealAsync(2, now, Stop);
        var (report, comparison) = await stage.Periods.RunAsync(row, QueryStage.Spec, QueryStage.Result(now), Stop);
        var read = ReportJson.FromRow(ReportJson.ToRow(row.Id, report, comparison, []));
        var counting = new CountingReads(stage.Keys.Store, row.CubeOf(1));
        var periods = stage.With(counting);
        var (counts, figures) = await periods.CountsOfAsync(row, read, QueryStage.Spec, Stop);
        Assert.NotEmpty(counts);
        Assert.Equal((1, now.Figures), (counting.Reads, figures));
        Assert.Equal(now.Figures, await periods.FiguresAsync(row, Stop));
    }

    sealed class CountingReads(IObjectStore inner, ObjectName counted) : StoreBetween(inner)
    {
        public int Reads { get; private set; }

        public override Task<StoredObject> OpenAsync(ObjectName name, CancellationToken ct)
        {
            Reads += name == counted ? 1 : 0;
            return base.OpenAsync(name, ct);
        }
    }

    [Fact]
    public async Task KeptReport_HoldsNoCount_AndTheCountsAreReadFromTheCubesWhileTheyAreThere()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var before = await stage.SealAsync(1, QueryStage.Cube("drugs 4321", "burglary 900"), Stop);
        var now = QueryStage.Cube("drugs 1234", "burglary 900");
        var row = await stage.SealAsync(2, now, Stop);
        var (report, comparison) = await stage.Periods.RunAsync(row, QueryStage.Spec, QueryStage.Result(now), Stop);
        var kept = ReportJson.ToRow(row.Id, report, comparison, []);
        Assert.Equal(2, kept.Queries);
        foreach (var count in new[] { "4321", "1234", "5221", "2134", "900" })
            Assert.DoesNotContain(count, kept.Json, StringComparison.Ordinal);

        const string Drugs = $"Q702.crime_type.{QueryStage.Area}.drugs.below";
        var read = ReportJson.FromRow(kept);
        var (counts, _) = await stage.Periods.CountsOfAsync(row, read, QueryStage.Spec, Stop);
        Assert.Equal((1234, 4321L), (counts[Drugs].Count, counts[Drugs].Before.Single().Count));

        await stage.Keys.Store.DeleteAsync(before.CubeOf(1), Stop);
        (counts, _) = await stage.Periods.CountsOfAsync(row, read, QueryStage.Spec, Stop);
        Assert.Equal((1234, (long?)null), (counts[Drugs].Count, counts[Drugs].Before.Single().Count));
    }

    [Fact]
    public async Task OnlyTheLastOfTheOwn_WithAnAreaOfIts_AreCompared()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var own = new List<string>();
        for (var month = 1; month <= 6; month++)
            own.Add((await stage.SealAsync(month, QueryStage.Cube("drugs 100"), Stop)).Name);
        var (elsewhere, later) = (Of(QueryStage.Row(6), areas: "X22000002"), QueryStage.Row(7));
        await stage.AddAsync(elsewhere, later, Of(QueryStage.Row(6), party: "northmere-west-health"));
        var (report, comparison) = await stage.Periods.RunAsync(
            QueryStage.Row(7, SubmissionState.Open), QueryStage.Spec,
            QueryStage.Result(QueryStage.Cube("drugs 101")), Stop);
        Assert.Equal(own[^4..].AsEnumerable().Reverse(), comparison!.With);
        Assert.Empty(report.Groups);
    }

    [Fact]
    public async Task NilReturn_SaysThatEveryCountIsZero()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        await stage.AddAsync(Of(QueryStage.Row(1), nil: "nothing-recorded"));
        var (report, _) = await stage.Periods.RunAsync(
            QueryStage.Row(2, SubmissionState.Open), QueryStage.Spec,
            QueryStage.Result(QueryStage.Cube("drugs 150")), Stop);
        Assert.Equal(2, report.QueryCount);
    }

    [Fact]
    public async Task MoreFindingsThanAreListed_AreOneQueryMoreWithTheirNumber()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        string[] codes = [.. Enumerable.Range(1, 9).Select(i => $"code{i}")];
        await stage.SealAsync(1, QueryStage.Cube([.. codes.Select(c => c + " 100")]), Stop);
        var periods = new ComparePeriods(
            stage.Keys.Gate, stage.Keys.Catalogue, stage.Keys.Store, stage.Keys.Keys,
            new Limits { FindingsListed = 3 });
        var (report, _) = await periods.RunAsync(
            QueryStage.Row(2, SubmissionState.Open), QueryStage.Spec,
            QueryStage.Result(QueryStage.Cube([.. codes.Select((c, i) => $"{c} {1000 + i}")])), Stop);
        Assert.Equal((4, 10, true), (report.Groups.Count, report.QueryCount, report.Truncated));
        Assert.Equal(
            ("Q702", 7, true), (report.Groups[^1].Id, report.Groups[^1].Count, report.Groups[^1].IsRest));
        Assert.All(report.Groups.SkipLast(1), g => Assert.EndsWith(" It is above.", g.Description));
    }

    [Fact]
    public async Task DatasetWithoutTheBlock_IsNotCompared()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var (_, comparison) = await stage.Periods.RunAsync(
            QueryStage.Row(2, SubmissionState.Open), QueryStage.Spec with { Plausibility = null },
            QueryStage.Result(QueryStage.Cube("drugs 150")), Stop);
        Assert.Null(comparison);
    }

    static SubmissionRow Of(SubmissionRow row, string? areas = null, string? party = null, string? nil = null) => new()
    {
        Id = row.Id + "x", Agreement = row.Agreement, AgreementRevision = "", Party = party ?? row.Party,
        Dataset = row.Dataset, PeriodStart = row.PeriodStart, PeriodEnd = row.PeriodEnd, Areas = areas ?? row.Areas,
        State = row.State, NilReason = nil, CreatedBy = "", CreateTicks = 0, ExpireTicks = 0,
    };
}
