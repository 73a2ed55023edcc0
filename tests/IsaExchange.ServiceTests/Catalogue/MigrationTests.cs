using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>Tables come from migrations alone, and a program works only on those it was made for.</summary>
[Collection(PostgresTests.Name)]
public sealed class MigrationTests(PostgresFixture postgres)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Models_HaveNoChangeThatNoMigrationMakes()
    {
        using var sqlite = new SqliteMigrationContext().CreateDbContext([]);
        using var server = new PostgresMigrationContext().CreateDbContext([]);
        Assert.False(sqlite.Database.HasPendingModelChanges(), "dotnet ef migrations add for SQLite");
        Assert.False(server.Database.HasPendingModelChanges(), "dotnet ef migrations add for PostgreSQL");
    }

    [Fact]
    public async Task EmptyDatabase_GetsItsTablesOnceAndThenNothingMore()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync(migrated: false);
        using var catalogue = PostgresFixture.Open(settings);
        var early = await Assert.ThrowsAsync<IOException>(() => catalogue.CheckSchemaAsync(Stop));
        Assert.Contains("migrate --home", early.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await PostgresOwner.MigrateAsync(settings, Stop));
        Assert.Empty(await PostgresOwner.MigrateAsync(settings, Stop));
        await catalogue.CheckSchemaAsync(Stop);
        Assert.Equal(0, await catalogue.ReadAsync(async db => (await db.TreeStates.SingleAsync(Stop)).Size, Stop));
    }

    [Fact]
    public async Task DatabaseOfAnotherExchange_IsKnownByItsEvents()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync(migrated: false);
        Assert.False(await PostgresOwner.IsInUseAsync(settings, Stop));
        await PostgresOwner.MigrateAsync(settings, Stop);
        Assert.False(await PostgresOwner.IsInUseAsync(settings, Stop));
        using var catalogue = PostgresFixture.Open(settings);
        await new AuditTrail(catalogue, TimeProvider.System, Rows.Origin)
            .RecordAsync(new AuditEvent(AuditActions.ReadAudit, "something"), Stop);
        Assert.True(await PostgresOwner.IsInUseAsync(settings, Stop));
    }

    [Fact]
    public async Task OwnerWithoutARole_SaysWhatIsMissing()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync(migrated: false);
        var refused = await Assert.ThrowsAsync<SettingsException>(
            () => PostgresOwner.MigrateAsync(settings with { ReaderRole = "nobody_here" }, Stop));
        Assert.Contains("\"nobody_here\" does not exist", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TablesOfALaterProgram_AreLeftAlone()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        Assert.Equal("", await postgres.TryAsync(
            settings, "isax_owner", """INSERT INTO "__EFMigrationsHistory" VALUES ('29991231000000_Later', '99')"""));
        using var catalogue = PostgresFixture.Open(settings);
        var refused = await Assert.ThrowsAsync<IOException>(() => catalogue.CheckSchemaAsync(Stop));
        Assert.Contains("later program", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => PostgresOwner.MigrateAsync(settings, Stop));
    }

    [Fact]
    public async Task SqliteFile_GetsItsTablesOnceAndThenNothingMore()
    {
        using var file = new TemporaryFile();
        using var catalogue = new SqliteCatalogue(file.Path);
        var lost = await Assert.ThrowsAsync<IOException>(() => catalogue.CheckSchemaAsync(Stop));
        Assert.Contains("Restore a backup", lost.Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file.Path, [], Stop);
        var early = await Assert.ThrowsAsync<IOException>(() => catalogue.CheckSchemaAsync(Stop));
        Assert.Contains("migrate --home", early.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await catalogue.CreateAsync(Stop));
        Assert.Empty(await catalogue.CreateAsync(Stop));
        await catalogue.CheckSchemaAsync(Stop);
    }

    [Fact]
    public async Task SqliteFileWithoutHistory_IsRefusedWithWhatToDo()
    {
        using var file = new TemporaryFile();
        await using (var earlier = new SqliteConnection($"Data Source={file.Path};Pooling=False"))
        {
            await earlier.OpenAsync(Stop);
            await using var made = earlier.CreateCommand();
            made.CommandText = "CREATE TABLE Submissions (Id TEXT PRIMARY KEY); PRAGMA user_version=2;";
            await made.ExecuteNonQueryAsync(Stop);
        }

        using var catalogue = new SqliteCatalogue(file.Path);
        var refused = await Assert.ThrowsAsync<IOException>(() => catalogue.CheckSchemaAsync(Stop));
        Assert.Contains("set up a new exchange with: init", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => catalogue.CreateAsync(Stop));
    }

    sealed class TemporaryFile : IDisposable
    {
        readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-sqlite-");

        public string Path => System.IO.Path.Combine(_folder.FullName, "catalogue.db");

        public void Dispose()
        {
            _folder.Delete(recursive: true);
        }
    }
}
