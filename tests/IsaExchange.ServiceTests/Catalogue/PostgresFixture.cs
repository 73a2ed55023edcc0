using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Settings;
using IsaExchange.ServiceTests.Harness.Production;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>One server for the tests of the catalogue, each on a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PostgresCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await PostgresCluster.StartAsync(durable: false);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    /// <summary>As a replica of the service opens it.</summary>
    public static ICatalogue Open(PostgresSettings settings) =>
        new PostgresCatalogue(settings, TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>The SQLSTATE that a statement of a role ends with; empty when the server did it.</summary>
    public async Task<string> TryAsync(PostgresSettings settings, string role, string sql)
    {
        await using var connection = await Cluster.OpenAsync(settings, role);
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
            return "";
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    /// <summary>One number, asked by the superuser.</summary>
    public async Task<long> CountAsync(PostgresSettings settings, string sql)
    {
        var database = new NpgsqlConnectionStringBuilder(settings.Server).Database!;
        await using var connection = new NpgsqlConnection(Cluster.Superuser(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}
