using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>
/// Open connections to the file, each lent to one transaction at a time. The driver's own pool is off: it has lent one
/// connection to two (dotnet/efcore#39008), and then one call would commit or see what another has begun.
/// </summary>
sealed class SqliteConnections(string path) : IDisposable
{
    const int IdleMax = 16;

    readonly ConcurrentBag<Lease> _idle = [];
    volatile bool _closed;

    /// <summary>A context on a connection that nobody else has, in a transaction that is rolled back unless it is
    /// committed.</summary>
    /// <param name="writing">Takes the file's write lock at once; otherwise it reads, and all of one moment.</param>
    public async Task<SqliteTransactionScope> BeginAsync(bool writing, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!_idle.TryTake(out var lease))
            lease = await Lease.OpenAsync(path, ct);
        try
        {
            var transaction = lease.Connection.BeginTransaction(deferred: !writing);
            var context = new SqliteCatalogueContext(lease.Options);
            await context.Database.UseTransactionAsync(transaction, CancellationToken.None);
            return new SqliteTransactionScope(context, transaction, isWell => Return(lease, isWell));
        }
        catch
        {
            lease.Connection.Dispose();
            throw;
        }
    }

    /// <summary>One whose transaction ended badly is closed: nobody inherits what it may have left behind.</summary>
    void Return(Lease lease, bool isWell)
    {
        if (!isWell || _closed || _idle.Count >= IdleMax)
            lease.Connection.Dispose();
        else
            _idle.Add(lease);
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var lease))
            lease.Connection.Dispose();
    }

    sealed record Lease(SqliteConnection Connection, DbContextOptions<SqliteCatalogueContext> Options)
    {
        // What holds for a connection only; WAL stays with the file.
        const string Pragmas = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;";

        public static async Task<Lease> OpenAsync(string path, CancellationToken ct)
        {
            // Not made when it is missing: an empty catalogue in its place would say that nothing was ever kept.
            var connection = new SqliteConnection(
                $"Data Source={path};Mode=ReadWrite;Pooling=False;Default Timeout=30");
            try
            {
                await connection.OpenAsync(ct);
                await using var command = connection.CreateCommand();
                command.CommandText = Pragmas;
                await command.ExecuteNonQueryAsync(ct);
                return new Lease(
                    connection,
                    new DbContextOptionsBuilder<SqliteCatalogueContext>().UseSqlite(connection).Options);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }
}

/// <summary>One transaction on one connection, until it is disposed.</summary>
sealed class SqliteTransactionScope(
    SqliteCatalogueContext context, SqliteTransaction transaction, Action<bool> giveBack) : IAsyncDisposable
{
    bool _committed;

    public SqliteCatalogueContext Context => context;

    public void Commit()
    {
        transaction.Commit();
        _committed = true;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await context.DisposeAsync();
            transaction.Dispose();
        }
        finally
        {
            giveBack(_committed);
        }
    }
}
