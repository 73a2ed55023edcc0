using Google.Protobuf;
using Grpc.Core;
using IsaExchange.V1;

namespace IsaExchange.Cli.Wire;

/// <summary>
/// Brings a file's bytes to an open submission. After any break it asks what is durable (QueryWriteStatus) and goes on
/// from there; what the exchange acknowledged is never sent again, what it did not is never assumed.
/// </summary>
sealed class Upload(Connection exchange, string submission, ContentFile file, Action<long> progress)
{
    /// <summary>Bytes in a message: the knee between overhead and buffers.</summary>
    public const int MessageBytes = 256 * 1024;

    readonly UploadRounds _rounds = new();
    long _durable = -1;

    /// <returns>The submission once all its content is in and checked.</returns>
    public async Task<Submission> Run(CancellationToken stop) =>
        await Resilience.ForUpload(_rounds).ExecuteAsync(async token => await Round(token), stop);

    async Task<Submission> Round(CancellationToken stop)
    {
        var status = await Resilience.Call(
            o => exchange.Submissions.QueryWriteStatusAsync(new QueryWriteStatusRequest { Name = submission }, o),
                stop);
        NoteProgress(status.PersistedSize);
        if (status.Complete)
        {
            progress(file.Size);
            return await Resilience.Call(
                o => exchange.Submissions.GetSubmissionAsync(new GetSubmissionRequest { Name = submission }, o), stop);
        }
        return await Send(status.PersistedSize, stop);
    }

    void NoteProgress(long persisted)
    {
        if (persisted > file.Size)
            throw new VerbException(ExitCode.Integrity,
                $"the exchange holds {persisted} bytes of this submission, the file has {file.Size}; "
                + "nothing more was sent");
        if (persisted > _durable) _rounds.WithoutProgress = _rounds.Busy = 0;
        _durable = Math.Max(_durable, persisted);
        progress(persisted);
    }

    async Task<Submission> Send(long offset, CancellationToken stop)
    {
        await using var content = file.Open();
        content.Position = offset;
        using var call = exchange.Submissions.WriteContent(Resilience.UploadOptions(file.Size - offset, stop));
        // Where the exchange ended the call before the last message, its answer says why.
        await WriteAll(call.RequestStream, content, offset, stop);
        var answer = await call.ResponseAsync;
        progress(answer.PersistedSize);
        return answer.Submission;
    }

    async Task WriteAll(
        IClientStreamWriter<WriteContentRequest> target, FileStream content, long offset, CancellationToken stop)
    {
        var buffer = new byte[MessageBytes];
        var name = submission;
        bool last;
        do
        {
            var count = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
            last = offset + count >= file.Size;
            if (!last && count < buffer.Length || offset + count > file.Size) throw Changed();
            if (!await Taken(target.WriteAsync(Message(name, offset, buffer.AsMemory(0, count), last), stop))) return;
            name = "";
            offset += count;
            progress(offset);
        }
        while (!last);
        await Taken(target.CompleteAsync());
    }

    /// <summary>False when the call is over: a status came, or the link broke.</summary>
    static async Task<bool> Taken(Task write)
    {
        try
        {
            await write;
            return true;
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    // The buffer is free again when WriteAsync has completed: the message is on the wire by then.
    WriteContentRequest Message(string name, long offset, ReadOnlyMemory<byte> data, bool last) => new()
    {
        Name = name,
        WriteOffset = offset,
        Data = UnsafeByteOperations.UnsafeWrap(data),
        Crc32C = Crc32C.Of(data.Span),
        FinishWrite = last,
        ContentSha256 = last ? ByteString.CopyFrom(file.Sha256) : ByteString.Empty,
    };

    VerbException Changed() =>
        new(ExitCode.Conflict, $"{file.Path} changed while it was being sent", "run the same command again");
}
