using IsaExchange.Exchange.Storage.Catalogue;
using Npgsql;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>What a transaction is known by after its connection is gone.</summary>
/// <param name="Id">As pg_current_xact_id() says it.</param>
/// <param name="Process">Of the server, which may still be at work on it.</param>
/// <param name="ServerStart">When the server had started: one that crashed may give the id to another.</param>
sealed record TransactionId(string Id, int Process, string ServerStart)
{
    /// <summary>Id of an event that it adds, which no other transaction does; null when it adds none.</summary>
    public string? Event { get; set; }
}

/// <summary>Asks the server, on another connection, whether a transaction whose end was not heard has
/// committed.</summary>
sealed class CommitQuestion(NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>A server that starts again needs some of it.</summary>
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);
    static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(500);

    const string Ask = "SELECT pg_xact_status($1::text::xid8), pg_postmaster_start_time()::text = $2";

    /// <summary>
    /// Ends what is still under way: a commit that has not arrived by now never will. The process may be another one's
    /// by now, so the transaction is named too.
    /// </summary>
    const string End =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $2 AND backend_xid = ($1::text::xid8)::xid";

    /// <exception cref="CatalogueUnavailableException">Nobody said so in time, or can say.</exception>
    public async Task<bool> IsCommittedAsync(TransactionId transaction)
    {
        var asked = clock.GetTimestamp();
        Exception? last = null;
        for (var pause = TimeSpan.FromMilliseconds(5); clock.GetElapsedTime(asked) < AnswerMax; pause *= 2)
        {
            try
            {
                if (await AskAsync(transaction) is { } isCommitted)
                    return isCommitted;
            }
            catch (NpgsqlException e)
            {
                last = e;
                source.Clear();
            }

            await Task.Delay(pause < PauseMax ? pause : PauseMax, clock);
        }

        throw Unknown(last);
    }

    /// <summary>Null while it is under way.</summary>
    async Task<bool?> AskAsync(TransactionId transaction)
    {
        await using var connection = await source.OpenConnectionAsync();
        var (status, isSameServer) = await StatusAsync(connection, transaction);
        switch (status)
        {
            case "aborted":
                return false;
            case "committed" when isSameServer:
                return true;
            case "in progress" when isSameServer:
                await using (var end = new NpgsqlCommand(End, connection))
                {
                    end.Parameters.AddWithValue(transaction.Id);
                    end.Parameters.AddWithValue(transaction.Process);
                    await end.ExecuteNonQueryAsync();
                }

                return null;
        }

        // The id may be another's since the server began anew; an event is nobody else's.
        if (transaction.Event is not { } id)
            throw Unknown(null);
        await using var find = new NpgsqlCommand(
            """SELECT EXISTS (SELECT 1 FROM "Events" WHERE "Id" = $1)""", connection);
        find.Parameters.AddWithValue(id);
        return await find.ExecuteScalarAsync() is true;
    }

    static async Task<(string? Status, bool IsSameServer)> StatusAsync(
        NpgsqlConnection connection, TransactionId transaction)
    {
        await using var ask = new NpgsqlCommand(Ask, connection);
        ask.Parameters.AddWithValue(transaction.Id);
        ask.Parameters.AddWithValue(transaction.ServerStart);
        try
        {
            await using var row = await ask.ExecuteReaderAsync();
            await row.ReadAsync();
            return (row.IsDBNull(0) ? null : row.GetString(0), row.GetBoolean(1));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            // An id that the server has not given out yet: it began anew, and knows nothing of ours.
            return ("aborted", false);
        }
    }

    static CatalogueOutcomeUnknownException Unknown(Exception? inner) => new(inner);
}
