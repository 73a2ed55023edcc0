using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using IsaExchange.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IsaExchange.Benchmarks.Peers;

/// <summary>Takes the messages of an upload, hashes and keeps their bytes; knows nobody and checks nothing.</summary>
sealed class PeerService(PeerKind kind, string place) : SubmissionService.SubmissionServiceBase
{
    /// <summary>Arguments: kind, certificate, key, place (a folder, or the account of the blobs).</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (kind, place) = (Enum.Parse<PeerKind>(arguments[0]), arguments[3]);
        using var read = X509Certificate2.CreateFromPemFile(arguments[1], arguments[2]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(read);
            }));
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = (1 << 20) + (64 << 10));
        builder.Services.AddSingleton(new PeerService(kind, place));
        await using var app = builder.Build();
        app.MapGrpcService<PeerService>();
        await app.StartAsync();
        var port = new Uri(app.Urls.First()).Port;
        Console.WriteLine($"listening on https://localhost:{port}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    public override async Task<WriteContentResponse> WriteContent(
        IAsyncStreamReader<WriteContentRequest> requestStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var size = 0L;
        if (kind == PeerKind.Nothing)
        {
            while (await requestStream.MoveNext(ct))
                size += requestStream.Current.Data.Length;
            return new WriteContentResponse { PersistedSize = size };
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using IPeerStore store = kind == PeerKind.Folder ? new FolderPeerStore(place) : new BlobPeerStore(place);
        while (await requestStream.MoveNext(ct))
        {
            var content = requestStream.Current.Data.Memory;
            hash.AppendData(content.Span);
            await store.WriteAsync(content, ct);
            size += content.Length;
        }

        await store.FinishAsync(ct);
        return new WriteContentResponse
        {
            PersistedSize = size,
            Submission = new Submission { ExpectedSha256 = ByteString.CopyFrom(hash.GetHashAndReset()) },
        };
    }
}
