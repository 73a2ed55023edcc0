using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>The catalogue as SQLite has it.</summary>
public sealed class SqliteCatalogueContext(DbContextOptions<SqliteCatalogueContext> options)
    : CatalogueContext(options);
