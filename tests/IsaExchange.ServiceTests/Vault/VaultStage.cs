using Azure.Core;
using Azure.Core.Pipeline;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Service.Adapters.Vault;
using IsaExchange.Service.Resilience;
using IsaExchange.ServiceTests.Harness.Production;
using Microsoft.Extensions.Logging.Abstractions;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>A vault of its own for one test, and key rings on it as replicas would have them.</summary>
sealed class VaultStage : IAsyncDisposable
{
    readonly TestAuthority _authority = new();
    readonly List<IDisposable> _opened = [];

    VaultStage()
    {
    }

    public VaultStandIn Vault { get; private set; } = null!;

    public static async Task<VaultStage> StartAsync()
    {
        var stage = new VaultStage();
        stage.Vault = await VaultStandIn.StartAsync(stage._authority);
        return stage;
    }

    /// <summary>A ring with a connection, a token and a pipeline of its own.</summary>
    /// <param name="between">Puts something between the ring and the vault.</param>
    public VaultKeyRing Ring(
        TimeProvider? clock = null, TokenCredential? credential = null, DependencyTerms? terms = null,
        Func<HttpMessageHandler, HttpMessageHandler>? between = null)
    {
        var handler = between is null ? _authority.TrustingHandler() : between(_authority.TrustingHandler());
        var transport = new HttpClientTransport(handler);
        var pipeline = new Dependency(terms ?? Quick, TimeProvider.System, NullLoggerFactory.Instance);
        var ring = new VaultKeyRing(
            Vault.Address, credential ?? IdentityEndpoint.Credential, pipeline, clock ?? TimeProvider.System,
            transport);
        lock (_opened)
            _opened.AddRange([ring, transport]);
        return ring;
    }

    /// <summary>The terms of the service with short waits, and a breaker that stays out of the way.</summary>
    public static DependencyTerms Quick { get; } = Dependencies.Keys with
    {
        Attempt = TimeSpan.FromSeconds(20),
        RetryFirst = TimeSpan.FromMilliseconds(10),
        SamplingCallsMin = 1_000_000,
    };

    /// <summary>Wraps 16 bytes with the present key of a name.</summary>
    public static async Task<(string KeyId, byte[] Wrapped)> WrapAsync(
        IKeyRing ring, string name, byte[] key, CancellationToken ct)
    {
        var kek = await ring.CurrentAsync(name, ct);
        return (kek.KeyId, await kek.WrapKeyAsync("RSA-OAEP-256", key, ct));
    }

    public static async Task<byte[]> UnwrapAsync(
        IKeyRing ring, (string KeyId, byte[] Wrapped) sealedKey, CancellationToken ct)
    {
        var kek = await ring.ResolveAsync(sealedKey.KeyId, ct);
        return await kek.UnwrapKeyAsync("RSA-OAEP-256", sealedKey.Wrapped, ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened)
            opened.Dispose();
        await Vault.DisposeAsync();
        _authority.Dispose();
    }
}
