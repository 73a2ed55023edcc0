using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>Which catalogue the settings name: the one place that knows.</summary>
static class CatalogueChoice
{
    public static ICatalogue Open(
        HomeFolder home, ExchangeSettings settings, TimeProvider clock, ILoggerFactory logging) =>
        settings.Postgres is { } postgres
            ? new PostgresCatalogue(postgres, clock, logging)
            : new SqliteCatalogue(home.Catalogue);

    /// <summary>Makes its tables, or brings them up to date, with the rights to do so; returns the migrations
    /// applied.</summary>
    /// <exception cref="IOException">There is nothing to bring up to date; the message says what to do.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        HomeFolder home, ExchangeSettings settings, CancellationToken ct)
    {
        if (settings.Postgres is { } postgres)
            return await PostgresOwner.MigrateAsync(postgres, ct);

        // A lost log must not come back as an empty one.
        if (!File.Exists(home.Catalogue))
            throw CatalogueSchema.Lost(home.Catalogue);
        using var catalogue = new SqliteCatalogue(home.Catalogue);
        return await catalogue.CreateAsync(ct);
    }
}
