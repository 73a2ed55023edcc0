using System.Text;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Datasets.Specs;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>
/// A record costs no memory, of whatever dataset and however wrong: ten times the records allocate what a tenth of them
/// does.
/// </summary>
public sealed class SteadyStateTests
{
    const int Few = 2_000;
    const int Many = 20_000;

    // Tables of groups and cells grow by doubling, and what was allocated once is not given back.
    const int SlackBytes = 8 * 1024;

    public static TheoryData<string> Datasets => [.. TestDatasets.Catalog.All.Select(spec => spec.Id)];

    [Theory]
    [MemberData(nameof(Datasets))]
    public void RecordsOfTheExample_AllocateNothing(string dataset)
    {
        var (plan, header, rows) = Example(dataset);
        var report = AssertFlat(plan, header, rows);
        // The numbers begin anew with each repeat, and a count is taken once; the rest is as good as it was.
        Assert.InRange(report.AcceptedCount, 1, report.RecordCount);
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void RecordsWithEveryCellWrong_AllocateNothing(string dataset)
    {
        var (plan, header, rows) = Example(dataset);
        // A quote in quotes makes the reader look, and what is between is nobody's code, number or day.
        var wrong = string.Join(',', rows[0].Split(',').Select(_ => "\"?\"\"?\"")) + "\n";
        var report = AssertFlat(plan, header, [wrong]);
        Assert.Equal(Many, report.RecordCount);
        Assert.True(report.ErrorCount >= Many, $"{report.ErrorCount} errors");
        Assert.Equal(0, report.AcceptedCount);
    }

    [Fact]
    public void HundredThousandRecordsWithEveryCellWrong_AreToldInBounds()
    {
        var (plan, header, rows) = Example("police-recorded-crime");
        var columns = rows[0].Split(',').Length;
        var wrong = Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Repeat("?", columns)) + "\n");
        Run(plan, header, wrong, 1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var report = Run(plan, header, wrong, 100_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((100_000, 100_000L * columns), (report.RecordCount, report.ErrorCount));
        Assert.Equal(100_000L * columns, report.Groups.Sum(g => g.Count));
        Assert.True(report.Truncated);
        Assert.InRange(report.Violations.Count, columns, plan.Limits.MaxViolationsShown);
        // Each column has its share of the list: one that is wrong all the way down does not hide the others.
        Assert.Equal(columns, report.Violations.Select(v => v.Field).Distinct().Count());
        Assert.InRange(allocated, 0, 1 << 20);
    }

    static ValidationReport AssertFlat(ValidationPlan plan, byte[] header, string[] rows)
    {
        var block = Encoding.UTF8.GetBytes(string.Concat(rows));
        Run(plan, header, block, Few / rows.Length);
        var few = Allocated(() => Run(plan, header, block, Few / rows.Length));
        var many = Allocated(() => Run(plan, header, block, Many / rows.Length));
        Assert.InRange(many - few, -SlackBytes, SlackBytes);
        return Run(plan, header, block, Many / rows.Length);
    }

    static ValidationReport Run(ValidationPlan plan, byte[] header, byte[] block, int times)
    {
        using var stream = new RepeatingStream(header, block, times);
        return new DatasetValidator(plan).Validate(stream, new CountingSink(), CancellationToken.None);
    }

    /// <summary>The first run may compile; the least of some is what the code itself needs.</summary>
    static long Allocated(Action run) => Enumerable.Range(0, 3).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    static (ValidationPlan Plan, byte[] Header, string[] Rows) Example(string dataset)
    {
        var lines = Encoding.UTF8.GetString(ExampleFilesTests.Read(dataset, "valid.csv"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (ExampleFilesTests.Plan(TestDatasets.Catalog.Find(dataset)!), Encoding.UTF8.GetBytes(lines[0] + "\n"),
            [.. lines[1..].Select(line => line + "\n")]);
    }
}
