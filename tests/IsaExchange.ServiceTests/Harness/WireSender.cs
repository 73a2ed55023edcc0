using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Google.Protobuf;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>A sender that speaks the wire by hand, so that it can also say what is wrong.</summary>
public sealed class WireSender(SubmissionService.SubmissionServiceClient submissions, string dataset)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public SubmissionService.SubmissionServiceClient Submissions { get; } = submissions;

    /// <summary>The request of a table, to be changed before it is sent.</summary>
    public CreateSubmissionRequest Request(Period period, params IEnumerable<string> areas)
    {
        var submission = new Submission { Period = period, ContentKind = ContentKind.Table };
        submission.Areas.Add(areas);
        return new CreateSubmissionRequest { Parent = dataset, Submission = submission };
    }

    public CreateSubmissionRequest Request(Slot slot) => Request(slot.Month, slot.Area);

    public async Task<Submission> CreateAsync(CreateSubmissionRequest request) =>
        await Submissions.CreateSubmissionAsync(request, cancellationToken: Stop);

    public Task<Submission> CreateAsync(Slot slot) => CreateAsync(Request(slot));

    /// <summary>Creates and sends whole content; the answer is the verdict.</summary>
    public async Task<Submission> SendAsync(CreateSubmissionRequest request, byte[] content)
    {
        var created = await CreateAsync(request);
        return (await WriteAsync(Messages(created.Name, content))).Submission;
    }

    /// <summary>Creates, sends and submits; fails when the content is not READY.</summary>
    public async Task<Submission> SubmitAsync(CreateSubmissionRequest request, byte[] content)
    {
        var sent = await SendAsync(request, content);
        Assert.Equal(Submission.Types.State.Ready, sent.State);
        return await SubmitAsync(sent.Name);
    }

    public async Task<Submission> SubmitAsync(string name) =>
        await Submissions.SubmitSubmissionAsync(new SubmitSubmissionRequest { Name = name }, cancellationToken: Stop);

    public async Task<Submission> GetAsync(string name) =>
        await Submissions.GetSubmissionAsync(new GetSubmissionRequest { Name = name }, cancellationToken: Stop);

    public async Task<QueryWriteStatusResponse> StatusAsync(string name) =>
        await Submissions.QueryWriteStatusAsync(new QueryWriteStatusRequest { Name = name }, cancellationToken: Stop);

    public async Task<WriteContentResponse> AppendAsync(WriteContentRequest message) =>
        await Submissions.AppendContentAsync(message, cancellationToken: Stop);

    /// <summary>One stream of the messages given.</summary>
    public async Task<WriteContentResponse> WriteAsync(params IEnumerable<WriteContentRequest> messages)
    {
        using var call = Submissions.WriteContent(cancellationToken: Stop);
        foreach (var message in messages)
        {
            try
            {
                await call.RequestStream.WriteAsync(message, Stop);
            }
            catch (Exception e) when (e is Grpc.Core.RpcException or InvalidOperationException)
            {
                // The answer came before the end of the content: it says why.
                break;
            }
        }

        try
        {
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is Grpc.Core.RpcException or InvalidOperationException)
        {
            return await call;
        }

        return await call;
    }

    /// <summary>Whole content as messages, the last one with the digest of all of it.</summary>
    public static IReadOnlyList<WriteContentRequest> Messages(string name, byte[] content, int messageBytes = 256 << 10)
    {
        var messages = new List<WriteContentRequest>();
        for (var offset = 0; offset == 0 || offset < content.Length; offset += messageBytes)
            messages.Add(Message(name, content, offset, Math.Min(messageBytes, content.Length - offset)));
        return [.. messages.SkipLast(1), Finish(messages[^1], content)];
    }

    /// <summary>Part of the content as one message.</summary>
    public static WriteContentRequest Message(string name, byte[] content, int offset, int count) => new()
    {
        Name = name,
        WriteOffset = offset,
        Data = ByteString.CopyFrom(content, offset, count),
        Crc32C = Checksum(content.AsSpan(offset, count)),
    };

    public static WriteContentRequest Finish(WriteContentRequest message, byte[] content)
    {
        message.FinishWrite = true;
        message.ContentSha256 = ByteString.CopyFrom(SHA256.HashData(content));
        return message;
    }

    /// <summary>CRC-32C (Castagnoli).</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
