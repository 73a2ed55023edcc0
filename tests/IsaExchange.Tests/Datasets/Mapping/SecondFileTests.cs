using System.Text;
using IsaExchange.Datasets.Mapping;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

/// <summary>
/// Casualties beside collisions: each is counted once, is left behind with its collision, or stops the run.
/// </summary>
public sealed class SecondFileTests
{
    static readonly ColumnMapping Collisions = MappingBench.Load("""
        dataset: d
        second: { title: casualties, key: Id, of: No }
        columns:
          - { name: n, sequence: true }
          - { name: killed, tally: { Severity: "1" } }
          - { name: slight_child, tally: { Severity: ["2", "3"], Band: ["1", "2"] } }
          - { name: slight_adult, tally: { Severity: ["2", "3"], Band: ["3"] } }
        """);

    [Fact]
    public void RecordsOfTheSecondFile_AreCountedAndNothingElseOfThemLeaves()
    {
        var (report, output) = MappingBench.RunSecond(Collisions,
            "Id,Severity,Band,Name\nA,1,3,x\nA,3,1,x\nA,2,2,x\nB,3,3,x\n", "No\nA\nB\nC\n");
        Assert.Empty(report.Faults);
        Assert.Equal("n,killed,slight_child,slight_adult\n1,1,2,0\n2,0,0,1\n3,0,0,0\n", output);
        Assert.Equal(new CountedSecond("casualties", 4, 1, 0), report.Second);
        Assert.Equal(["No"], report.DroppedColumns);
    }

    [Theory]
    [InlineData("Id,Severity,Band\nA,3,9\n", MappingFaultKind.NotConverted, 2)]
    [InlineData("Id,Severity\nA,3\n", MappingFaultKind.MissingColumn, 1)]
    [InlineData("Id,Severity,Band\nA,3\n", MappingFaultKind.FieldCount, 2)]
    [InlineData("", MappingFaultKind.NoHeader, 1)]
    public void ASecondFileThatCannotBeCounted_StopsTheRun(string second, MappingFaultKind kind, int line)
    {
        var (report, _) = MappingBench.RunSecond(Collisions, second, "No\nA\n");
        Assert.False(report.Succeeded);
        Assert.Contains(report.Faults, f => f.Kind == kind && f.Line == line && f.Input == "second.csv");
    }

    [Fact]
    public void ASecondFileForAMappingWithoutOne_IsAFault()
    {
        var plain = MappingBench.Load("dataset: d\ncolumns: [{ name: a, from: A }]");
        Assert.Equal(MappingFaultKind.SecondFile,
            MappingBench.Single(MappingBench.RunSecond(plain, "A\n", "A\n1\n").Report).Kind);
    }

    [Fact]
    public void RecordsOfNoRecordOfTheInputs_StopTheRunAtTheFirstOfThem()
    {
        var (report, _) = MappingBench.RunSecond(Collisions, "Id,Severity,Band\nA,3,3\nZ,1,3\nZ,3,3\n", "No\nA\nB\n");
        var fault = MappingBench.Single(report);
        Assert.Equal((MappingFaultKind.LostKey, "second.csv", 3L, 2L),
            (fault.Kind, fault.Input, fault.Line, fault.Record));
        Assert.Contains("casualties of this key, 2,", fault.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordThatCouldNotBeRead_IsTheOnlyFault()
    {
        // The key of the record in the damaged line cannot be known: that nobody has it says nothing.
        var (report, _) = MappingBench.RunSecond(Collisions, "Id,Severity,Band\nA,3,3\n", "No\n\"A\n");
        Assert.Equal(MappingFaultKind.Quotes, MappingBench.Single(report).Kind);
    }

    [Fact]
    public void OneKeyInTwoInputs_StopsTheRunInsteadOfCountingTwice()
    {
        const string second = "Id,Severity,Band\nA,3,3\n";
        var (report, _) = Run(Collisions, null, second, "No\nA\nB\n", "No\nB\nA\n");
        var fault = MappingBench.Single(report);
        Assert.Equal((MappingFaultKind.RepeatedKey, "in2.csv", 3L), (fault.Kind, fault.Input, fault.Line));
    }

    [Fact]
    public void RecordsOfRecordsLeftBehind_AreCountedAndNoFault()
    {
        var mapping = MappingBench.Load("""
            dataset: d
            second: { title: casualties, key: Id, of: No }
            period_column: day
            skip_when: [{ column: Status, equals: Void, reason: no collision }]
            columns:
              - { name: day, from: Day, date: yyyy-MM-dd }
              - { name: slight, tally: { Severity: "3" } }
            """);
        var (report, output) = Run(mapping, new MappingPeriod(new(2026, 7, 1), new(2026, 9, 30)),
            "Id,Severity\nA,3\nB,3\nB,3\nC,3\nA,3\n",
            "No,Day,Status\nA,2026-07-01,\nB,2026-06-30,\nC,2026-07-02,Void\n");
        Assert.Empty(report.Faults);
        Assert.Equal("day,slight\n2026-07-01,2\n", output);
        Assert.Equal(new CountedSecond("casualties", 5, 0, 3), report.Second);
    }

    static (MappingReport Report, string Output) Run(
        ColumnMapping mapping, MappingPeriod? period, string second, params string[] inputs)
    {
        using var output = new MemoryStream();
        using var beside = new MemoryStream(Encoding.UTF8.GetBytes(second));
        Stream[] streams = [.. inputs.Select(text => new MemoryStream(Encoding.UTF8.GetBytes(text)))];
        var report = MappingRun.Run(mapping, streams, [.. inputs.Select((_, i) => $"in{i + 1}.csv")], output,
            TestContext.Current.CancellationToken, second: new MappingSecond(beside, "second.csv"), period: period);
        return (report, Encoding.UTF8.GetString(output.ToArray()));
    }
}
