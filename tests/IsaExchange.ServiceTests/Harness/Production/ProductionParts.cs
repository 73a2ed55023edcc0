namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>The servers that all exchanges of this process share; started with the first that wants them.</summary>
sealed class ProductionParts
{
    static readonly Lazy<Task<ProductionParts>> One = new(StartAsync);

    ProductionParts(TestAuthority authority, IdentityEndpoint identity) =>
        (Authority, Identity) = (authority, identity);

    public TestAuthority Authority { get; }

    public IdentityEndpoint Identity { get; }

    /// <summary>Variables with which a program finds its identity and trusts these servers.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>(Identity.Environment, StringComparer.Ordinal)
        {
            ["SSL_CERT_FILE"] = Authority.PemFile,
        };

    public static Task<ProductionParts> StartedAsync() => One.Value;

    static async Task<ProductionParts> StartAsync() => new(new TestAuthority(), await IdentityEndpoint.StartAsync());
}
