using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>The embedded catalogue: one SQLite file, WAL, synchronous FULL.</summary>
public sealed class SqliteCatalogue : ICatalogue, IDisposable
{
    /// <summary>Grows with every change of the rows.</summary>
    const int SchemaVersion = 2;

    readonly DbContextOptions<CatalogueContext> _options;

    // SQLite has one writer. Queuing here is fair and does not spin on SQLITE_BUSY.
    readonly SemaphoreSlim _writer = new(1, 1);

    public SqliteCatalogue(string path)
    {
        _options = new DbContextOptionsBuilder<CatalogueContext>()
            .UseSqlite($"Data Source={path};Pooling=True;Default Timeout=30")
            .AddInterceptors(new DurablePragmas())
            .Options;
    }

    public async Task CreateAsync(CancellationToken ct)
    {
        await using var db = new CatalogueContext(_options);
        if (await db.Database.EnsureCreatedAsync(ct))
            await db.Database.ExecuteSqlRawAsync($"PRAGMA user_version={SchemaVersion};", ct);
        var found = await db.Database.SqlQueryRaw<int>(
            "SELECT user_version AS Value FROM pragma_user_version").SingleAsync(ct);
        if (found != SchemaVersion)
            throw new IOException(
                $"The catalogue has schema {found}, this program needs {SchemaVersion}. Use the one that made it.");

        // WAL stays with the file; synchronous does not, see DurablePragmas.
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", ct);
    }

    public async Task<T> ReadAsync<T>(Func<CatalogueContext, Task<T>> read, CancellationToken ct)
    {
        await using var db = new CatalogueContext(_options);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await read(db);
    }

    public async Task<T> WriteAsync<T>(Func<CatalogueContext, Task<T>> write, CancellationToken ct)
    {
        await _writer.WaitAsync(ct);
        try
        {
            await using var db = new CatalogueContext(_options);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var result = await write(db);
            await db.SaveChangesAsync(ct);

            // The commit point. Not cancellable: a caller that leaves now must not turn a commit into a question.
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>What holds for a connection only, so every open sets it.</summary>
    sealed class DurablePragmas : DbConnectionInterceptor
    {
        const string Pragmas = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
