using System.Data;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Resilience;
using IsaExchange.Service.Settings;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>
/// The catalogue on PostgreSQL. What is decided is decided serialisably: a transaction that met another is rolled back
/// and run again as a whole. When the connection breaks while a commit is under way, the server is asked what became of
/// it; it is never guessed.
/// </summary>
sealed class PostgresCatalogue : ICatalogue, IDependencyProbe
{
    const string TakesNothing =
        """
        SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS "Value"
        """;

    readonly PostgresSources _sources;
    readonly Dependency _writes;
    readonly Dependency _reads;
    readonly CommitQuestion _question;
    readonly SequencerLead _lead;

    public PostgresCatalogue(PostgresSettings settings, TimeProvider clock, ILoggerFactory logging)
    {
        _sources = new PostgresSources(settings);
        _writes = new Dependency(Dependencies.Catalogue, clock, logging);
        _reads = new Dependency(Dependencies.CatalogueReads, clock, logging);
        _question = new CommitQuestion(_sources.Reading, clock);
        _lead = new SequencerLead(_sources);
    }

    public string Name => Dependencies.Catalogue.Name;

    public async Task CheckSchemaAsync(CancellationToken ct)
    {
        try
        {
            if (await ReadAsync(db => CatalogueSchema.PendingAsync(db, ct), ct) is { Count: > 0 })
                throw CatalogueSchema.Outdated();
        }
        catch (InvalidOperationException e) when (PostgresFaults.Root(e) is not null)
        {
            // No tables yet, or none that the role may read: both come with a migration.
            throw CatalogueSchema.Outdated();
        }
    }

    /// <summary>Reads what only the tables of an exchange have, with the role that serves, and asks whether the server
    /// takes anything: a standby, or one that was set to read only, answers every read as if all were well.</summary>
    public async Task ProbeAsync(CancellationToken ct)
    {
        var takesNothing = await ReadAsync(
            async db =>
            {
                await db.TreeStates.AnyAsync(ct);
                return await db.Database.SqlQueryRaw<bool>(TakesNothing).SingleAsync(ct);
            },
            ct);
        if (!takesNothing)
            return;

        // The pools hold connections to where the primary was: new ones may find where it is.
        _sources.Clear();
        throw new CatalogueUnavailableException("The catalogue's server is a standby, or takes nothing.", inner: null);
    }

    /// <summary>One snapshot for all that <paramref name="read"/> asks.</summary>
    public Task<T> ReadAsync<T>(Func<CatalogueContext, Task<T>> read, CancellationToken ct) => AnsweredAsync(
        _reads,
        async token =>
        {
            await using var connection = await _sources.Reading.OpenConnectionAsync(token);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
            await using (var begin = new NpgsqlCommand(
                "SELECT set_config('transaction_read_only', 'on', true), set_config('isax.parties', $1, true)",
                connection))
            {
                begin.Parameters.AddWithValue(PartyRows.Visible);
                await begin.ExecuteNonQueryAsync(token);
            }

            await using var db = PostgresCatalogueContext.On(connection);
            await db.Database.UseTransactionAsync(transaction, token);
            db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            var result = await read(db);
            await transaction.CommitAsync(token);
            return result;
        },
        ct);

    public Task<T> WriteAsync<T>(Func<CatalogueContext, Task<T>> write, CancellationToken ct) => AnsweredAsync(
        _writes, token => WriteOnceAsync(IsolationLevel.Serializable, write, token), ct);

    public Task<T> AppendAsync<T>(Func<CatalogueContext, Task<T>> append, CancellationToken ct) => AnsweredAsync(
        _writes, token => WriteOnceAsync(IsolationLevel.ReadCommitted, append, token), ct);

    /// <summary>Every exception out of it says that nothing was committed, or that nobody knows.</summary>
    async Task<T> WriteOnceAsync<T>(
        IsolationLevel isolation, Func<CatalogueContext, Task<T>> write, CancellationToken ct)
    {
        await using var connection = await _sources.Writing.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(isolation, ct);
        var begun = await BeginAsync(connection, ct);
        await using var db = PostgresCatalogueContext.On(connection);
        await db.Database.UseTransactionAsync(transaction, ct);
        var result = await write(db);
        begun.Event = db.ChangeTracker.Entries<EventRow>().FirstOrDefault(e => e.State == EntityState.Added)?.Entity.Id;
        await db.SaveChangesAsync(ct);
        try
        {
            // The commit point. Not cancellable: a caller that leaves now must not turn a commit into a question.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (!IsRolledBack(e))
        {
            if (!await _question.IsCommittedAsync(begun))
                throw;
        }

        return result;
    }

    /// <summary>
    /// Names the transaction, so that its end can be asked for, and says whose rows it may touch. A whole-table scan
    /// counts as having read the whole table, which would set every decision against every other.
    /// </summary>
    static async Task<TransactionId> BeginAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var begin = new NpgsqlCommand(
            """
            SELECT pg_current_xact_id()::text, pg_postmaster_start_time()::text,
                set_config('isax.parties', $1, true), set_config('enable_seqscan', 'off', true)
            """,
            connection);
        begin.Parameters.AddWithValue(PartyRows.Visible);
        await using var row = await begin.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new TransactionId(row.GetString(0), connection.ProcessID, row.GetString(1));
    }

    /// <summary>The server itself said that the commit did not happen.</summary>
    static bool IsRolledBack(Exception e) =>
        PostgresFaults.Root(e) is PostgresException { SqlState: ['4', '0', ..] or ['2', '3', ..] };

    public Task<T?> SequenceAsync<T>(Func<CatalogueContext, TreeStateRow, Task<T>> step, CancellationToken ct) =>
        AnsweredAsync(_writes, token => _lead.RunAsync(step, token), ct, isRepeated: false);

    public async Task<bool> TryExclusiveAsync(string what, Func<CancellationToken, Task> act, CancellationToken ct)
    {
        await using var held = await AnsweredAsync(
            _reads, token => AdvisoryLock.TryAsync(_sources.Locking, what, token), ct);
        if (held is null)
            return false;
        await act(ct);
        return true;
    }

    async Task<T> AnsweredAsync<T>(
        Dependency dependency, Func<CancellationToken, Task<T>> call, CancellationToken ct, bool isRepeated = true)
    {
        try
        {
            return isRepeated
                ? await dependency.RepeatAsync(token => TranslatedAsync(call, token), ct)
                : await dependency.OnceAsync(token => TranslatedAsync(call, token), ct);
        }
        catch (CatalogueConflictException e)
        {
            throw new ExchangeException(
                ProblemKind.Aborted, "CONFLICT", "Others change the same at the same time. Try again.", inner: e);
        }
        catch (Exception e) when (Dependency.IsRejection(e))
        {
            throw new CatalogueUnavailableException("The catalogue does not answer; nothing was sent, or in time.", e);
        }
    }

    async Task<T> TranslatedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call(ct);
        }
        catch (Exception e) when (e is not (OperationCanceledException or CatalogueOutcomeUnknownException)
            && PostgresFaults.Root(e) is { } root)
        {
            // What else lies in the pools is broken too, when a server went away; not when it is only slow.
            if (PostgresFaults.IsFault(root) && root.InnerException is not TimeoutException)
                _sources.Clear();
            throw PostgresFaults.Translate(root, e);
        }
    }

    public void Dispose()
    {
        _lead.Dispose();
        _sources.Dispose();
    }
}
