using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Releases;

/// <summary>Published, and not yet readable.</summary>
[Collection(ApprovedTogether.Name)]
public sealed class EmbargoTests(ApprovedExchange northmere)
{
    const string File = "area-by-type.csv";
    const string Embargoed = "FailedPrecondition EMBARGOED";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    FeedService.FeedServiceClient Analyst => northmere.Feeds(Northmere.CouncilAnalyst);

    [Fact]
    public async Task ReadersWait_StewardsLookAtIt()
    {
        var release = await PublishAsync();
        var refused = await Problem.IsAsync(Embargoed, () => ReadAsync(release.Name));
        Assert.Equal(
            release.ReadableTime.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null), refused["until"]);
        var later = release.ReadableTime.ToDateTime() - release.PublishTime.ToDateTime();
        Assert.InRange(later, TimeSpan.FromHours(23), TimeSpan.FromHours(49));
        await Problem.IsAsync(Embargoed, async () => await Analyst.ReadTableAsync(
            new ReadTableRequest { Name = release.Name, Table = "area-by-type", Purpose = ApprovedExchange.Purpose },
            cancellationToken: Stop));
        await Problem.IsAsync(Embargoed, async () => await Analyst.CompareReleasesAsync(
            new CompareReleasesRequest
            {
                Name = release.Name, Other = release.Name, Purpose = ApprovedExchange.Purpose,
            },
            cancellationToken: Stop));
        var feed = await FeedAsync();
        Assert.NotEqual(release.Name, feed.LatestRelease);
        Assert.NotNull(feed.NextReadableTime);
        var seen = await northmere.ReadAsync(Northmere.Steward, release.Name, File, purpose: "");
        var list = await Analyst.ListReleasesAsync(
            new ListReleasesRequest { Parent = Northmere.StreetFeed }, cancellationToken: Stop);
        Assert.Equal(release.ReadableTime, list.Releases.Single(r => r.Name == release.Name).ReadableTime);

        // As if the days had passed.
        northmere.Catalogue.Change(
            "update Releases set ReadableTicks = PublishTicks where Feed = $feed",
            ("$feed", "street-level-by-csp"));
        Assert.Equal(seen, await ReadAsync(release.Name));
        Assert.Equal(release.Name, (await FeedAsync()).LatestRelease);
        await Problem.IsAsync(
            "PermissionDenied ROLE_NOT_PERMITTED",
            () => northmere.ReadAsync(Northmere.Steward, release.Name, File));
    }

    [Fact]
    public async Task ALaterDay_CanBeSaid_AndNoneThatIsOver()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var slot = northmere.NextSlot();
        await northmere.Police.SubmitAsync(northmere.Police.Request(slot.Month, slot.Area), slot.Table());
        var request = Order(slot);
        request.EmbargoUntilDate = Day(today.AddDays(30));
        var release = await northmere.Feeds(Northmere.Steward).PublishReleaseAsync(request, cancellationToken: Stop);
        var until = release.ReadableTime.ToDateTime();
        Assert.InRange(DateOnly.FromDateTime(until), today.AddDays(29), today.AddDays(30));
        foreach (var day in new[] { today.AddDays(-1), today.AddDays(400) })
        {
            request.EmbargoUntilDate = Day(day);
            await Problem.IsAsync("InvalidArgument EMBARGO_INVALID", async () => await northmere
                .Feeds(Northmere.Steward).PublishReleaseAsync(request, cancellationToken: Stop));
        }
    }

    async Task<Release> PublishAsync()
    {
        var slot = northmere.NextSlot();
        await northmere.Police.SubmitAsync(northmere.Police.Request(slot.Month, slot.Area), slot.Table());
        return await northmere.Feeds(Northmere.Steward).PublishReleaseAsync(Order(slot), cancellationToken: Stop);
    }

    static PublishReleaseRequest Order(Slot slot) => new() { Parent = Northmere.StreetFeed, Period = slot.Month };

    static Google.Type.Date Day(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    Task<byte[]> ReadAsync(string name) => northmere.ReadAsync(Northmere.CouncilAnalyst, name, File);

    async Task<Feed> FeedAsync() => (await Analyst.ListFeedsAsync(
        new ListFeedsRequest { Parent = Northmere.Agreement }, cancellationToken: Stop)).Feeds
        .Single(f => f.Name == Northmere.StreetFeed);
}
