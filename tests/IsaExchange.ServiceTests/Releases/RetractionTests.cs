using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Records;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Releases;

/// <summary>A release that is taken back is marked, told of, and never forgotten.</summary>
[Collection(ApprovedTogether.Name)]
public sealed class RetractionTests(ApprovedExchange northmere)
{
    const string Feed = Northmere.Agreement + "/feeds/recorded-crime-by-csp";
    const string File = "area-by-group.csv";
    const string Retracted = "FailedPrecondition RETRACTED";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    FeedService.FeedServiceClient Analyst => northmere.Feeds(Northmere.CouncilAnalyst);

    [Fact]
    public async Task WhoeverTookIt_IsTold_AndNobodyReadsItByMistake()
    {
        var (before, release) = (await PublishAsync(2020), await PublishAsync(2021));
        var bytes = await northmere.ReadAsync(Northmere.CouncilAnalyst, release.Name, File);
        var statements = northmere.Statements(release.Name);
        var request = Retract(release, "one month is counted twice");
        await Problem.IsAsync(
            "PermissionDenied ROLE_NOT_PERMITTED",
            async () => await Analyst.RetractReleaseAsync(request, cancellationToken: Stop));
        request.RequestId = Guid.NewGuid().ToString("D");
        var steward = northmere.Feeds(Northmere.Steward);
        var retracted = await steward.RetractReleaseAsync(request, cancellationToken: Stop);
        Assert.Equal(retracted, await steward.RetractReleaseAsync(request, cancellationToken: Stop));
        await Problem.IsAsync("FailedPrecondition ALREADY_RETRACTED", async () => await steward.RetractReleaseAsync(
            Retract(release, "again"), cancellationToken: Stop));

        await RefusedAsync(release, before);
        Assert.Equal(
            bytes, await northmere.ReadAsync(Northmere.CouncilAnalyst, release.Name, File, evenIfRetracted: true));
        var found = await Analyst.GetReleaseAsync(
            new GetReleaseRequest { Name = release.Name }, cancellationToken: Stop);
        Assert.Equal("one month is counted twice", found.Retraction.Reason);
        Assert.Equal(release.ManifestNote, found.ManifestNote);
        Assert.Contains(
            $"release {release.Name}\n", SignedNote.Open(found.Retraction.Note, [northmere.LogKey]).Text,
            StringComparison.Ordinal);
        Assert.Equal(statements, northmere.Statements(release.Name));
        var latest = await Analyst.GetReleaseAsync(
            new GetReleaseRequest { Name = Feed + "/releases/latest" }, cancellationToken: Stop);
        Assert.Equal(before.Name, latest.Name);
        await ToldAsync(release);
    }

    async Task RefusedAsync(Release release, Release before)
    {
        await Problem.IsAsync(
            Retracted, () => northmere.ReadAsync(Northmere.CouncilAnalyst, release.Name, File));
        await Problem.IsAsync(Retracted, async () => await Analyst.ReadTableAsync(
            new ReadTableRequest
            {
                Name = release.Name, Table = "area-by-group", Purpose = ApprovedExchange.Purpose,
            },
            cancellationToken: Stop));
        var compare = new CompareReleasesRequest
        {
            Name = before.Name, Other = release.Name, Purpose = ApprovedExchange.Purpose,
        };
        await Problem.IsAsync(
            Retracted, async () => await Analyst.CompareReleasesAsync(compare, cancellationToken: Stop));
        compare.EvenIfRetracted = true;
        var compared = await Analyst.CompareReleasesAsync(compare, cancellationToken: Stop);
        Assert.Null(compared.First.Release.Retraction);
        Assert.NotNull(compared.Other.Release.Retraction);
    }

    /// <summary>The recall list names whoever took it, and so does the outbox.</summary>
    async Task ToldAsync(Release release)
    {
        var recall = await northmere.Feeds(Northmere.Steward).ReadReleaseRecallAsync(
            new ReadReleaseRecallRequest { Name = release.Name }, cancellationToken: Stop);
        Assert.All(recall.Pulls, p => Assert.StartsWith(release.Name + "/files/", p.Object, StringComparison.Ordinal));
        Assert.Contains(recall.Pulls, p => (p.ActorName, p.Party, p.Purpose)
            == ("Priya Raman", "northmere-county-council", ApprovedExchange.Purpose));
        var notices = await northmere.Compliance(Northmere.Steward).ListNoticesAsync(
            new ListNoticesRequest { Parent = Northmere.Agreement, PageSize = 100 }, cancellationToken: Stop);
        var told = notices.Notices.Where(n => n.Kinds.Contains("retracted")).Select(n => n.Recipient).ToList();
        Assert.Contains(Northmere.CouncilAnalyst, told);
        Assert.DoesNotContain(Northmere.WestOfficer, told);
        Assert.Equal(told.Distinct(), told);
    }

    static RetractReleaseRequest Retract(Release release, string reason) => new()
    {
        Name = release.Name, Reason = reason,
    };

    [Fact]
    public async Task ATrial_ChangesNothing_AndAReasonIsNeeded()
    {
        var release = await PublishAsync(2022);
        var steward = northmere.Feeds(Northmere.Steward);
        var request = Retract(release, "a trial");
        request.ValidateOnly = true;
        Assert.Null((await steward.RetractReleaseAsync(request, cancellationToken: Stop)).Retraction);
        Assert.NotEmpty(await northmere.ReadAsync(Northmere.CouncilAnalyst, release.Name, File));
        await Problem.IsAsync("InvalidArgument REASON_REQUIRED", async () => await steward.RetractReleaseAsync(
            Retract(release, " "), cancellationToken: Stop));
        await Problem.IsAsync("NotFound NOT_FOUND", async () => await steward.RetractReleaseAsync(
            new RetractReleaseRequest { Name = Feed + "/releases/latest", Reason = "which" }, cancellationToken: Stop));
    }

    async Task<Release> PublishAsync(int year)
    {
        var sender = new WireSender(northmere.Submissions(Northmere.PoliceSender), RecordsExchange.Crime);
        var file = new CrimeFile(Northmere.Quarter(year, 1));
        await sender.SubmitAsync(sender.Request(file.Quarter, CrimeFile.Areas), file.Content);
        return await northmere.Feeds(Northmere.Steward).PublishReleaseAsync(
            new PublishReleaseRequest { Parent = Feed, Period = file.Quarter }, cancellationToken: Stop);
    }
}
