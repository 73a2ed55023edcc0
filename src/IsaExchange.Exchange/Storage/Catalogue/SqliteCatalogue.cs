using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>The embedded catalogue: one SQLite file, WAL, synchronous FULL.</summary>
public sealed class SqliteCatalogue : ICatalogue
{
    readonly string _path;
    readonly DbContextOptions<SqliteCatalogueContext> _options;
    readonly SqliteConnections _connections;
    readonly ConcurrentDictionary<string, bool> _exclusive = new(StringComparer.Ordinal);

    // SQLite has one writer. Queuing here is fair and does not spin on SQLITE_BUSY.
    readonly SemaphoreSlim _writer = new(1, 1);
    long? _epoch;

    public SqliteCatalogue(string path)
    {
        _path = path;
        _options = new DbContextOptionsBuilder<SqliteCatalogueContext>()
            .UseSqlite($"Data Source={path};Pooling=False;Default Timeout=30")
            .Options;
        _connections = new SqliteConnections(path);
    }

    /// <summary>Makes the tables, or brings those of an earlier program up to date; returns the migrations
    /// applied.</summary>
    /// <exception cref="IOException">They were made before there were migrations, or by a later program.</exception>
    public async Task<IReadOnlyList<string>> CreateAsync(CancellationToken ct)
    {
        await using var db = new SqliteCatalogueContext(_options);
        if (await IsOlderThanMigrationsAsync(db, ct))
            throw CatalogueSchema.MadeBeforeMigrations();
        var pending = await CatalogueSchema.PendingAsync(db, ct);
        await db.Database.MigrateAsync(ct);

        // Stays with the file.
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", ct);
        return pending;
    }

    public async Task CheckSchemaAsync(CancellationToken ct)
    {
        if (!File.Exists(_path))
            throw CatalogueSchema.Lost(_path);
        await using var db = new SqliteCatalogueContext(_options);
        if (await IsOlderThanMigrationsAsync(db, ct))
            throw CatalogueSchema.MadeBeforeMigrations();
        if (await CatalogueSchema.PendingAsync(db, ct) is { Count: > 0 })
            throw CatalogueSchema.Outdated();
    }

    /// <summary>Tables without a history: those of the program before migrations, which counted its schema.</summary>
    static async Task<bool> IsOlderThanMigrationsAsync(SqliteCatalogueContext db, CancellationToken ct) =>
        await db.Database.SqlQueryRaw<int>("SELECT user_version AS Value FROM pragma_user_version").SingleAsync(ct) > 0;

    public async Task<T> ReadAsync<T>(Func<CatalogueContext, Task<T>> read, CancellationToken ct)
    {
        await using var transaction = await _connections.BeginAsync(writing: false, ct);
        transaction.Context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        var result = await read(transaction.Context);
        transaction.Commit();
        return result;
    }

    public Task<T> AppendAsync<T>(Func<CatalogueContext, Task<T>> append, CancellationToken ct) =>
        WriteAsync(append, ct);

    public async Task<T> WriteAsync<T>(Func<CatalogueContext, Task<T>> write, CancellationToken ct)
    {
        await _writer.WaitAsync(ct);
        try
        {
            await using var transaction = await _connections.BeginAsync(writing: true, ct);
            var result = await write(transaction.Context);
            await transaction.Context.SaveChangesAsync(ct);

            // The commit point. Not cancellable: a caller that leaves now must not turn a commit into a question.
            transaction.Commit();
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>A process that finds another's epoch leaves the log to it: that one was started later.</summary>
    public async Task<T?> SequenceAsync<T>(Func<CatalogueContext, TreeStateRow, Task<T>> step, CancellationToken ct)
    {
        _epoch ??= await WriteAsync(
            async db =>
            {
                var state = await db.TreeStates.SingleAsync(ct);
                return ++state.Epoch;
            },
            ct);
        return await WriteAsync(
            async db =>
            {
                var state = await db.TreeStates.SingleAsync(ct);
                return state.Epoch == _epoch ? await step(db, state) : default;
            },
            ct);
    }

    public async Task<bool> TryExclusiveAsync(string what, Func<CancellationToken, Task> act, CancellationToken ct)
    {
        if (!_exclusive.TryAdd(what, true))
            return false;
        try
        {
            await act(ct);
            return true;
        }
        finally
        {
            _exclusive.TryRemove(what, out _);
        }
    }

    public void Dispose()
    {
        _connections.Dispose();
        _writer.Dispose();
    }
}
