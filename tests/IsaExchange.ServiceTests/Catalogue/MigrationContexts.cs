using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>For <c>dotnet ef</c>, which compares the model with the last migration and opens nothing.</summary>
public sealed class SqliteMigrationContext : IDesignTimeDbContextFactory<SqliteCatalogueContext>
{
    public SqliteCatalogueContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteCatalogueContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>As <see cref="SqliteMigrationContext"/>.</summary>
public sealed class PostgresMigrationContext : IDesignTimeDbContextFactory<PostgresCatalogueContext>
{
    public PostgresCatalogueContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresCatalogueContext>().UseNpgsql("Host=nowhere").Options);
}
