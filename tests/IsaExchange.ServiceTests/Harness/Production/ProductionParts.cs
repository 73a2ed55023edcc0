using IsaExchange.ServiceTests.Harness.Production;
using Xunit;

[assembly: AssemblyFixture(typeof(ProductionPartsEnd))]

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>The servers that all exchanges of this process share; started with the first that wants them.</summary>
public sealed class ProductionParts : IAsyncDisposable
{
    static readonly Lazy<Task<ProductionParts>> One = new(StartAsync);

    ProductionParts(TestAuthority authority, IdentityEndpoint identity, PostgresCluster cluster, Azurite azurite) =>
        (Authority, Identity, Cluster, Azurite) = (authority, identity, cluster, azurite);

    public TestAuthority Authority { get; }

    public IdentityEndpoint Identity { get; }

    public PostgresCluster Cluster { get; }

    public Azurite Azurite { get; }

    /// <summary>Variables with which a program finds its identity and trusts these servers.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>(Identity.Environment, StringComparer.Ordinal)
        {
            ["SSL_CERT_FILE"] = Authority.PemFile,
        };

    public static bool IsStarted => One.IsValueCreated;

    public static Task<ProductionParts> StartedAsync() => One.Value;

    static async Task<ProductionParts> StartAsync()
    {
        var authority = new TestAuthority();
        return new ProductionParts(
            authority, await IdentityEndpoint.StartAsync(), await PostgresCluster.StartAsync(),
            await Azurite.StartAsync(authority));
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Azurite.DisposeAsync();
        await Identity.DisposeAsync();
        Authority.Dispose();
    }
}

/// <summary>Ends them with the last test.</summary>
public sealed class ProductionPartsEnd : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (ProductionParts.IsStarted)
            await (await ProductionParts.StartedAsync()).DisposeAsync();
    }
}
