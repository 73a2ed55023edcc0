using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Settings;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>The second line: rows of one authority are given out and taken in for its own matters alone.</summary>
[Collection(PostgresTests.Name)]
public sealed class OwnRowsTests(PostgresFixture postgres)
{
    static readonly string[] Tables =
        ["Submissions", "Withholdings", "Erasures", "Reports", "Explanations", "SubmissionActs"];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("northmere/fire")]
    [InlineData("southmere/police")]
    [InlineData("police")]
    [InlineData("northmere/polic,orthmere/police,northmere/police2")]
    [InlineData("southmere/*")]
    [InlineData("northmere,north/*,/*")]
    public async Task WrongParty_SeesNoRowAndChangesNone(string? parties)
    {
        var settings = await FilledAsync();
        await using var connection = await AsAsync(settings, parties);
        foreach (var table in Tables)
            Assert.Equal(0, await ScalarAsync(connection, $"SELECT count(*) FROM \"{table}\""));

        Assert.Equal(0, await ExecuteAsync(connection, """UPDATE "Submissions" SET "State" = 7"""));
        Assert.Equal(0, await ExecuteAsync(connection, """UPDATE "Explanations" SET "Text" = ''"""));
        Assert.Equal(0, await ExecuteAsync(connection, """UPDATE "Erasures" SET "Note" = ''"""));
    }

    [Theory]
    [InlineData("northmere/police", 1)]
    [InlineData("northmere/fire,northmere/police", 1)]
    [InlineData("*", 1)]
    [InlineData("northmere/*", 1)]
    [InlineData("southmere/*", 0)]
    [InlineData("northmere/fire", 0)]
    [InlineData(null, 0)]
    public async Task Rows_AreTakenInForThePartyAlone(string? parties, int expected)
    {
        var settings = await FilledAsync();
        string[] additions =
        [
            """
            INSERT INTO "SubmissionActs" ("Event", "Submission", "Kind", "Reason", "Actor", "Ticks")
            SELECT 'later', 'one', 1, '', '', 0
            """,
            """
            INSERT INTO "Withholdings" ("Id", "Agreement", "Party", "Dataset", "Areas", "PeriodStart", "PeriodEnd",
                "Reason", "Note", "Actor", "Ticks", "Event")
            VALUES ('later', 'northmere', 'police', '', '', '', '', '', '', '', 0, '')
            """,
        ];
        foreach (var addition in additions)
        {
            await using var connection = await AsAsync(settings, parties);
            if (expected == 1)
            {
                Assert.Equal(1, await ExecuteAsync(connection, addition));
                continue;
            }

            var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, addition));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }

        await using var seen = await AsAsync(settings, parties);
        Assert.Equal(2 * expected, await ScalarAsync(seen, """SELECT count(*) FROM "SubmissionActs" """));
        Assert.Equal(2 * expected, await ScalarAsync(seen, """SELECT count(*) FROM "Withholdings" """));
    }

    [Fact]
    public async Task Call_SeesNothingBeforeAPermit_AndOutsideOfCallsAll()
    {
        var settings = await FilledAsync();
        using var catalogue = PostgresFixture.Open(settings);
        Task<int> CountAsync() => catalogue.ReadAsync(db => db.Submissions.CountAsync(Stop), Stop);
        async Task<int> InCallAsync()
        {
            PartyRows.BeginCall();
            return await CountAsync();
        }

        Assert.Equal(1, await CountAsync());
        Assert.Equal(0, await InCallAsync());
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task WriteWithoutAPermit_EndsInAnIncidentAndChangesNothing()
    {
        var settings = await FilledAsync();
        using var catalogue = PostgresFixture.Open(settings);
        var trail = new AuditTrail(catalogue, TimeProvider.System, Rows.Origin);
        async Task AddAsync()
        {
            PartyRows.BeginCall();
            await Rows.AddReadyAsync(trail);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(AddAsync);
        Assert.Equal(1, await postgres.CountAsync(settings, """SELECT count(*) FROM "Submissions" """));
    }

    /// <summary>A row in each table, of the police of Northmere.</summary>
    async Task<PostgresSettings> FilledAsync()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var catalogue = PostgresFixture.Open(settings);
        var row = Rows.Ready("police", "one");
        await catalogue.WriteAsync(db => Task.FromResult(db.Submissions.Add(row)), Stop);
        await catalogue.WriteAsync(
            db =>
            {
                db.Reports.Add(new ReportRow
                {
                    Submission = row.Id, Json = "{}", Errors = 0, Queries = 0, Truncated = false,
                });
                db.Explanations.Add(new ExplanationRow
                {
                    Submission = row.Id, Group = "g", Number = 1, Text = "t", Actor = "a", Ticks = 0,
                });
                db.SubmissionActs.Add(new SubmissionActRow
                {
                    Event = "e", Submission = row.Id, Kind = SubmissionActKind.Freeze, Reason = "", Actor = "",
                    Ticks = 0,
                });
                db.Erasures.Add(new ErasureRow
                {
                    KeyName = "northmere.police.until-2020", Agreement = "northmere", Party = "police", KeyIds = "",
                    OrderTicks = 0,
                });
                db.Withholdings.Add(new WithholdingRow
                {
                    Id = "w", Agreement = "northmere", Party = "police", Dataset = "", Areas = "", PeriodStart = "",
                    PeriodEnd = "", Reason = "", Note = "", Actor = "", Ticks = 0, Event = "",
                });
                return Task.FromResult(true);
            },
            Stop);
        return settings;
    }

    /// <summary>The application's role, past the program, with what a transaction would set.</summary>
    async Task<NpgsqlConnection> AsAsync(PostgresSettings settings, string? parties)
    {
        var connection = await postgres.Cluster.OpenAsync(settings, "isax_application");
        if (parties is not null)
            await ExecuteAsync(connection, $"SET isax.parties = '{parties}'");
        return connection;
    }

    static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(Stop);
    }
}
