using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>The catalogue as PostgreSQL has it.</summary>
public sealed class PostgresCatalogueContext(DbContextOptions<PostgresCatalogueContext> options)
    : CatalogueContext(options)
{
    /// <summary>Days and names are compared byte by byte, as SQLite and the code do, whatever the server's
    /// language.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<string>().UseCollation("C");

    /// <summary>On a connection that is open, and stays so.</summary>
    internal static PostgresCatalogueContext On(Npgsql.NpgsqlConnection connection) => new(
        new DbContextOptionsBuilder<PostgresCatalogueContext>().UseNpgsql(connection).Options);
}
