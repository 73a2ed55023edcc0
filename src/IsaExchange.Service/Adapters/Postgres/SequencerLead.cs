using System.Data;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>
/// Gives events their place in the log for all replicas. The lock says who tries; that no two succeed is held by the
/// row of the tree's state: whoever takes over raises its epoch, and a step commits only on the epoch and the size that
/// it began with. A leader that slept through the loss of its lock so changes nothing, and finds out.
/// </summary>
sealed class SequencerLead(PostgresSources sources) : IDisposable
{
    readonly SemaphoreSlim _one = new(1, 1);
    AdvisoryLock? _lock;
    long _epoch;

    /// <summary>The default while another replica leads.</summary>
    public async Task<T?> RunAsync<T>(Func<CatalogueContext, TreeStateRow, Task<T>> step, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            return await LeadAsync(ct) ? await StepAsync(step, ct) : default;
        }
        catch
        {
            // Whatever it was, what the tree is now is read anew by whoever leads next.
            await StepDownAsync();
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    async Task<bool> LeadAsync(CancellationToken ct)
    {
        if (_lock is { } held)
        {
            await held.CheckAsync(ct);
            return true;
        }

        _lock = await AdvisoryLock.TryAsync(sources.Leading, "sequencer", ct);
        if (_lock is null)
            return false;
        await using var connection = await sources.Sequencer.OpenConnectionAsync(ct);
        await using var raise = new NpgsqlCommand(
            """UPDATE "TreeStates" SET "Epoch" = "Epoch" + 1 WHERE "Id" = 1 RETURNING "Epoch" """, connection);
        _epoch = (long)(await raise.ExecuteScalarAsync(ct)
            ?? throw new InvalidOperationException("The catalogue has lost the state of the log."));
        return true;
    }

    /// <summary>
    /// One snapshot is enough: nobody else changes what it changes, as long as the row of the state is what it was.
    /// </summary>
    async Task<T?> StepAsync<T>(Func<CatalogueContext, TreeStateRow, Task<T>> step, CancellationToken ct)
    {
        await using var connection = await sources.Sequencer.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var db = PostgresCatalogueContext.On(connection);
        await db.Database.UseTransactionAsync(transaction, ct);
        var state = await db.TreeStates.SingleAsync(ct);
        if (state.Epoch != _epoch)
        {
            await StepDownAsync();
            return default;
        }

        try
        {
            var result = await step(db, state);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        catch (Exception e) when (IsOvertaken(e))
        {
            await StepDownAsync();
            return default;
        }
    }

    static bool IsOvertaken(Exception e) => e is DbUpdateConcurrencyException
        || (PostgresFaults.Root(e) is { } root && PostgresFaults.IsConflict(root));

    async ValueTask StepDownAsync()
    {
        if (_lock is { } held)
        {
            _lock = null;
            await held.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _lock?.Dispose();
        _one.Dispose();
    }
}
