using System.Diagnostics;
using System.Text;
using IsaExchange.Datasets.Reading;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Vectors;

/// <summary>Others' malformed files and fuzz corpora: each ends in a report, soon, in little memory.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("csv-spectrum", 12)]
    [InlineData("duckdb", 700)]
    [InlineData("arrow-csv-fuzz", 7)]
    [InlineData("go-fuzz-corpus", 600)]
    [InlineData("blns", 3)]
    [InlineData("json-test-suite", 318)]
    [InlineData("generated", 150)]
    public void EveryFile_EndsInAReport(string folder, int atLeast)
    {
        var files = Directory.GetFiles(SharedFolders.Vectors("bad-input", folder), "*", SearchOption.AllDirectories);
        Assert.True(files.Length >= atLeast, $"Only {files.Length} files in {folder}.");
        foreach (var file in files)
        {
            var content = File.ReadAllBytes(file);
            AssertSettled(TestDatasets.Street, content, file);
            // Under a plan made of the file's own header the records are read, not just the first line.
            if (PlanOf(content) is { } own)
                AssertSettled(own, content, file);
        }
    }

    static void AssertSettled(ValidationPlan plan, byte[] content, string file)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sink = new CountingSink();
        var report = plan.Validate(content, 10_000, sink);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{file} took {clock.Elapsed}.");
        Assert.True(allocated < 8 << 20, $"{file} allocated {allocated} bytes.");
        Assert.True(report.HasErrors ? report.Groups.Count > 0 : report.AcceptedCount == report.RecordCount, file);
        Assert.True(report.AcceptedCount == sink.Count || report.Groups.Any(g => g.Rule is "F022" or "F023"), file);
        Assert.True(report.ErrorCount > 0 || !report.StoppedEarly, file);
    }

    static ValidationPlan? PlanOf(byte[] content)
    {
        using var stream = new MemoryStream(content);
        using var records = new CsvRecords(stream);
        if (!records.Read() || records.Fault != CsvFault.None || records.FieldCount > 100)
            return null;
        var names = Enumerable.Range(0, records.FieldCount)
            .Select(i => Encoding.UTF8.GetString(records.Field(i))).Where(n => n.Length > 0).Distinct().ToList();
        var fields = names.Select((name, i) => Field(name, i)).ToList();
        fields.Add(new FieldSpec { Name = "area", Type = FieldType.Code, CodeList = "csp" });
        return TestDatasets.Plan(new DatasetSpec
        {
            Id = "own", Title = "Own", Version = "1", LegalBasis = "local-agreement", Unit = "one", Fields = fields,
            PeriodField = "", Routing = new RoutingSpec("area"), CubeDimensions = ["area"],
        });
    }

    static FieldSpec Field(string name, int i) => (i % 4) switch
    {
        0 => new() { Name = name, Type = FieldType.Whole, Maximum = 1_000_000 },
        1 => new() { Name = name, Type = FieldType.Date, MaxLength = 4096 },
        2 => new() { Name = name, Type = FieldType.Code, Categories = [new("a", "A"), new("1", "One")] },
        _ => new() { Name = name, Type = FieldType.Outward },
    };
}
