using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>A lock of the database that lives as long as its connection, which serves nothing else.</summary>
sealed class AdvisoryLock : IAsyncDisposable, IDisposable
{
    readonly NpgsqlConnection _connection;

    AdvisoryLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Null when another session has it.</summary>
    /// <param name="source">Without a pool: the session ends with the connection.</param>
    public static async Task<AdvisoryLock?> TryAsync(NpgsqlDataSource source, string what, CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
        try
        {
            await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
            take.Parameters.AddWithValue(Key(what));
            if (await take.ExecuteScalarAsync(ct) is true)
                return new AdvisoryLock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Throws what the driver throws when the session, and so the lock, is gone.</summary>
    public async Task CheckAsync(CancellationToken ct)
    {
        await using var ask = new NpgsqlCommand("SELECT 1", _connection);
        await ask.ExecuteScalarAsync(ct);
    }

    static long Key(string what) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes("isaexchange " + what)));

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    public void Dispose() => _connection.Dispose();
}
