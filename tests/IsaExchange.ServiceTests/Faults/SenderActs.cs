using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>What a sender does, by the bare protocol. Each act writes into its story what was acknowledged.</summary>
sealed class SenderActs(SubmissionService.SubmissionServiceClient exchange, Random random)
{
    static readonly int[] MessageSizes = [1 << 20, 256 << 10, 64 << 10, 50_001, 4_000];

    long _sent;

    /// <summary>Offset behind the last byte handed to the wire.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>The last message of the content is on the wire.</summary>
    public bool HasEnded { get; private set; }

    public async Task<Submission> CreateAsync(Story story, CancellationToken ct)
    {
        var request = Uploads.Create(story.File, story.CreateRequest);
        var created = await exchange.CreateSubmissionAsync(request, Uploads.Options(ct));
        Assert.True(story.Name.Length == 0 || story.Name == created.Name, "One request id made two submissions.");
        story.Name = created.Name;
        return created;
    }

    /// <summary>Sends the rest, and the digest of all.</summary>
    public Task<Submission> FinishAsync(Story story, CancellationToken ct) =>
        StreamAsync(story, story.Content.Length, finish: true, ct);

    /// <summary>Sends from what is persisted up to an offset; at the end of the content also its digest.</summary>
    public async Task<Submission> StreamAsync(Story story, long upTo, bool finish, CancellationToken ct)
    {
        using var call = exchange.WriteContent(Uploads.Options(ct));
        try
        {
            await WriteAsync(call.RequestStream, story, upTo, finish, ct);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The call has ended, or its link has; which is in the answer.
        }

        var answer = await call.ResponseAsync;
        Acknowledge(story, answer.PersistedSize, upTo);
        if (finish)
            Verdict(story, answer.Submission);
        return answer.Submission;
    }

    async Task WriteAsync(
        IClientStreamWriter<WriteContentRequest> stream, Story story, long upTo, bool finish, CancellationToken ct)
    {
        var size = MessageSizes[random.Next(story.Content.Length > 1 << 20 ? 4 : 5)];
        for (var at = story.Persisted; at < upTo;)
        {
            var part = story.Content.AsMemory((int)at, (int)Math.Min(size, upTo - at));
            await stream.WriteAsync(Uploads.Message(story.Name, at, part.Span), ct);
            at += part.Length;
            Volatile.Write(ref _sent, at);
        }

        if (finish)
            await stream.WriteAsync(Uploads.End(story.Name, upTo, story.Sha256), ct);
        HasEnded = finish;
        await stream.CompleteAsync();
    }

    /// <summary>Some messages by the unary twin, each acknowledged by itself.</summary>
    public async Task AppendAsync(Story story, int messages, CancellationToken ct)
    {
        var at = story.Persisted;
        for (var i = 0; i < messages && at < story.Content.Length; i++)
        {
            var size = (int)Math.Min(random.Next(1, 1 << 20), story.Content.Length - at);
            var part = story.Content.AsMemory((int)at, size);
            var message = Uploads.Message(story.Name, at, part.Span);
            var answer = await exchange.AppendContentAsync(message, Uploads.Options(ct));
            at += part.Length;
            Acknowledge(story, answer.PersistedSize, at);
        }
    }

    /// <summary>Asks how far the upload is, which restores it when the service was killed.</summary>
    public async Task AskAsync(Story story, CancellationToken ct)
    {
        var question = new QueryWriteStatusRequest { Name = story.Name };
        var status = await exchange.QueryWriteStatusAsync(question, Uploads.Options(ct));
        Acknowledge(story, status.PersistedSize, story.Content.Length);
        Assert.True(status.Complete || !story.IsWhole, "A verdict that was given is gone.");
        if (status.Complete)
            Verdict(story, await GetAsync(story, ct));
    }

    public async Task<Submission> GetAsync(Story story, CancellationToken ct) =>
        await exchange.GetSubmissionAsync(new GetSubmissionRequest { Name = story.Name }, Uploads.Options(ct));

    public async Task<Submission> SubmitAsync(Story story, CancellationToken ct)
    {
        var submitted = await exchange.SubmitSubmissionAsync(
            new SubmitSubmissionRequest { Name = story.Name, RequestId = story.SubmitRequest }, Uploads.Options(ct));
        Assert.Equal(Submission.Types.State.Submitted, submitted.State);
        var isTheSame = story.Receipt is null || story.Receipt.SignedNote == submitted.Receipt.SignedNote;
        Assert.True(isTheSame, "One request id has two receipts.");
        story.Receipt = submitted.Receipt;
        return submitted;
    }

    /// <summary>Every submission of the dataset, as the exchange lists them.</summary>
    public async Task<List<Submission>> ListAsync(CancellationToken ct)
    {
        var request = new ListSubmissionsRequest
        {
            Parent = Northmere.Street, PageSize = 1000,
        };
        return [.. (await exchange.ListSubmissionsAsync(request, Uploads.Options(ct))).Submissions];
    }

    static void Acknowledge(Story story, long persisted, long sent)
    {
        var before = story.Persisted;
        Assert.True(persisted >= before, $"{persisted} bytes are persisted, {before} were acknowledged.");
        Assert.True(persisted <= sent, $"{persisted} bytes are acknowledged, {sent} were sent.");
        story.Persisted = persisted;
    }

    static void Verdict(Story story, Submission submission)
    {
        var isGood = submission.State is Submission.Types.State.Ready or Submission.Types.State.Submitted;
        Assert.True(isGood, $"{submission.State}");
        Assert.Equal(story.Sha256, submission.ContentSha256.ToByteArray());
        story.IsWhole = true;
    }
}
