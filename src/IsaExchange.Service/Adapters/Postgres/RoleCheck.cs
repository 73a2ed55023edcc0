using IsaExchange.Service.Settings;
using Npgsql;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>Whether the roles of the service may do more than they need, as the server itself says.</summary>
static class RoleCheck
{
    const string Standing =
        """
        SELECT rolsuper, rolbypassrls, rolcreaterole OR rolcreatedb, pg_has_role(current_user, $1, 'MEMBER'),
            has_schema_privilege('public', 'CREATE') OR has_database_privilege(current_database(), 'CREATE, TEMPORARY')
        FROM pg_roles WHERE rolname = current_user
        """;

    const string Tables =
        """
        SELECT relname, privilege, NULL FROM pg_class, unnest(ARRAY['INSERT', 'DELETE', 'TRUNCATE']) AS privilege
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND has_table_privilege(pg_class.oid, privilege)
        UNION ALL
        SELECT relname, privilege, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0,
            unnest(ARRAY['SELECT', 'UPDATE']) AS privilege
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT attisdropped
            AND has_column_privilege(attrelid, attnum, privilege)
        """;

    const string Open =
        """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY ($1)
            AND NOT relrowsecurity
        """;

    /// <summary>A sentence for each right that takes a line of defence away; none when all is as migrate left
    /// it.</summary>
    public static async Task<IReadOnlyList<string>> ExcessAsync(PostgresSettings settings, CancellationToken ct)
    {
        var excess = new List<string>();
        await AddAsync(excess, settings, settings.ApplicationRole, t => [.. t.OfApplication], ct);
        await AddOpenRowsAsync(excess, settings, ct);
        await AddAsync(excess, settings, settings.SequencerRole, t => [.. t.OfSequencer], ct);
        return excess;
    }

    static async Task AddAsync(
        List<string> excess, PostgresSettings settings, string role, Func<TableRights, string[]> needed,
        CancellationToken ct)
    {
        await using var source = PostgresSources.Alone(settings, role);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var ask = Command(connection, Standing, settings.OwnerRole))
        await using (var row = await ask.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            string[] said =
            [
                "is a superuser", "passes over row-level security", "may make roles or databases",
                $"is a member of {settings.OwnerRole}", "may make tables",
            ];
            excess.AddRange(said.Where((_, i) => row.GetBoolean(i)).Select(words => $"{role} {words}"));
        }

        var allowed = PostgresRights.Tables.ToDictionary(t => t.Table, needed, StringComparer.Ordinal);
        await using (var ask = Command(connection, Tables))
        await using (var row = await ask.ExecuteReaderAsync(ct))
        {
            var found = new SortedSet<string>(StringComparer.Ordinal);
            while (await row.ReadAsync(ct))
            {
                var (table, privilege) = (row.GetString(0), row.GetString(1));
                var rights = allowed.GetValueOrDefault(table, []);
                var isNeeded = rights.Contains(privilege, StringComparer.Ordinal)
                    || (!row.IsDBNull(2) && rights.Contains($"{privilege} (\"{row.GetString(2)}\")"));
                if (!isNeeded)
                    found.Add($"{role} may {privilege} in {table}");
            }

            excess.AddRange(found);
        }
    }

    static async Task AddOpenRowsAsync(List<string> excess, PostgresSettings settings, CancellationToken ct)
    {
        await using var source = PostgresSources.Alone(settings, settings.ApplicationRole);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var ask = Command(connection, Open, [PostgresRights.OwnRows.ToArray()]);
        await using var row = await ask.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            excess.Add($"{settings.ApplicationRole} is not held to its parties' rows in {row.GetString(0)}");
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.AddWithValue(parameter);
        return command;
    }
}
