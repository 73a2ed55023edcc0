using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.ReleaseReaders;

/// <summary>
/// Programs of analysts read a release as the recipes say, from the code on their page, and find what was written: the
/// same sum, the same rows of each status, the same titles.
/// </summary>
public sealed class RecipeTests : IDisposable
{
    readonly string _folder = SampleRelease.Folder();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>In a CSV a title that could be a formula has an apostrophe before it.</summary>
    static IEnumerable<string> TitlesOfCsv =>
        SampleRelease.Titles.Select(t => t[0] is '=' or '-' ? "'" + t : t);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Page_SaysWhatTheSampleHolds() => Assert.Equal(
        [FormattableString.Invariant($"sum {SampleRelease.Sum}"), .. SampleRelease.Statuses], Recipes.Answer);

    [Fact]
    public async Task R_FindsWhatWasWritten()
    {
        await OtherPrograms.RequireAsync(_folder, "Rscript", ["-e", "library(readr)"], Stop);
        var recipe = Assert.Single(Recipes.Of("R", "r"));
        var lines = await LinesAsync(
            "Rscript", "recipe.R", recipe + "\ncat(unique(crime$area_title), sep = \"\\n\")\n");
        Assert.Equal([.. Recipes.Answer, .. TitlesOfCsv], lines);
    }

    [Fact]
    public async Task Pandas_FindsWhatWasWritten()
    {
        // Where a machine has several, Debian's has pandas.
        const string debians = "/usr/bin/python3";
        string[] probe = ["-c", "import pandas"];
        var python = await OtherPrograms.IsThereAsync(_folder, "python3", probe, Stop) ? "python3" : debians;
        await OtherPrograms.RequireAsync(_folder, python, probe, Stop);
        var recipe = Assert.Single(Recipes.Of("Python", "python"));
        var lines = await LinesAsync(
            python, "recipe.py", recipe + "\nprint(*crime['area_title'].unique(), sep='\\n')\n");
        Assert.Equal([.. Recipes.Answer, .. TitlesOfCsv], lines);
    }

    [Fact]
    public void DuckDb_FindsWhatWasWritten()
    {
        var recipe = Assert.Single(Recipes.Of("DuckDB", "sql"));
        var statements = recipe.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(Recipes.Answer, statements.SelectMany(Query));
        const string parquet = "'area-by-group.parquet'";
        Assert.Equal(
            SampleRelease.Table.Rows().Select(r => r.Titles[0]), Query($"SELECT area_title FROM {parquet}"));
        Assert.Equal(
            ["first_day DATE", "last_day DATE", "value BIGINT", "lo BIGINT", "hi BIGINT"],
            Query($"SELECT column_name, column_type FROM (DESCRIBE FROM {parquet}) WHERE column_type <> 'VARCHAR'"));

        // The same from the CSV, whose types DuckDB then guesses.
        const string csv = "'area-by-group.csv'";
        Assert.Equal(
            Recipes.Answer, statements.SelectMany(s => Query(s.Replace(parquet, csv, StringComparison.Ordinal))));
        Assert.Equal(TitlesOfCsv.Order(), Query($"SELECT DISTINCT area_title FROM {csv}").Order());
    }

    [Fact]
    public async Task LibreOffice_FindsWhatWasWritten()
    {
        await OtherPrograms.RequireAsync(_folder, "soffice", ["--version"], Stop);
        var recipes = Recipes.Of("Excel and LibreOffice", "sh");
        await OtherPrograms.RunAsync(_folder, "bash", ["-c", recipes[0]], Stop);
        Assert.Equal(
            ["Code lists", "Coverage", "Notes", "area-by-group", "by-month"],
            Directory.GetFiles(Path.Combine(_folder, "sheets")).Select(Path.GetFileNameWithoutExtension)
                .Select(name => name!["recorded-crime-by-csp-".Length..]).Order(StringComparer.Ordinal));
        Assert.Equal(
            Recipes.Answer, Recipes.Lines(await OtherPrograms.RunAsync(_folder, "bash", ["-c", recipes[1]], Stop)));

        // Cell for cell what our CSV says, but for the apostrophes, which a workbook does not need.
        var written = await File.ReadAllTextAsync(Path.Combine(_folder, "area-by-group.csv"), Stop);
        var read = await File.ReadAllTextAsync(
            Path.Combine(_folder, "sheets", "recorded-crime-by-csp-area-by-group.csv"), Stop);
        Assert.Equal(Regex.Replace(written, ",'([=-])", ",$1"), read);
    }

    async Task<IReadOnlyList<string>> LinesAsync(string program, string name, string code)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, name), code, Stop);
        return Recipes.Lines(await OtherPrograms.RunAsync(_folder, program, [name], Stop));
    }

    List<string> Query(string sql)
    {
        using var duckDb = new DuckDBConnection("DataSource=:memory:");
        duckDb.Open();
        using var command = duckDb.CreateCommand();
        command.CommandText = $"SET file_search_path = '{_folder}'";
        command.ExecuteNonQuery();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(
                at => FormattableString.Invariant($"{reader.GetValue(at)}"))));
        }

        return lines;
    }
}
