using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>A small exchange with something of everything: what it acknowledged must outlive whatever is done to
/// it.</summary>
sealed record OperatedExchange(Submission Submitted, Submission Ready, string Release, byte[] ReleasedFile)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>One submitted, one that waits for its officer, one release.</summary>
    public static async Task<OperatedExchange> FillAsync(TestExchange exchange)
    {
        var sender = new WireSender(
            new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender)), Northmere.Street);
        var (first, second) = (NorthmerePolicies.FirstMonth, NorthmerePolicies.FirstMonth.AddMonths(1));
        var submitted = await SubmitAsync(sender, new Slot(Northmere.Months(first, 1), Northmere.Areas[0]));
        var waiting = new Slot(Northmere.Months(second, 1), Northmere.Areas[0]);
        var ready = await sender.SendAsync(sender.Request(waiting), waiting.Table(40_000));
        var feeds = new FeedService.FeedServiceClient(exchange.As(Northmere.Steward));
        var release = await feeds.PublishReleaseAsync(
            new PublishReleaseRequest
            {
                Parent = Northmere.StreetFeed, Period = Northmere.Months(first, 1), RequestId = Uploads.NewRequestId(
                    Random.Shared),
            },
            Uploads.Options(Stop));
        return new OperatedExchange(submitted, ready, release.Name, await ReadAsync(exchange, release.Name));
    }

    /// <summary>Receipt, release and the one that waits are as they were, and the exchange goes on.</summary>
    public async Task CheckAsync(TestExchange exchange)
    {
        var sender = new WireSender(
            new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender)), Northmere.Street);
        Assert.Equal(Submitted.Receipt.SignedNote, (await sender.GetAsync(Submitted.Name)).Receipt.SignedNote);
        Assert.Equal(ReleasedFile, await ReadAsync(exchange, Release));
        Assert.NotNull((await sender.SubmitAsync(Ready.Name)).Receipt);
    }

    static Task<Submission> SubmitAsync(WireSender sender, Slot slot) =>
        sender.SubmitAsync(sender.Request(slot), slot.Table(40_000));

    /// <summary>A file of the release, as an analyst gets it.</summary>
    public static async Task<byte[]> ReadAsync(TestExchange exchange, string release)
    {
        var feeds = new FeedService.FeedServiceClient(exchange.As(Northmere.CouncilAnalyst));
        using var call = feeds.ReadReleaseFile(
            new ReadReleaseFileRequest
            {
                Name = release, File = "manifest.json", Purpose = NorthmerePolicies.Purpose,
            },
            Uploads.Options(Stop));
        var content = new List<byte>();
        while (await call.ResponseStream.MoveNext(Stop))
            content.AddRange(call.ResponseStream.Current.Data.Span);
        return [.. content];
    }
}
