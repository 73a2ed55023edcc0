using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>What the application may do with a table besides reading it, and what the sequencer may.</summary>
/// <param name="Application">Of SQL's privileges, such as INSERT, UPDATE ("Column").</param>
/// <param name="Sequencer">Null: it does not even see the table.</param>
sealed record TableRights(string Table, string[] Application, string[]? Sequencer = null)
{
    /// <summary>Columns that are all that the sequencer sees of the table; empty when it sees them all.</summary>
    public string[] SequencerSees { get; init; } = [];

    /// <summary>With SELECT, which everybody who may touch the table has.</summary>
    public IEnumerable<string> OfApplication => Application.Prepend("SELECT");

    /// <summary>As <see cref="OfApplication"/>; none where it does not see the table.</summary>
    public IEnumerable<string> OfSequencer => Sequencer is null
        ? []
        : SequencerSees.Length == 0
            ? Sequencer.Prepend("SELECT")
            : Sequencer.Concat(SequencerSees.Select(column => $"SELECT (\"{column}\")"));
}

/// <summary>
/// Who may do what, as the server enforces it. A table that is not named here nobody but its owner can touch. Rows that
/// prove something can be added and never changed, whatever the program does or is made to do.
/// </summary>
static class PostgresRights
{
    static readonly string[] Adds = ["INSERT"];
    static readonly string[] Changes = ["INSERT", "UPDATE"];
    static readonly string[] Nothing = [];

    /// <summary>Of one authority alone: the server gives out and takes in rows of those parties only that
    /// <c>isax.parties</c> names for the transaction.</summary>
    public static IReadOnlyList<string> OwnRows { get; } =
        ["Submissions", "Withholdings", "Erasures", "Reports", "Explanations", "SubmissionActs"];

    public static IReadOnlyList<TableRights> Tables { get; } =
    [
        // What an event says, and the salt without which its leaf tells nothing, are not needed to give it a place.
        new("Events", Adds, ["UPDATE (\"Index\")"]) { SequencerSees = ["Sequence", "Leaf", "Index"] },
        new("EventSubjects", Adds),
        new("TreeHashes", Nothing, Adds),
        new("Checkpoints", Nothing, Adds),
        new("TreeStates", Nothing, ["UPDATE"]),
        new("Actors", Adds),
        new("Submissions", Changes),
        new("Reports", Adds),
        new("Explanations", Changes),
        new("SubmissionActs", Adds),
        new("Requests", Changes),
        new("AnsweredRequests", Adds),
        new("Credentials", Changes),
        new("Identities", ["INSERT", "DELETE"]),
        new("Releases", Adds),
        new("ReleaseInputs", Adds),
        new("ReleaseRetractions", Adds),
        new("ReleaseProposals", Adds),
        new("ProposalActs", Adds),
        new("Statements", Adds),
        new("Revisions", ["INSERT", "UPDATE (\"CarriesFrom\")"]),
        new("RevisionStages", Adds),
        new("Signatures", Adds),
        new("Comments", Adds),
        new("Readings", Adds),
        new("Designations", Adds),
        new("DesignationEnds", Adds),
        new("NamedPeople", Adds),
        new("PartyWithdrawals", Adds),
        new("CodeListUses", Adds),
        new("RegisterVersions", Changes),
        new("Exceptions", ["INSERT", "UPDATE (\"RevokeTicks\")"]),
        new("Withholdings", Adds),
        new("Erasures", Changes),
        new("Notices", Changes),
        new("NoticeItems", Adds),
        new("__EFMigrationsHistory", Nothing, Nothing),
    ];

    /// <summary>Statements that make it so, whatever was granted before. Run by the owner, in one
    /// transaction.</summary>
    public static IEnumerable<string> Statements(PostgresSettings settings, string database)
    {
        var (application, sequencer, reader) = (
            Quoted(settings.ApplicationRole), Quoted(settings.SequencerRole), Quoted(settings.ReaderRole));
        var all = $"{application}, {sequencer}, {reader}";
        yield return $"REVOKE ALL ON DATABASE {Quoted(database)} FROM PUBLIC, {all}";
        yield return $"GRANT CONNECT ON DATABASE {Quoted(database)} TO {all}";
        yield return $"REVOKE ALL ON SCHEMA public FROM PUBLIC, {all}";
        yield return $"GRANT USAGE ON SCHEMA public TO {all}";
        yield return $"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {all}";
        yield return $"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {all}";
        foreach (var table in Tables)
        {
            var name = Quoted(table.Table);
            yield return $"GRANT {string.Join(", ", table.OfApplication)} ON {name} TO {application}";
            yield return $"GRANT SELECT ON {name} TO {reader}";
            if (table.Sequencer is not null)
                yield return $"GRANT {string.Join(", ", table.OfSequencer)} ON {name} TO {sequencer}";
        }

        foreach (var statement in OwnRows.SelectMany(table => Policies(table, application, reader)))
            yield return statement;
    }

    static IEnumerable<string> Policies(string table, string application, string reader)
    {
        var name = Quoted(table);
        var test = table is "Submissions" or "Withholdings" or "Erasures"
            ? """
              (SELECT current_setting('isax.parties', true)) = '*' OR ARRAY["Agreement" || '/' || "Party",
                  "Agreement" || '/*'] && string_to_array((SELECT current_setting('isax.parties', true)), ',')
              """
            : $"""EXISTS (SELECT 1 FROM "Submissions" WHERE "Submissions"."Id" = {name}."Submission")""";
        yield return $"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY";
        yield return $"DROP POLICY IF EXISTS own_rows ON {name}";
        yield return $"CREATE POLICY own_rows ON {name} TO {application} USING ({test}) WITH CHECK ({test})";
        yield return $"DROP POLICY IF EXISTS reads ON {name}";
        yield return $"CREATE POLICY reads ON {name} FOR SELECT TO {reader} USING (true)";
    }

    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
