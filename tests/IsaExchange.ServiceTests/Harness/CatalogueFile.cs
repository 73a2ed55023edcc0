using Microsoft.Data.Sqlite;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>The catalogue of a running exchange, opened beside it: what an operator's tool would see.</summary>
public sealed class CatalogueFile(string path)
{
    /// <summary>Events of the log so far, of one action or of all.</summary>
    public long Events(string action = "") => Scalar(
        "select count(*) from Events where $action = '' or json_extract(Json, '$.action') = $action",
            ("$action", action));

    /// <summary>Action, decision and reason of every event after the first ones, in their order.</summary>
    public IReadOnlyList<string> EventsAfter(long count)
    {
        using var catalogue = Open();
        using var command = catalogue.CreateCommand();
        command.CommandText =
            """
            select json_extract(Json, '$.action') || ' ' || json_extract(Json, '$.decision') || ' '
                || json_extract(Json, '$.reason')
            from Events order by Sequence limit -1 offset $count
            """;
        command.Parameters.AddWithValue("$count", count);
        using var rows = command.ExecuteReader();
        var events = new List<string>();
        while (rows.Read())
            events.Add(rows.GetString(0).TrimEnd());
        return events;
    }

    public void Enrol(string spkiSha256, string subject) => Execute(
        "insert into Credentials (SpkiSha256, Subject, EnrolTicks, Revoked) values ($spki, $subject, 0, 0)",
        ("$spki", spkiSha256), ("$subject", subject));

    public void Revoke(string spkiSha256)
    {
        if (Execute("update Credentials set Revoked = 1 where SpkiSha256 = $spki", ("$spki", spkiSha256)) != 1)
            throw new InvalidOperationException("No such credential is enrolled.");
    }

    public long Scalar(string sql, params (string Name, object Value)[] parameters)
    {
        using var catalogue = Open();
        using var command = Command(catalogue, sql, parameters);
        return (long)command.ExecuteScalar()!;
    }

    int Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using var catalogue = Open();
        using var command = Command(catalogue, sql, parameters);
        return command.ExecuteNonQuery();
    }

    static SqliteCommand Command(SqliteConnection catalogue, string sql, (string Name, object Value)[] parameters)
    {
        var command = catalogue.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    SqliteConnection Open()
    {
        var catalogue = new SqliteConnection($"Data Source={path};Pooling=False");
        catalogue.Open();
        return catalogue;
    }
}
