using System.Security.Cryptography;
using Grpc.Core;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>What came, whole: the first and the last message of the stream.</summary>
sealed record ReceivedRecords(RecordsHead Head, RecordsEnd End);

/// <summary>
/// Brings records home. The file takes its name only when count, size and SHA-256 are those that the exchange ended
/// with: what was cut on the way is never mistaken for all there is.
/// </summary>
sealed class RecordsDownload(Invocation run, ReadRecordsRequest request)
{
    RecordsHead? _head;
    RecordsEnd? _end;
    long _lines;

    public async Task<ReceivedRecords> Run(string path)
    {
        await using var file = ArrivingFile.Create(path);
        await Resilience.Stream(options => Receive(file.Content, options), run.Stop);
        var got = await Check(file.Content);
        await file.Arrive();
        return got;
    }

    // A broken stream begins again, and is another read in the log: each of them took what it took.
    async Task Receive(FileStream target, CallOptions options)
    {
        (_head, _end, _lines) = (null, null, 0);
        target.SetLength(0);
        using var call = run.Exchange.Submissions.ReadRecords(request, options);
        await foreach (var message in call.ResponseStream.ReadAllAsync(run.Stop))
        {
            if (_end is not null || _head is null != (message.PartCase is ReadRecordsResponse.PartOneofCase.Head))
                throw Cut("messages came in the wrong order");
            switch (message.PartCase)
            {
                case ReadRecordsResponse.PartOneofCase.Head: _head = message.Head; break;
                case ReadRecordsResponse.PartOneofCase.End: _end = message.End; break;
                default:
                    _lines += message.Data.Span.Count((byte)'\n');
                    await target.WriteAsync(message.Data.Memory, run.Stop);
                    break;
            }
        }
    }

    async Task<ReceivedRecords> Check(FileStream content)
    {
        if (_head is not { } head || _end is not { } end)
            throw Cut("the stream ended before its last message");
        content.Position = 0;
        var digest = await SHA256.HashDataAsync(content, run.Stop);
        if (content.Length != end.SizeBytes || !digest.AsSpan().SequenceEqual(end.Sha256.Span))
            throw Cut("size or SHA-256 differ from what was sent");

        // Values of a dataset hold no line ends: it has no free text.
        if (_lines != end.RowCount + 1)
            throw Cut("the number of records differs from what was sent");
        return new ReceivedRecords(head, end);
    }

    static VerbException Cut(string why) =>
        new(ExitCode.Integrity, $"the records did not come whole, {why}; nothing was written");
}
