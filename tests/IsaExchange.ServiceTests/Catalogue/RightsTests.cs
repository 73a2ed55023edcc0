using IsaExchange.Exchange.Auditing;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Settings;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>What the server itself refuses, whatever the program does or is made to do.</summary>
[Collection(PostgresTests.Name)]
public sealed class RightsTests(PostgresFixture postgres)
{
    const string Refused = "42501";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Rights_NameEveryTable()
    {
        using var server = new PostgresMigrationContext().CreateDbContext([]);
        var tables = server.Model.GetEntityTypes().Select(t => t.GetTableName()!).Append("__EFMigrationsHistory");
        Assert.Equal(tables.Order(), PostgresRights.Tables.Select(t => t.Table).Order());
    }

    [Fact]
    public async Task Application_CannotChangeOrRemoveWhatProves()
    {
        var settings = await FilledAsync();
        string[] kept =
        [
            "Events", "EventSubjects", "TreeHashes", "Checkpoints", "TreeStates", "Statements", "SubmissionActs",
            "Releases", "ReleaseInputs", "ReleaseRetractions", "ReleaseProposals", "ProposalActs",
            "Signatures", "RevisionStages", "AnsweredRequests", "Comments",
        ];
        foreach (var table in kept)
        {
            Assert.Equal(Refused, await postgres.TryAsync(settings, "isax_application", $"DELETE FROM \"{table}\""));
            Assert.Equal(Refused, await postgres.TryAsync(settings, "isax_application", $"TRUNCATE \"{table}\""));
        }

        string[] changes =
        [
            """UPDATE "Events" SET "Json" = '{}'""", """UPDATE "Events" SET "Index" = 0""",
            """UPDATE "TreeStates" SET "Size" = 0""", """UPDATE "Checkpoints" SET "Note" = ''""",
            """UPDATE "SubmissionActs" SET "Reason" = ''""", """UPDATE "Revisions" SET "Source" = ''""",
            """UPDATE "Exceptions" SET "Until" = ''""", """INSERT INTO "Checkpoints" VALUES (1, '', 0)""",
        ];
        foreach (var change in changes)
            Assert.Equal(Refused, await postgres.TryAsync(settings, "isax_application", change));
        Assert.Equal(1, await postgres.CountAsync(settings, """SELECT count(*) FROM "Events" """));
    }

    [Theory]
    [InlineData("isax_application")]
    [InlineData("isax_sequencer")]
    [InlineData("isax_reader")]
    public async Task NobodyButTheOwner_CanChangeTables(string role)
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        string[] definitions =
        [
            "CREATE TABLE mine (x int)", "CREATE TEMPORARY TABLE mine (x int)", "CREATE SCHEMA mine",
            """DROP TABLE "Events" """, """ALTER TABLE "Events" ADD COLUMN x int""",
            """ALTER TABLE "Submissions" DISABLE ROW LEVEL SECURITY""", """DROP POLICY own_rows ON "Submissions" """,
            """CREATE INDEX mine ON "Events" ("Ticks")""",
            """CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'""",
        ];
        foreach (var definition in definitions)
            Assert.Equal(Refused, await postgres.TryAsync(settings, role, definition));
    }

    [Fact]
    public async Task Sequencer_GivesPlacesAndNothingElse()
    {
        var settings = await FilledAsync();
        Assert.Equal("", await postgres.TryAsync(settings, "isax_sequencer", """UPDATE "Events" SET "Index" = 0"""));
        string[] others =
        [
            """UPDATE "Events" SET "Json" = '{}'""", """UPDATE "Events" SET "Leaf" = ''""",
            """DELETE FROM "Events" """, """DELETE FROM "TreeHashes" """, """UPDATE "Checkpoints" SET "Note" = ''""",
            """SELECT * FROM "Submissions" """, """SELECT * FROM "Actors" """,
            """SELECT * FROM "Events" """, """SELECT "Json" FROM "Events" """, """SELECT "Salt" FROM "Events" """,
            """INSERT INTO "EventSubjects" VALUES ('a', 'a', 'a', 'a')""",
        ];
        foreach (var other in others)
            Assert.Equal(Refused, await postgres.TryAsync(settings, "isax_sequencer", other));
    }

    [Fact]
    public async Task Reader_SeesEverythingAndChangesNothing()
    {
        var settings = await FilledAsync();
        foreach (var table in PostgresRights.Tables.Select(t => t.Table))
        {
            Assert.Equal("", await postgres.TryAsync(settings, "isax_reader", $"SELECT * FROM \"{table}\""));
            Assert.Equal(Refused, await postgres.TryAsync(settings, "isax_reader", $"DELETE FROM \"{table}\""));
        }
    }

    [Fact]
    public async Task Rights_GrantedByHand_AreFoundAndGoneAfterTheNextMigration()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        Assert.Empty(await RoleCheck.ExcessAsync(settings, Stop));
        const string Delete = """DELETE FROM "Events" """;
        string[] grants =
        [
            """GRANT DELETE ON "Events" TO isax_application""", "GRANT CREATE ON SCHEMA public TO isax_sequencer",
            """GRANT UPDATE ("Leaf") ON "Events" TO isax_sequencer""",
            """GRANT SELECT ("Salt") ON "Events" TO isax_sequencer""",
            """ALTER TABLE "Reports" DISABLE ROW LEVEL SECURITY""",
        ];
        foreach (var grant in grants)
            Assert.Equal("", await postgres.TryAsync(settings, "isax_owner", grant));
        Assert.Equal("", await postgres.TryAsync(settings, "isax_application", Delete));
        Assert.Equal(
            [
                "isax_application may DELETE in Events",
                "isax_application is not held to its parties' rows in Reports",
                "isax_sequencer may make tables",
                "isax_sequencer may SELECT in Events",
                "isax_sequencer may UPDATE in Events",
            ],
            await RoleCheck.ExcessAsync(settings, Stop));
        await PostgresOwner.MigrateAsync(settings, Stop);
        Assert.Empty(await RoleCheck.ExcessAsync(settings, Stop));
        Assert.Equal(Refused, await postgres.TryAsync(settings, "isax_application", Delete));
    }

    [Fact]
    public async Task Password_IsReadAgainAtEveryConnection()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("isax-rotated-").FullName;
        foreach (var file in Directory.EnumerateFiles(postgres.Cluster.Passwords))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var application = Path.Combine(folder, "isax_application");
        var password = await File.ReadAllTextAsync(application, Stop);
        await File.WriteAllTextAsync(application, "not it", Stop);
        using var catalogue = PostgresFixture.Open(settings with { PasswordFolder = folder });
        await Assert.ThrowsAsync<Exchange.Storage.Catalogue.CatalogueUnavailableException>(
            () => catalogue.CheckSchemaAsync(Stop));
        await File.WriteAllTextAsync(application, password, Stop);
        await catalogue.CheckSchemaAsync(Stop);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task PasswordThatOthersCanRead_StopsTheStart()
    {
        var folder = Directory.CreateTempSubdirectory("isax-open-").FullName;
        var settings = new PostgresSettings
        {
            Server = "Host=127.0.0.1;Database=isax", PasswordFolder = folder,
        };
        foreach (var role in new[] { settings.ApplicationRole, settings.SequencerRole })
        {
            var file = Path.Combine(folder, role);
            await File.WriteAllTextAsync(file, "secret", Stop);
            await Harness.Programs.RunAsync("chmod", "604", file);
        }

        var refused = Assert.Throws<SettingsException>(() => settings.Check("settings.json"));
        Assert.Contains("others can read", refused.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    async Task<PostgresSettings> FilledAsync()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var catalogue = PostgresFixture.Open(settings);
        var trail = new AuditTrail(catalogue, TimeProvider.System, Rows.Origin);
        await trail.RecordAsync(new AuditEvent(AuditActions.ReadAudit, "something"), Stop);
        return settings;
    }
}
