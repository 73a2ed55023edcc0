using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using IsaExchange.V1;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>The requests of an upload as a bare program makes them: no retries, no help.</summary>
public static class Uploads
{
    /// <summary>So long may any one call of a test take: a service that hangs must not hang the tests.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static CallOptions Options(CancellationToken ct) =>
        new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Patience, cancellationToken: ct);

    public static CreateSubmissionRequest Create(StreetFile file, string requestId) => new()
    {
        Parent = Northmere.Street,
        Submission = new Submission
        {
            Period = Northmere.Months(file.Month, 1), Areas = { file.AreaCodes }, ContentKind = ContentKind.Table,
        },
        RequestId = requestId,
    };

    /// <summary>One message of content.</summary>
    public static WriteContentRequest Message(string name, long offset, ReadOnlySpan<byte> data) => new()
    {
        Name = name, WriteOffset = offset, Data = ByteString.CopyFrom(data), Crc32C = WireSender.Checksum(data),
    };

    /// <summary>The last message: there is no more, and this is what all of it must be.</summary>
    public static WriteContentRequest End(string name, long offset, byte[] sha256) => new()
    {
        Name = name, WriteOffset = offset, FinishWrite = true, ContentSha256 = ByteString.CopyFrom(sha256),
    };

    /// <summary>Sends all of a small file and ends it.</summary>
    public static async Task<Submission> SendAsync(
        SubmissionService.SubmissionServiceClient submissions, string name, byte[] content, CancellationToken ct)
    {
        using var call = submissions.WriteContent(Options(ct));
        const int MessageBytes = 256 << 10;
        for (var at = 0; at < content.Length; at += MessageBytes)
        {
            var part = content.AsSpan(at, Math.Min(MessageBytes, content.Length - at));
            await call.RequestStream.WriteAsync(Message(name, at, part), ct);
        }

        var digest = SHA256.HashData(content);
        await call.RequestStream.WriteAsync(End(name, content.Length, digest), ct);
        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).Submission;
    }

    public static string NewRequestId(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString("D", CultureInfo.InvariantCulture);
    }
}
