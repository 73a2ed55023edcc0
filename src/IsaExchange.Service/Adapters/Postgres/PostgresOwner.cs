using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Settings;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>What only the owner of the tables does: making them, changing them, saying who may do what.</summary>
static class PostgresOwner
{
    /// <summary>Brings tables, rights and policies to what this program needs; returns the migrations applied. Done
    /// again it changes nothing.</summary>
    /// <exception cref="SettingsException">The owner cannot do it; the message says what to change.</exception>
    /// <exception cref="IOException">The tables are those of a later program.</exception>
    public static Task<IReadOnlyList<string>> MigrateAsync(PostgresSettings settings, CancellationToken ct) =>
        AsOwnerAsync<IReadOnlyList<string>>(settings, async connection =>
        {
            // Two operators at once would get in each other's way half-way through.
            await using var alone = new NpgsqlCommand(
                "SELECT pg_advisory_lock(hashtextextended('isaexchange migrate', 0))", connection);
            await alone.ExecuteNonQueryAsync(ct);
            await using var db = PostgresCatalogueContext.On(connection);
            var pending = await CatalogueSchema.PendingAsync(db, ct);
            await db.Database.MigrateAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            foreach (var statement in PostgresRights.Statements(settings, connection.Database))
            {
                await using var command = new NpgsqlCommand(statement, connection);
                await command.ExecuteNonQueryAsync(ct);
            }

            await transaction.CommitAsync(ct);
            return pending;
        });

    /// <summary>Whether an exchange has been set up in these tables.</summary>
    /// <exception cref="SettingsException">As <see cref="MigrateAsync"/>.</exception>
    public static Task<bool> IsInUseAsync(PostgresSettings settings, CancellationToken ct) =>
        AsOwnerAsync(settings, async connection =>
        {
            await using var ask = new NpgsqlCommand(
                """SELECT to_regclass('public."Events"') IS NOT NULL""", connection);
            await using var db = PostgresCatalogueContext.On(connection);
            return await ask.ExecuteScalarAsync(ct) is true && await db.Events.AnyAsync(ct);
        });

    static async Task<T> AsOwnerAsync<T>(PostgresSettings settings, Func<NpgsqlConnection, Task<T>> act)
    {
        if (settings.PasswordFile(settings.OwnerRole) is { } file)
            SecretFile.Check("settings.json", $"postgres.password_folder: {settings.OwnerRole}", file);
        try
        {
            await using var source = PostgresSources.Owner(settings);
            await using var connection = await source.OpenConnectionAsync();
            return await act(connection);
        }
        catch (Exception e) when (PostgresFaults.Root(e) is PostgresException refused)
        {
            throw new SettingsException(
                $"PostgreSQL refuses what {settings.OwnerRole} is to do: {refused.MessageText}."
                + " The roles must exist, and the database must be the owner's; see deploy/README.md.", e);
        }
        catch (Exception e) when (PostgresFaults.Root(e) is not null)
        {
            throw new SettingsException("PostgreSQL cannot be reached as postgres.server names it.", e);
        }
    }
}
