using System.Diagnostics;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;

namespace IsaExchange.Benchmarks.Peers;

/// <summary>
/// The least that any upload takes, as processes of their own: a service over TLS that takes the same messages, and a
/// client that sends a file's bytes in them.
/// </summary>
sealed class PeerProcess : IAsyncDisposable
{
    public const string ServiceVerb = "peer-service";
    public const string ClientVerb = "peer-client";

    const string Listening = "listening on ";

    readonly Process _service;
    readonly TestAuthority _authority;
    readonly string _folder;

    PeerProcess(Process service, TestAuthority authority, string folder, Uri address) =>
        (_service, _authority, _folder, Address) = (service, authority, folder, address);

    public Uri Address { get; }

    /// <summary>A handler that trusts this peer and nobody else.</summary>
    public SocketsHttpHandler Handler() => _authority.TrustingHandler();

    /// <summary>A peer that hashes what comes and keeps it, in a folder or in the blobs of these servers.</summary>
    public static Task<PeerProcess> KeepingAsync(Servers? servers, CancellationToken stop) => StartAsync(
        servers is null ? PeerKind.Folder : PeerKind.Blobs, servers, stop);

    /// <summary>A peer that reads what comes and forgets it.</summary>
    public static Task<PeerProcess> DroppingAsync(CancellationToken stop) => StartAsync(PeerKind.Nothing, null, stop);

    static async Task<PeerProcess> StartAsync(PeerKind kind, Servers? servers, CancellationToken stop)
    {
        var authority = new TestAuthority();
        var folder = Directory.CreateTempSubdirectory("isax-peer-").FullName;
        var (certificate, key) = authority.IssueServerFiles("peer");
        var environment = new Dictionary<string, string>(MeasuredExchange.AsUsersRunIt, StringComparer.Ordinal)
        {
            // The exchange's service runs with it too.
            ["DOTNET_gcServer"] = "1",
        };
        if (servers is not null)
            environment["SSL_CERT_FILE"] = servers.Parts.Authority.PemFile;
        var service = Programs.Start(
            environment, "dotnet", typeof(PeerProcess).Assembly.Location, ServiceVerb, kind.ToString(), certificate,
            key, servers is null ? folder : servers.Parts.Azurite.Account.ToString());
        var line = await service.StandardOutput.ReadLineAsync(stop) ?? "";
        if (!line.StartsWith(Listening, StringComparison.Ordinal))
            throw new BenchmarkFaultException($"The peer did not start: {await service.StandardError.ReadToEndAsync(stop)}");
        return new PeerProcess(service, authority, folder, new Uri(line[Listening.Length..]));
    }

    /// <summary>Sends the file once, from the start of the client's process to its end.</summary>
    public async Task<Cost> SendAsync(string file)
    {
        var (ran, cost) = await Cost.OfAsync(
            _service.Id, "dotnet", typeof(PeerProcess).Assembly.Location, ClientVerb, Address.ToString(), file,
            _authority.PemFile);
        return ran.ExitCode == 0 ? cost : throw new BenchmarkFaultException($"The peer failed: {ran}");
    }

    public async ValueTask DisposeAsync()
    {
        _service.Kill(entireProcessTree: true);
        await _service.WaitForExitAsync();
        _service.Dispose();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
