using Grpc.Core;
using IsaExchange.Exchange;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>
/// Takes the messages of an upload, as a stream or one by one. gRPC lifts the web server's own limits on client streams
/// (body size, data rate, request timeout), so bytes, idle time and rate are limited here.
/// </summary>
sealed class ContentStream(ReceiveContent receive, Limits limits, TimeProvider clock)
{
    public async Task<WriteProgress> ReceiveAsync(Call call, IAsyncStreamReader<WriteContentRequest> messages)
    {
        var (caller, ct) = call;
        if (!await NextAsync(messages, ct))
            throw ExchangeException.Invalid("EMPTY_STREAM", "The first message names the submission.");
        var name = SubmissionName.Parse(messages.Current.Name);
        var writer = await receive.OpenAsync(caller, name, ct);
        if (writer is null)
            return await CompleteAlreadyAsync(name, messages.Current, ct);
        await using (writer)
        {
            call.Recheck(writer.RecheckAsync);
            var started = clock.GetTimestamp();
            var received = 0L;
            do
            {
                var message = messages.Current;
                if (message.Name.Length > 0 && message.Name != name.ToString())
                    throw ExchangeException.Invalid("NAME_CHANGED", "One stream carries one submission's content.");
                var length = message.Data.Length;
                await WriteAsync(writer, message, ct);
                if (message.FinishWrite)
                {
                    // A verdict is for good: what ended since the last look must not still bring one about.
                    await call.CheckAsync(ct);
                    return await writer.FinishAsync(message.ContentSha256.Memory, ct);
                }

                received += length;
                CheckRate(received, clock.GetElapsedTime(started));
            }
            while (await NextAsync(messages, ct));
            await writer.PersistAsync(ct);
            return new WriteProgress(writer.Persisted, false, writer.Submission);
        }
    }

    public async Task<WriteProgress> AppendAsync(Caller caller, WriteContentRequest message, CancellationToken ct)
    {
        var name = SubmissionName.Parse(message.Name);
        var writer = await receive.OpenAsync(caller, name, ct);
        if (writer is null)
            return await CompleteAlreadyAsync(name, message, ct);
        await using (writer)
        {
            await WriteAsync(writer, message, ct);
            if (message.FinishWrite)
                return await writer.FinishAsync(message.ContentSha256.Memory, ct);
            await writer.PersistAsync(ct);
            return new WriteProgress(writer.Persisted, false, writer.Submission);
        }
    }

    /// <summary>The pass has copied what it needs when it comes back; where it throws, the buffer is not used again.
    /// </summary>
    static async Task WriteAsync(ContentWriter writer, WriteContentRequest message, CancellationToken ct)
    {
        await writer.WriteAsync(new ContentMessage(message.WriteOffset, message.Data.Memory, message.Crc32C), ct);
        ContentMessages.Release(message);
    }

    // A lost reply makes a sender repeat the end of its content: the verdict stands and is given again.
    async Task<WriteProgress> CompleteAlreadyAsync(
        SubmissionName name, WriteContentRequest message, CancellationToken ct)
    {
        var row = await receive.RowAsync(name, ct);
        if (message.FinishWrite && Convert.ToHexStringLower(message.ContentSha256.Span) != row.ContentSha256)
            throw new ExchangeException(
                ProblemKind.DataLoss, "CONTENT_CHANGED",
                "This submission is complete with other content. Start a new submission with the right file.");
        return new WriteProgress(row.ContentBytes, true, row);
    }

    async Task<bool> NextAsync(IAsyncStreamReader<WriteContentRequest> messages, CancellationToken ct)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(ct);
        idle.CancelAfter(limits.UploadIdleMax);
        try
        {
            return await messages.MoveNext(idle.Token);
        }
        catch (IOException)
        {
            // The sender hung up, which is its right: nobody hears this, and it is no fault of ours.
            throw new RpcException(new Status(StatusCode.Cancelled, "The sender hung up."));
        }
        catch (Exception e) when (
            !ct.IsCancellationRequested && idle.IsCancellationRequested
                && e is OperationCanceledException or RpcException)
        {
            throw new ExchangeException(
                ProblemKind.DeadlineExceeded, "UPLOAD_IDLE",
                $"No content came for {limits.UploadIdleMax.TotalSeconds:0} seconds. Ask for the status and go on.");
        }
    }

    void CheckRate(long received, TimeSpan elapsed)
    {
        if (elapsed > limits.UploadRateGrace && received < elapsed.TotalSeconds * limits.UploadBytesPerSecondMin)
            throw new ExchangeException(
                ProblemKind.DeadlineExceeded, "UPLOAD_TOO_SLOW",
                $"Uploads bring at least {limits.UploadBytesPerSecondMin} bytes a second. Ask where to go on.");
    }
}
