using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using IsaExchange.V1;

namespace IsaExchange.Benchmarks.Peers;

/// <summary>Sends bytes in the messages of an upload, and nothing else.</summary>
static class PeerClient
{
    /// <summary>As isax sends them.</summary>
    public const int MessageBytes = 256 << 10;

    /// <summary>Sends a file to the peer at this address.</summary>
    public static async Task<int> RunAsync(Uri address, string file, string authority)
    {
        using var trusted = X509CertificateLoader.LoadCertificateFromFile(authority);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { trusted },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var channel = GrpcChannel.ForAddress(
            address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        await using var content = new FileStream(file, new FileStreamOptions
        {
            BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });
        var size = content.Length;
        var kept = await SendAsync(new SubmissionService.SubmissionServiceClient(channel), content);
        return kept == size ? 0 : throw new InvalidOperationException($"The peer keeps {kept} bytes of {size}.");
    }

    /// <returns>The bytes that the peer says it has.</returns>
    public static async Task<long> SendAsync(SubmissionService.SubmissionServiceClient peer, Stream content)
    {
        using var call = peer.WriteContent(new CallOptions());
        var buffer = new byte[MessageBytes];
        var offset = 0L;
        int count;
        while ((count = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false)) > 0)
        {
            // The buffer is free again when the write has completed: the message is on the wire by then.
            await call.RequestStream.WriteAsync(new WriteContentRequest
            {
                WriteOffset = offset, Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)),
            });
            offset += count;
        }

        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).PersistedSize;
    }
}
