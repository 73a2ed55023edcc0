using System.Security.Cryptography;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>Two processes of one exchange on the same servers: neither keeps what the other needs.</summary>
[Collection(ReplicaPairTests.Name)]
public sealed class ReplicaTests(ReplicaPair pair, ITestOutputHelper output)
{
    const int MessageBytes = 256 << 10;
    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    TestExchange One => pair.One;

    TestExchange Other => pair.Other;

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task UploadBegunOnOne_IsFinishedOnTheOther()
    {
        var handOvers = IsFull ? 100 : 4;
        for (var round = 0; round < handOvers; round++)
        {
            var slot = SlotOf(round);
            var content = slot.Table(60_000 + (round * 17));
            var request = Sender(One).Request(slot);
            var created = await Sender(One).CreateAsync(request);

            // Cut anywhere: what is acknowledged is there for the other.
            var cut = (int)((content.Length * (round + 1L) / (handOvers + 1)) & ~1023);
            var acknowledged = await BreakOffAsync(One, created.Name, content, cut);
            var status = await Sender(Other).StatusAsync(created.Name);
            Assert.True(
                status.PersistedSize >= acknowledged, $"{acknowledged} acknowledged, {status.PersistedSize} there");
            var finished = await FinishAsync(Other, created.Name, content, (int)status.PersistedSize);
            Assert.Equal(Submission.Types.State.Ready, finished.State);
            Assert.Equal(SHA256.HashData(content), finished.ContentSha256.ToByteArray());

            // Back on the first: what it remembers of the upload counts for nothing any more.
            Assert.True((await Sender(One).StatusAsync(created.Name)).Complete);
            Assert.NotNull((await Sender(round % 2 == 0 ? One : Other).SubmitAsync(created.Name)).Receipt);
        }

        output.WriteLine($"{handOvers} hand-overs, 0 corrupt");
        await pair.SoundAsync();
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task BothSubmitTheSame_OneReceiptAndTheSameAnswer()
    {
        var races = IsFull ? 100 : 6;
        for (var round = 0; round < races; round++)
        {
            var slot = SlotOf(110 + round);
            var sent = await Sender(One).SendAsync(Sender(One).Request(slot), slot.Table(50));
            var request = new SubmitSubmissionRequest
            {
                Name = sent.Name, RequestId = Uploads.NewRequestId(Random.Shared),
            };
            var answers = await Task.WhenAll(SubmitAsync(One, request), SubmitAsync(Other, request));
            var receipts = answers.Where(a => a.Receipt is not null).ToList();
            Assert.True(receipts.Count > 0, string.Join(" | ", answers.Select(a => a.Refused?.Status.Detail)));
            Assert.Single(receipts.Select(r => r.Receipt!.SignedNote).Distinct());
            Assert.All(answers.Where(a => a.Refused is not null), a => Assert.True(
                a.Refused!.StatusCode is StatusCode.FailedPrecondition or StatusCode.Aborted, a.Refused.ToString()));
        }

        output.WriteLine($"{races} races, {races} single winners");
        await pair.SoundAsync();
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task BothCreateTheSame_OneSubmission()
    {
        var races = IsFull ? 100 : 6;
        for (var round = 0; round < races; round++)
        {
            var request = Sender(One).Request(SlotOf(220 + round));
            request.RequestId = Uploads.NewRequestId(Random.Shared);
            var answers = await Task.WhenAll(CreateAsync(One, request), CreateAsync(Other, request));
            Assert.Single(answers.OfType<Submission>().Select(s => s.Name).Distinct());
        }

        output.WriteLine($"{races} races, 1 submission each");
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task BothPublishTheSame_NumbersAreGivenOnce()
    {
        var slot = SlotOf(350);
        await Sender(One).SubmitAsync(Sender(One).Request(slot), slot.Table(30));
        var published = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(n => PublishAsync(n % 2 == 0 ? One : Other, slot)));
        var names = published.OfType<Release>().Select(r => r.Name).ToList();
        Assert.NotEmpty(names);
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        await pair.SoundAsync();
    }

    static async Task<Release?> PublishAsync(TestExchange exchange, Slot slot)
    {
        try
        {
            return await new FeedService.FeedServiceClient(exchange.As(Northmere.Steward)).PublishReleaseAsync(
                new PublishReleaseRequest
                {
                    Parent = Northmere.StreetFeed, Period = slot.Month,
                    RequestId = Uploads.NewRequestId(Random.Shared),
                },
                Uploads.Options(Stop));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Aborted)
        {
            // Told to publish again.
            return null;
        }
    }

    static async Task<Submission?> CreateAsync(TestExchange exchange, CreateSubmissionRequest request)
    {
        try
        {
            return await Sender(exchange).CreateAsync(request.Clone());
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Aborted)
        {
            return null;
        }
    }

    static async Task<(Receipt? Receipt, RpcException? Refused)> SubmitAsync(
        TestExchange exchange, SubmitSubmissionRequest request)
    {
        try
        {
            var submissions = Sender(exchange).Submissions;
            return ((await submissions.SubmitSubmissionAsync(request, Uploads.Options(Stop))).Receipt, null);
        }
        catch (RpcException e)
        {
            return (null, e);
        }
    }

    /// <summary>Sends up to <paramref name="upTo"/>, asks how much is durable, and goes away.</summary>
    static async Task<long> BreakOffAsync(TestExchange exchange, string name, byte[] content, int upTo)
    {
        var sender = Sender(exchange);
        using var call = sender.Submissions.WriteContent(Uploads.Options(Stop));
        for (var at = 0; at < upTo; at += MessageBytes)
            await call.RequestStream.WriteAsync(
                WireSender.Message(name, content, at, Math.Min(MessageBytes, upTo - at)), Stop);
        await call.RequestStream.CompleteAsync();
        return (await call).PersistedSize;
    }

    static async Task<Submission> FinishAsync(TestExchange exchange, string name, byte[] content, int from)
    {
        var messages = new List<WriteContentRequest>();
        for (var at = from; at < content.Length; at += MessageBytes)
            messages.Add(WireSender.Message(name, content, at, Math.Min(MessageBytes, content.Length - at)));
        messages.Add(Uploads.End(name, content.Length, SHA256.HashData(content)));
        return (await Sender(exchange).WriteAsync(messages)).Submission;
    }

    static WireSender Sender(TestExchange exchange) =>
        new(new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender)), Northmere.Street);

    static Slot SlotOf(int index) => new(
        Northmere.Months(NorthmerePolicies.FirstMonth.AddMonths(index / Northmere.Areas.Count), 1),
        Northmere.Areas[index % Northmere.Areas.Count]);
}
