using IsaExchange.ServiceTests.Harness;
using Npgsql;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>
/// An exchange whose server rolls back every other transaction that writes an event, at its commit, as if it had met
/// another: each act is run twice and done once. Embedded it is an exchange like any other.
/// </summary>
public sealed class TwiceExchange : NorthmereExchange
{
    /// <summary>The counter is not rolled back, and so the second run of the same transaction passes.</summary>
    const string RollBackEveryOther =
        """
        CREATE SEQUENCE runs;
        CREATE FUNCTION every_other() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $f$
        BEGIN
            IF coalesce(current_setting('twice.asked', true), '') = '' THEN
                PERFORM set_config('twice.asked', 'yes', true);
                IF nextval('runs') % 2 = 1 THEN
                    RAISE EXCEPTION 'met another' USING ERRCODE = '40001';
                END IF;
            END IF;
            RETURN NULL;
        END $f$;
        CREATE CONSTRAINT TRIGGER every_other AFTER INSERT ON "Events" DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION every_other();
        """;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (SetUp.IsServers)
            await ExecuteAsync(RollBackEveryOther);
    }

    /// <summary>Transactions that have been run so far; 0 embedded.</summary>
    public async Task<long> RunsAsync() =>
        SetUp.IsServers ? (long)(await ExecuteAsync("SELECT last_value FROM runs"))! : 0;

    async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Exchange.Servers.SuperuserConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
