using System.Diagnostics;
using System.Globalization;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Releasing.Files;
using Xunit;

namespace IsaExchange.Tests.ReleaseReaders;

/// <summary>A table as large as that of the smallest areas by month, in every format; with ISAX_FULL=1 as large as of a
/// county. It prints what it took.</summary>
public sealed class ReleaseSizeTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LargeTable_IsWholeInEveryFormat()
    {
        var isFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";
        var table = Table(isFull ? 1493 : 50, 13, 4);
        var cells = table.Rows().Count();
        var notes = SampleRelease.Notes;
        var watch = Stopwatch.StartNew();
        var files = await ReleaseFiles.AllAsync([table], SampleRelease.Coverage, SampleRelease.Manifest(), Stop);
        var seconds = watch.Elapsed.TotalSeconds;
        Say($"{cells} cells in all formats: {seconds:0.0} s, {Environment.WorkingSet >> 20} MiB held");
        foreach (var file in files)
            Say($"{file.Name}: {file.Content.Length} bytes");
        var one = FileTable.Of(table, notes);
        Time("csv", () => Task.FromResult(CsvFile.Of(one)));
        Time("parquet", () => ParquetFile.OfAsync(one, Stop));
        Time("sdmx-csv", () => Task.FromResult(SdmxCsvFile.Of(table, notes)));
        Time("xlsx", () => Task.FromResult(WorkbookFile.Of([one], FileTable.Of(SampleRelease.Coverage), notes)));
        watch.Restart();
        await ReadBack.RequireAsync([table], notes.FirstDay, notes.LastDay, files, Stop);
        Say($"read back from all formats: {watch.Elapsed.TotalSeconds:0.00} s");
        Assert.Equal(cells, one.RowCount);
        Assert.All(
            files.Where(f => f.Name.StartsWith("large.", StringComparison.Ordinal)),
            file => Assert.Equal(file.Name == "large.csv-metadata.json" ? 0 : cells, file.Rows));
        Assert.True(cells > (isFull ? 77_000 : 2_000));
    }

    static void Time(string what, Func<Task<ReleaseFile>> write)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        write().GetAwaiter().GetResult();
        var mebibytes = (GC.GetAllocatedBytesForCurrentThread() - before) >> 20;
        Say($"{what}: {watch.Elapsed.TotalSeconds:0.00} s, {mebibytes} MiB allocated");
    }

    static void Say(FormattableString line) =>
        TestContext.Current.TestOutputHelper?.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    static PublishedTable Table(int areas, int types, int months)
    {
        var table = new ExactTable("large", [
            Dimension("area", "E0100", areas, "ALL"), Dimension("crime_type", "T", types - 1, "ALL"),
            Dimension("week", "W", months - 1, "ALL")]);
        for (var a = 0; a < areas; a++)
        {
            for (var t = 0; t < types - 1; t++)
                table.Add([a, t, a % (months - 1)], (a * 7 + t) % 23);
        }

        return TablePublisher.Publish(table, DisclosureRegimes.Find("nhs-2018")!);
    }

    static TableDimension Dimension(string name, string prefix, int codes, string total)
    {
        List<string> all =
            [.. Enumerable.Range(0, codes).Select(c => FormattableString.Invariant($"{prefix}{c:0000}"))];
        return new TableDimension(name, all, [.. all.Select(c => $"Title of {c}, as it is called")], total);
    }
}
