using System.Security.Cryptography;
using System.Text.Json;
using IsaExchange.Service.Settings;
using Npgsql;

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>
/// What one exchange under test keeps its things on: a database of its own in the cluster of this run, containers of
/// its own in its Azurite, and a vault of its own.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    Servers(ProductionParts parts, PostgresSettings postgres, VaultStandIn vault) =>
        (Parts, Postgres, Vault) = (parts, postgres, vault);

    public ProductionParts Parts { get; }

    /// <summary>The catalogue; a test may put one of its own in its place, before the exchange is made.</summary>
    public PostgresSettings Postgres { get; set; }

    public VaultStandIn Vault { get; }

    public string ContainerPrefix { get; } = "t" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>Where the account is reached; a test may put something in between.</summary>
    public Uri? Account { get; set; }

    /// <summary>The identity with which the service comes; null for the machine's own.</summary>
    public string? ClientId { get; set; }

    /// <summary>settings.json as far as servers are concerned.</summary>
    public string Settings => JsonSerializer.Serialize(
        new
        {
            postgres = Postgres,
            blobs = new BlobSettings
            {
                Account = (Account ?? Parts.Azurite.Account).ToString(), ContainerPrefix = ContainerPrefix,
                ClientId = ClientId,
            },
            vault = new VaultSettings { Address = Vault.Address.ToString(), ClientId = ClientId },
        },
        Json);

    public string SuperuserConnection =>
        Parts.Cluster.Superuser(new NpgsqlConnectionStringBuilder(Postgres.Server).Database!) + ";Pooling=False";

    public IReadOnlyDictionary<string, string> Environment => Parts.Environment;

    /// <param name="migrated">Whether the database has its tables; without them for a restore.</param>
    /// <param name="vault">The vault of another exchange, whose keys it needs; null makes one.</param>
    public static async Task<Servers> CreateAsync(bool migrated = true, VaultStandIn? vault = null)
    {
        var parts = await ProductionParts.StartedAsync();
        return new Servers(
            parts, await parts.Cluster.CreateDatabaseAsync(migrated),
            vault ?? await VaultStandIn.StartAsync(parts.Authority));
    }

    public ValueTask DisposeAsync() => Vault.DisposeAsync();
}
