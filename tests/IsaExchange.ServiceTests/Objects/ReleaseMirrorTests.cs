using System.Globalization;
using DuckDB.NET.Data;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>
/// Releases as an engine finds them in Blob Storage. DuckDB fetches its azure extension from the Internet, which a test
/// must not need: the blobs are downloaded as they are, folders and all, and DuckDB reads those.
/// </summary>
public sealed class ReleaseMirrorTests(MirroredExchange northmere) : IClassFixture<MirroredExchange>
{
    const string Folder = "northmere/admissions-by-csp/release=1";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishedRelease_IsReadByDuckDbCellByCellAsItsCsvSays()
    {
        var names = await northmere.FilesAsync(IsWhole);
        var folder = Directory.CreateTempSubdirectory("isax-engine-").FullName;
        try
        {
            await DownloadAsync(names, folder);
            var tables = northmere.Release.Files
                .Where(f => f.MediaType.StartsWith("text/csv", StringComparison.Ordinal)).ToList();
            Assert.True(tables.Count > 1);
            var cells = 0;
            foreach (var table in tables)
                cells += await CompareAsync(table.Name, folder);
            Assert.True(cells > 100);
            TestContext.Current.TestOutputHelper?.WriteLine($"{cells} cells of {tables.Count} tables, 0 differ");
            var manifest = await ReadAsync("manifest.json");
            Assert.Equal(manifest, await File.ReadAllBytesAsync(Path.Combine(folder, Folder, "manifest.json"), Stop));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task FrozenWithdrawnAndRestarted_TheFolderFollows()
    {
        var names = await northmere.FilesAsync(IsWhole);
        var officer = northmere.Submissions(Northmere.WestOfficer);
        await officer.FreezeSubmissionAsync(
            new FreezeSubmissionRequest { Name = northmere.West.Name, Reason = "a breach" }, cancellationToken: Stop);
        Assert.Empty(await northmere.FilesAsync(static left => left.Count == 0));

        // Killed while nothing is there: only the catalogue knows what is to be done.
        await northmere.Exchange.KillAsync();
        await northmere.Exchange.ServeAsync();
        officer = northmere.Submissions(Northmere.WestOfficer);
        Assert.Empty(await northmere.FilesAsync(static left => left.Count == 0));
        await officer.UnfreezeSubmissionAsync(
            new UnfreezeSubmissionRequest { Name = northmere.West.Name, Reason = "none after all" },
            cancellationToken: Stop);
        Assert.Equal(names, await northmere.FilesAsync(IsWhole));
        Assert.DoesNotContain(northmere.West.Name, await StatusAsync(), StringComparison.Ordinal);

        await officer.WithdrawSubmissionAsync(
            new WithdrawSubmissionRequest { Name = northmere.West.Name, Reason = "sent in error" },
            cancellationToken: Stop);
        for (var tries = 0; !(await StatusAsync()).Contains(northmere.West.Name, StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 400, "A withdrawn submission is not named within 40 s.");
            await Task.Delay(100, Stop);
        }

        Assert.Equal(names, await northmere.FilesAsync(IsWhole));
    }

    [Fact]
    public async Task Retracted_TheFolderGoes()
    {
        var slot = northmere.NextSlot();
        await northmere.Police.SubmitAsync(northmere.Police.Request(slot.Month, slot.Area), slot.Table());
        var steward = northmere.Feeds(Northmere.Steward);
        var release = await steward.PublishReleaseAsync(
            new PublishReleaseRequest { Parent = Northmere.StreetFeed, Period = slot.Month }, cancellationToken: Stop);
        const string Street = "northmere/street-level-by-csp/release=1/";
        await northmere.FilesAsync(names => names.Contains(Street + "_status.json"));
        await steward.RetractReleaseAsync(
            new RetractReleaseRequest { Name = release.Name, Reason = "a month is doubled" }, cancellationToken: Stop);
        var left = await northmere.FilesAsync(
            names => !names.Any(n => n.StartsWith(Street, StringComparison.Ordinal)));
        Assert.DoesNotContain(left, n => n.StartsWith(Street, StringComparison.Ordinal));
        Assert.Contains(
            "release.mirror allow RETRACTED", northmere.Catalogue.EventsAfter(0), StringComparer.Ordinal);
    }

    static bool IsWhole(IReadOnlyList<string> names) => names.Contains(Folder + "/_status.json");

    async Task<string> StatusAsync() =>
        (await northmere.Container.GetBlobClient(Folder + "/_status.json").DownloadContentAsync(Stop))
        .Value.Content.ToString();

    async Task DownloadAsync(IReadOnlyList<string> names, string folder)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await northmere.Container.GetBlobClient(name).DownloadToAsync(path, Stop);
        }
    }

    /// <summary>Compares every cell; gives how many.</summary>
    async Task<int> CompareAsync(string csv, string folder)
    {
        var path = Path.Combine(folder, csv);
        await File.WriteAllBytesAsync(path, await ReadAsync(csv), Stop);
        var parquet = Path.ChangeExtension(csv, ".parquet");
        var expected = Query($"select * from read_csv('{path}', header = true, all_varchar = true, nullstr = 'none')");
        var found = Query(
            $"""
            select * exclude (release)
            from read_parquet('{folder}/northmere/admissions-by-csp/*/{parquet}', hive_partitioning = true)
            where release = 1
            """);
        Assert.Equal(expected.Columns, found.Columns);
        Assert.Equal(expected.Rows, found.Rows);
        foreach (var (name, type) in found.Columns.Zip(found.Types))
        {
            var wanted = name switch
            {
                "first_day" or "last_day" => "Date",
                "value" or "lo" or "hi" => "BigInt",
                _ => "Varchar",
            };
            Assert.Equal(wanted, type, ignoreCase: true);
        }

        return expected.Rows.Count * expected.Columns.Count;
    }

    async Task<byte[]> ReadAsync(string file)
    {
        using var call = northmere.Feeds(Northmere.CouncilAnalyst).ReadReleaseFile(new ReadReleaseFileRequest
        {
            Name = northmere.Release.Name, File = file, Purpose = "strategic-assessment",
        });
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(Stop))
            content.Write(part.Data.Span);
        return content.ToArray();
    }

    static (List<string> Columns, List<string> Types, List<string> Rows) Query(string sql)
    {
        using var duckDb = new DuckDBConnection("DataSource=:memory:");
        duckDb.Open();
        using var command = duckDb.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount).ToList();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', columns.Select(c => Text(reader, c))));
        return (columns.ConvertAll(reader.GetName), columns.ConvertAll(reader.GetDataTypeName), rows);
    }

    static string Text(DuckDBDataReader reader, int column)
    {
        var value = reader.IsDBNull(column) ? "" : reader.GetValue(column);
        return value is DateOnly day
            ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture)!;
    }
}
