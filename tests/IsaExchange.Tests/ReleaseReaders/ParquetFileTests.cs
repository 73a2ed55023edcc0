using System.Text.Json;
using IsaExchange.Exchange.Releasing.Files;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.ReleaseReaders;

/// <summary>Read by hyparquet, which shares no code with the writer.</summary>
public sealed class ParquetFileTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static readonly string Tests = Path.Combine(SharedFolders.Repository, "tests");

    [Fact]
    public async Task Hyparquet_FindsWhatWasWritten()
    {
        using var answer = await AskAsync("area-by-group.parquet");
        var rows = answer.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(SampleRelease.Table.Rows().Count(), rows.Count);
        foreach (var (row, published) in rows.Zip(SampleRelease.Table.Rows()))
        {
            var (status, value, lo, hi) = published.Cell;
            Assert.Equal(published.Codes, [Said(row, "area"), Said(row, "si_group")]);
            Assert.Equal(published.Titles, [Said(row, "area_title"), Said(row, "si_group_title")]);
            Assert.Equal(
                [Number(value), CellWords.Of(status), Number(lo), Number(hi)],
                new[] { "value", "status", "lo", "hi" }.Select(name => Said(row, name)));
            Assert.Equal(FormattableString.Invariant($"{CellWords.Shown(published.Cell)}"), Said(row, "count"));
            Assert.Equal(["2026-07-01", "2026-09-30"], [Said(row, "first_day"), Said(row, "last_day")]);
        }
    }

    [Fact]
    public async Task Columns_HaveTheirTypesAndRepeatedWordsAreAnIndex()
    {
        using var answer = await AskAsync("area-by-group.parquet");
        var columns = answer.RootElement.GetProperty("columns");
        foreach (var column in columns.EnumerateObject())
        {
            var isNumber = column.Name is "value" or "lo" or "hi";
            var expected = column.Name is "first_day" or "last_day" ? "DATE" : isNumber ? "INTEGER" : "STRING";
            Assert.Equal(
                $"{column.Name} {expected} {isNumber}",
                $"{column.Name} {Said(column.Value, "type")} {column.Value.GetProperty("optional").GetBoolean()}");
        }

        Assert.Contains(
            "DICTIONARY", Said(columns.GetProperty("status"), "encodings"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coverage_IsReadToo()
    {
        using var answer = await AskAsync("coverage.parquet");
        Assert.Equal(
            ["received", "missing", "nil"],
            answer.RootElement.GetProperty("rows").EnumerateArray().Select(row => Said(row, "status")));
    }

    static async Task<JsonDocument> AskAsync(string file)
    {
        var folder = SampleRelease.Folder();
        try
        {
            await OtherPrograms.RequireAsync(Tests, "node", ["-e", "import('hyparquet')"], Stop);
            return JsonDocument.Parse(await OtherPrograms.RunAsync(
                folder, "node", [Path.Combine(Tests, "readers", "parquet.mjs"), Path.Combine(folder, file)], Stop));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What is null is no text, and so differs from every number.</summary>
    static string Said(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    static string Number(long? number) => FormattableString.Invariant($"{number}");
}
