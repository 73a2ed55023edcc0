using System.Text.Json;

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>
/// What one exchange under test keeps its things on: a database of its own in the cluster of this run, containers of
/// its own in its Azurite, and a vault of its own.
/// </summary>
sealed class Servers : IAsyncDisposable
{
    Servers(ProductionParts parts) => Parts = parts;

    public ProductionParts Parts { get; }

    /// <summary>settings.json as far as servers are concerned.</summary>
    public string Settings => JsonSerializer.Serialize(new
    {
        postgres = new { server = "" },
        blobs = new { account = "", container_prefix = "" },
        vault = new { address = "" },
    });

    public string SuperuserConnection => "";

    public IReadOnlyDictionary<string, string> Environment => Parts.Environment;

    public static async Task<Servers> CreateAsync() => new(await ProductionParts.StartedAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
