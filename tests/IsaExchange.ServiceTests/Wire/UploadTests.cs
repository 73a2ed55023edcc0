using Google.Protobuf;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>Bytes arrive once, whole, in order and as they were sent, or the sender is told so.</summary>
[Collection(WireTogether.Name)]
public sealed class UploadTests(WireExchange northmere)
{
    const int ChunkBytes = 64 << 10;

    // Three chunks and a bit.
    static readonly byte[] Content = Slot.Unused.Table(7000);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    WireSender Police => northmere.Police;

    /// <summary>An upload of which the first 100,000 bytes were sent, in a stream that ended.</summary>
    async Task<string> BegunAsync()
    {
        var name = (await Police.CreateAsync(Slot.Unused)).Name;
        var written = await Police.WriteAsync(WireSender.Message(name, Content, 0, 100_000));
        Assert.Equal(ChunkBytes, written.PersistedSize);
        Assert.Equal(Submission.Types.State.Validating, written.Submission.State);
        return name;
    }

    Task<Problem> RefusedAsync(params IEnumerable<WriteContentRequest> messages) =>
        Problem.OfAsync(() => Police.WriteAsync(messages));

    async Task<Submission> FinishAsync(string name, int offset) => (await Police.WriteAsync(
        WireSender.Finish(WireSender.Message(name, Content, offset, Content.Length - offset), Content))).Submission;

    [Theory]
    [InlineData(100_001)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public async Task OffsetThatLeavesAGapOrGoesBackTooFar_IsRefusedWithTheRightOne(int offset)
    {
        var name = await BegunAsync();
        var message = WireSender.Message(name, Content, 0, 1000);
        message.WriteOffset = offset;
        var problem = await RefusedAsync(message);
        Assert.Equal("OutOfRange WRONG_OFFSET", problem.ToString());
        Assert.Equal("65536", problem["persisted_size"]);
        Assert.Equal(Submission.Types.State.Ready, (await FinishAsync(name, ChunkBytes)).State);
    }

    [Fact]
    public async Task OffsetBeyondEveryNumber_IsRefused()
    {
        var name = await BegunAsync();
        var message = WireSender.Message(name, Content, 0, 1000);
        message.WriteOffset = long.MaxValue - 10;
        Assert.Equal("OutOfRange WRONG_OFFSET", (await RefusedAsync(message)).ToString());
    }

    [Fact]
    public async Task OverlapWithTheSameBytes_GoesOn()
    {
        var name = await BegunAsync();
        var finished = await FinishAsync(name, 90_000);
        Assert.Equal((Submission.Types.State.Ready, 7000), (finished.State, finished.RecordCount));
    }

    [Fact]
    public async Task OverlapWithOtherBytes_IsDataLoss()
    {
        var name = await BegunAsync();
        var other = Content.ToArray();
        other[95_000] ^= 1;
        var problem = await RefusedAsync(WireSender.Message(name, other, 90_000, 20_000));
        Assert.Equal("DataLoss CONTENT_CHANGED", problem.ToString());
        Assert.Equal(Submission.Types.State.Ready, (await FinishAsync(name, ChunkBytes)).State);
    }

    [Fact]
    public async Task BytesChangedOnTheWay_AreRefusedAndCanBeSentAgain()
    {
        var name = await BegunAsync();
        var message = WireSender.Message(name, Content, 100_000, 1000);
        message.Crc32C ^= 1;
        Assert.Equal("DataLoss CHECKSUM_MISMATCH", (await RefusedAsync(message)).ToString());
        Assert.Equal(Submission.Types.State.Ready, (await FinishAsync(name, 100_000)).State);
    }

    [Fact]
    public async Task ContentThatIsNotWhatItsDigestSays_StartsAgainFromZero()
    {
        var name = await BegunAsync();
        var last = WireSender.Finish(
            WireSender.Message(name, Content, 100_000, Content.Length - 100_000), Slot.Unused.Table(7001));
        Assert.Equal("DataLoss CHECKSUM_MISMATCH", (await RefusedAsync(last)).ToString());
        var status = await Police.StatusAsync(name);
        Assert.Equal((0, false), (status.PersistedSize, status.Complete));
        Assert.Equal(Submission.Types.State.Ready, (await FinishAsync(name, 0)).State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public async Task EndWithoutAWholeDigest_IsRefused(int bytes)
    {
        var name = await BegunAsync();
        var last = WireSender.Message(name, Content, 100_000, Content.Length - 100_000);
        (last.FinishWrite, last.ContentSha256) = (true, ByteString.CopyFrom(new byte[bytes]));
        Assert.Equal("InvalidArgument SHA256_REQUIRED", (await RefusedAsync(last)).ToString());
    }

    [Fact]
    public async Task StreamWithoutAMessage_IsRefused() =>
        Assert.Equal("InvalidArgument EMPTY_STREAM", (await RefusedAsync()).ToString());

    [Fact]
    public async Task StreamThatTurnsToAnotherSubmission_IsRefused()
    {
        var name = await BegunAsync();
        var other = (await Police.CreateAsync(Slot.Unused)).Name;
        var problem = await RefusedAsync(
            WireSender.Message(name, Content, 100_000, 1000), WireSender.Message(other, Content, 101_000, 1000));
        Assert.Equal("InvalidArgument NAME_CHANGED", problem.ToString());
    }

    [Fact]
    public async Task EmptyContent_NeedsCorrection()
    {
        var created = await Police.CreateAsync(Slot.Unused);
        var sent = await Police.WriteAsync(WireSender.Messages(created.Name, []));
        Assert.Equal(Submission.Types.State.NeedsCorrection, sent.Submission.State);
    }

    [Fact]
    public async Task SecondWriter_IsAbortedAndTheFirstGoesOn()
    {
        var name = (await Police.CreateAsync(Slot.Unused)).Name;
        using var first = await HoldAsync(name);
        Assert.Equal("Aborted CONCURRENT_WRITE",
            (await RefusedAsync(WireSender.Message(name, Content, 1000, 1000))).ToString());
        await Problem.IsAsync("Aborted CONCURRENT_WRITE", () =>
            Police.AppendAsync(WireSender.Message(name, Content, 1000, 1000)));
        await first.RequestStream.WriteAsync(
            WireSender.Finish(WireSender.Message(name, Content, 1000, Content.Length - 1000), Content), Stop);
        await first.RequestStream.CompleteAsync();
        Assert.Equal(Submission.Types.State.Ready, (await first).Submission.State);
    }

    [Fact]
    public async Task FifthUploadOfAParty_WaitsAndOtherPartiesDoNot()
    {
        var held = new List<AsyncClientStreamingCall<WriteContentRequest, WriteContentResponse>>();
        for (var i = 0; i < 4; i++)
            held.Add(await HoldAsync((await Police.CreateAsync(Slot.Unused)).Name));
        var fifth = (await Police.CreateAsync(Slot.Unused)).Name;
        Assert.Equal("ResourceExhausted QUOTA", (await RefusedAsync(WireSender.Messages(fifth, Content))).ToString());

        var east = new WireSender(northmere.Submissions(Northmere.EastSender), Northmere.EastAdmissions);
        var period = Northmere.Quarter(2024, 4);
        var theirs = await east.SendAsync(
            east.Request(period, "X22000003"), Northmere.AdmissionsTable(period, ("X22000003", "F10", 9)));
        Assert.Equal(Submission.Types.State.Ready, theirs.State);

        await held[0].RequestStream.CompleteAsync();
        await held[0];
        var sent = await Police.WriteAsync(WireSender.Messages(fifth, Content));
        Assert.Equal(Submission.Types.State.Ready, sent.Submission.State);
        held.ForEach(call => call.Dispose());
    }

    /// <summary>A stream that has been received in part and stays open.</summary>
    async Task<AsyncClientStreamingCall<WriteContentRequest, WriteContentResponse>> HoldAsync(string name)
    {
        var call = Police.Submissions.WriteContent(cancellationToken: Stop);
        await call.RequestStream.WriteAsync(WireSender.Message(name, Content, 0, 1000), Stop);
        while ((await Police.GetAsync(name)).State != Submission.Types.State.Validating)
            await Task.Delay(20, Stop);
        return call;
    }

    [Fact]
    public async Task AppendedMessageByMessage_IsTheSameSubmissionAsStreamed()
    {
        var (streamed, appended) = (await Police.CreateAsync(Slot.Unused), await Police.CreateAsync(Slot.Unused));
        await Police.WriteAsync(WireSender.Messages(streamed.Name, Content, 50_000));
        foreach (var message in WireSender.Messages(appended.Name, Content, 50_000))
            await Police.AppendAsync(message);
        streamed = await Police.GetAsync(streamed.Name);
        appended = await Police.GetAsync(appended.Name);
        Assert.Equal(Submission.Types.State.Ready, appended.State);
        Assert.Equal(streamed.ContentSha256, appended.ContentSha256);
        Assert.Equal((streamed.State, streamed.RecordCount, streamed.ViolationSummary),
            (appended.State, appended.RecordCount, appended.ViolationSummary));
    }

    [Fact]
    public async Task LastMessageAgain_IsAnsweredWithTheVerdict()
    {
        var sent = await Police.SendAsync(Police.Request(Slot.Unused), Content);
        var last = WireSender.Messages(sent.Name, Content)[^1];
        foreach (var again in new[] { await Police.WriteAsync(last), await Police.AppendAsync(last) })
            Assert.Equal((Content.Length, sent), (again.PersistedSize, again.Submission));
        var status = await Police.StatusAsync(sent.Name);
        Assert.Equal((Content.Length, true), (status.PersistedSize, status.Complete));
    }

    [Fact]
    public async Task OtherContentForACompleteUpload_IsDataLoss()
    {
        var sent = await Police.SendAsync(Police.Request(Slot.Unused), Content);
        var other = WireSender.Messages(sent.Name, Slot.Unused.Table(5))[^1];
        Assert.Equal("DataLoss CONTENT_CHANGED", (await RefusedAsync(other)).ToString());
        await Problem.IsAsync("DataLoss CONTENT_CHANGED", () => Police.AppendAsync(other));
    }

    [Fact]
    public async Task WriteToASubmittedOne_ChangesNothing()
    {
        var slot = northmere.NextSlot();
        var submitted = await northmere.IntegratedAsync(
            (await Police.SubmitAsync(Police.Request(slot), slot.Table())).Name);
        var again = await Police.WriteAsync(WireSender.Message(submitted.Name, Content, 0, 1000));
        Assert.Equal(submitted.ContentSha256, again.Submission.ContentSha256);
        Assert.Equal((Submission.Types.State.Submitted, submitted.Etag),
            (again.Submission.State, again.Submission.Etag));
    }

    [Fact]
    public async Task SenderThatHangsUp_IsNoIncidentAndCanGoOn()
    {
        var name = (await Police.CreateAsync(Slot.Unused)).Name;
        using (var abandoned = Police.Submissions.WriteContent(cancellationToken: Stop))
        {
            await abandoned.RequestStream.WriteAsync(WireSender.Message(name, Content, 0, 100_000), Stop);
            while ((await Police.GetAsync(name)).State != Submission.Types.State.Validating)
                await Task.Delay(20, Stop);
        }

        var (offset, left) = (-1L, TimeSpan.FromSeconds(20));
        for (; offset < 0 && left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(50))
            offset = await PersistedOnceFreeAsync(name);
        Assert.Equal(ChunkBytes, offset);
        Assert.Equal(Submission.Types.State.Ready, (await FinishAsync(name, ChunkBytes)).State);
        Assert.DoesNotContain("Incident", northmere.Exchange.Log, StringComparison.Ordinal);
    }

    async Task<long> PersistedOnceFreeAsync(string name)
    {
        try
        {
            return (await Police.StatusAsync(name)).PersistedSize;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Aborted)
        {
            await Task.Delay(50, Stop);
            return -1;
        }
    }
}
