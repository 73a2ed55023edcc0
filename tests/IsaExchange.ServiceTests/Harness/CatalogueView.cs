using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>
/// The catalogue of a running exchange, opened beside it: what an operator's tool would see. Its statements are written
/// for SQLite; for PostgreSQL names are quoted and the few functions that differ are put in its words.
/// </summary>
public sealed partial class CatalogueView
{
    readonly string _connection;
    readonly bool _isServer;

    CatalogueView(string connection, bool isServer) => (_connection, _isServer) = (connection, isServer);

    /// <summary>The file in the home of an embedded exchange.</summary>
    public static CatalogueView OfFile(string path) => new($"Data Source={path};Pooling=False", isServer: false);

    /// <summary>A PostgreSQL database, with rights to everything in it.</summary>
    public static CatalogueView OfServer(string connection) => new(connection, isServer: true);

    /// <summary>Events of the log so far, of one action or of all.</summary>
    public long Events(string action = "") => Scalar(
        "select count(*) from Events where $action = '' or json_extract(Json, '$.action') = $action",
            ("$action", action));

    /// <summary>Action, decision and reason of every event after the first ones, in their order.</summary>
    public IReadOnlyList<string> EventsAfter(long count)
    {
        using var catalogue = Open();
        using var command = Command(
            catalogue,
            """
            select json_extract(Json, '$.action') || ' ' || json_extract(Json, '$.decision') || ' '
                || json_extract(Json, '$.reason')
            from Events order by Sequence limit 1000000 offset $count
            """,
            [("$count", count)]);
        using var rows = command.ExecuteReader();
        var events = new List<string>();
        while (rows.Read())
            events.Add(rows.GetString(0).TrimEnd());
        return events;
    }

    /// <summary>A key that nothing but its own certificate's faults can keep out.</summary>
    public void Enrol(string spkiSha256, string subject, string party = "northmere-police") => Execute(
        """
        insert into Credentials (SpkiSha256, Id, Subject, Agreement, AgreementRevision, Party, NotBeforeTicks,
            NotAfterTicks, EnrolTicks, EnrolledBy, CertificatePem, State)
        values ($spki, $id, $subject, 'northmere', '', $party, 0, 0, 0, '', '', 1)
        """,
        ("$spki", spkiSha256), ("$id", spkiSha256[..32]), ("$subject", subject), ("$party", party));

    /// <summary>A subject of an issuer as a person of the police.</summary>
    public void Link(string id, string issuer, string subject, string person) => Execute(
        """
        insert into Identities (Issuer, Subject, Id, Person, Agreement, Party, LinkTicks, LinkedBy)
        values ($issuer, $subject, $id, $person, 'northmere', 'northmere-police', 0, '')
        """,
        ("$issuer", issuer), ("$subject", subject), ("$id", id), ("$person", person));

    public void Unlink(string id)
    {
        if (Execute("delete from Identities where Id = $id", ("$id", id)) != 1)
            throw new InvalidOperationException("No such identity is linked.");
    }

    /// <summary>As if the party had never signed; the service sees it within a second.</summary>
    public void TakeBackSignature(string party)
    {
        if (Execute("delete from Signatures where Party = $party", ("$party", party)) != 1)
            throw new InvalidOperationException("The party has not signed.");
        Execute("update RegisterVersions set Version = Version + 1");
    }

    /// <summary>The time is over for which a renewed key still lets in.</summary>
    public void EndOverlap(string spkiSha256)
    {
        if (Execute("update Credentials set EndTicks = 1 where SpkiSha256 = $spki and State = 2",
            ("$spki", spkiSha256)) != 1)
            throw new InvalidOperationException("No such credential was renewed.");
    }

    public void Revoke(string spkiSha256)
    {
        if (Execute("update Credentials set State = 3, EndTicks = $now where SpkiSha256 = $spki",
            ("$now", TimeProvider.System.GetUtcNow().UtcTicks), ("$spki", spkiSha256)) != 1)
            throw new InvalidOperationException("No such credential is enrolled.");
    }

    public long Scalar(string sql, params (string Name, object Value)[] parameters)
    {
        using var catalogue = Open();
        using var command = Command(catalogue, sql, parameters);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>A change behind the back of the exchange, as a superuser makes it.</summary>
    public void Change(string sql, params (string Name, object Value)[] parameters)
    {
        if (Execute(sql, parameters) == 0)
            throw new InvalidOperationException("No row was changed.");
    }

    int Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using var catalogue = Open();
        using var command = Command(catalogue, sql, parameters);
        return command.ExecuteNonQuery();
    }

    DbCommand Command(DbConnection catalogue, string sql, (string Name, object Value)[] parameters)
    {
        var command = catalogue.CreateCommand();
        command.CommandText = _isServer ? InWordsOfPostgres(sql) : QuotedNames(sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = _isServer ? name.Replace('$', '@') : name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    static string InWordsOfPostgres(string sql)
    {
        var translated = JsonLength().Replace(sql, "json_array_length(${column}::json->'${field}')");
        translated = JsonField().Replace(translated, "(${column}::json->>'${field}')");
        translated = translated.Replace("instr(", "strpos(", StringComparison.Ordinal);
        return Words().Replace(
            QuotedNames(translated), word => word.Value[0] == '$' ? "@" + word.Value[1..] : word.Value);
    }

    /// <summary>Some names are words of SQL.</summary>
    static string QuotedNames(string sql) =>
        Words().Replace(sql, word => char.IsAsciiLetterUpper(word.Value[0]) ? $"\"{word.Value}\"" : word.Value);

    [GeneratedRegex(@"json_extract\((?<column>[\w.]+), '\$\.(?<field>\w+)'\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonField();

    [GeneratedRegex(
        @"json_array_length\((?<column>[\w.]+), '\$\.(?<field>\w+)'\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonLength();

    /// <summary>Texts, which stay as they are; parameters; and names, which are the words that begin in upper
    /// case.</summary>
    [GeneratedRegex(@"'[^']*'|""[^""]*""|\$\w+|\b[A-Z]\w*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();

    DbConnection Open()
    {
        DbConnection catalogue = _isServer ? new NpgsqlConnection(_connection) : new SqliteConnection(_connection);
        catalogue.Open();
        return catalogue;
    }
}
