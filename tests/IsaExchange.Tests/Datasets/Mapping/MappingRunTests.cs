using System.Text;
using IsaExchange.Datasets.Mapping;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

public class MappingRunTests
{
    static readonly ColumnMapping Crimes = MappingBench.Load("""
        dataset: d
        columns:
          - { name: row_no, sequence: true }
          - { name: kind, constant: "a,b" }
          - { name: type, from: Type, map: { Burg: BURGLARY, Robb: ROBBERY } }
          - { name: day, from: When, date: dd/MM/yyyy HH:mm }
          - { name: time, from: When, time: dd/MM/yyyy HH:mm, otherwise: "" }
          - { name: outward, outward_of: Postcode, otherwise: ZZ99 }
        drop:
          - { column: Name, reason: a name }
          - { column: Absent, reason: not in every export }
        skip_when:
          - { column: Status, equals: [Cancelled, Test], reason: no crime }
          - { column: Status, equals: "", reason: not decided }
        """);

    const string Header = "Type,When,Postcode,Name,Status\n";

    static readonly ColumnMapping Plain = MappingBench.Load("dataset: d\ncolumns: [{ name: a, from: A }]");
    static readonly ColumnMapping Pair =
        MappingBench.Load("dataset: d\ncolumns: [{ name: a, from: A }, { name: b, from: B }]");

    [Fact]
    public void EveryVerb_DoesWhatItSays()
    {
        var (report, output) = MappingBench.Run(Crimes,
            Header + "Burg,30/04/2026 17:05,so238uj,N,Live\nRobb,01/05/2026 00:00,nowhere,N,Live\n,,,N,Live\n");
        Assert.True(report.Succeeded);
        Assert.Equal(
            """
            row_no,kind,type,day,time,outward
            1,"a,b",BURGLARY,2026-04-30,17:05,SO23
            2,"a,b",ROBBERY,2026-05-01,00:00,ZZ99
            3,"a,b",,,,

            """, output);
        Assert.Equal(["Name", "Status"], report.DroppedColumns);
        Assert.Equal([new CountedColumn("outward", 1)], report.Replaced);
    }

    [Fact]
    public void SeveralInputs_AreJoinedInOrderUnderOneSequence()
    {
        var (report, output) = MappingBench.Run(Crimes,
            Header + "Burg,,,,x\n", Header, Header + "Robb,,,,x\nRobb,,,,x\n");
        Assert.Equal("row_no,kind,type,day,time,outward\n1,\"a,b\",BURGLARY,,,\n2,\"a,b\",ROBBERY,,,\n"
            + "3,\"a,b\",ROBBERY,,,\n", output);
        Assert.Equal([new("in1.csv", 1), new("in2.csv", 0), new CountedInput("in3.csv", 2)], report.Inputs);
    }

    [Fact]
    public void SkippedRecords_AreCountedForEachRule()
    {
        var (report, output) = MappingBench.Run(Crimes,
            Header + "Burg,,,,Cancelled\nBurg,,,,Live\nnot a type,,,,Test\nBurg,,,,\n");
        Assert.True(report.Succeeded);
        Assert.Equal(4, report.RecordsRead);
        Assert.Equal(1, report.RecordsWritten);
        Assert.Equal([2L, 1L], report.Skipped.Select(rule => rule.Records));
        Assert.EndsWith("\n1,\"a,b\",BURGLARY,,,\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void EqualRecords_AreAllKept()
    {
        var (report, output) = MappingBench.Run(Plain, "A\nx\nx\nx\n");
        Assert.Equal(3, report.RecordsWritten);
        Assert.Equal("a\nx\nx\nx\n", output);
    }

    [Fact]
    public void QuotesLineBreaksAndByteOrderMark_AreRead()
    {
        var (report, output) = MappingBench.Run(Pair, "\uFEFFA,B\r\n\"x\r\ny\",\"say \"\"z\"\"\"\r\n1,2");
        Assert.True(report.Succeeded);
        Assert.Equal("a,b\n\"x\r\ny\",\"say \"\"z\"\"\"\n1,2\n", output);
    }

    [Fact]
    public void EmptyLines_AreCountedAndAreNotRecords()
    {
        var (report, output) = MappingBench.Run(Pair, "A,B\n1,2\n\n3,4\n\n\n");
        Assert.True(report.Succeeded);
        Assert.Equal(3, report.EmptyLines);
        Assert.Equal(2, report.RecordsRead);
        Assert.Equal("a,b\n1,2\n3,4\n", output);
    }

    [Theory]
    [InlineData("", MappingFaultKind.NoHeader, 0)]
    [InlineData("B,C\n", MappingFaultKind.MissingColumn, 0)]
    [InlineData("A,C\n", MappingFaultKind.UnmentionedColumn, 2)]
    [InlineData("A,A\n", MappingFaultKind.RepeatedColumn, 2)]
    [InlineData("a\n", MappingFaultKind.MissingColumn, 0)]
    [InlineData("\"A\n", MappingFaultKind.Quotes, 0)]
    [InlineData("A\"\n1\n2\"\n", MappingFaultKind.Quotes, 0)]
    public void HeaderThatTheMappingDoesNotKnow_IsAFault(string input, MappingFaultKind kind, int field)
    {
        var fault = MappingBench.Single(MappingBench.Run(Plain, input).Report);
        Assert.Equal((kind, "in1.csv", 1, 0, field), (fault.Kind, fault.Input, fault.Line, fault.Record, fault.Field));
    }

    [Fact]
    public void AMappingThatReadsNoColumn_RepeatsNoValueOfAFileWithoutAHeader()
    {
        const string columns = "columns: [{ name: n, sequence: true }]\nsuppressed: [x]\n";
        const string input = "Jane Doe,Known,x\nx,2,x\n";
        var mapping = MappingBench.Load(
            $"dataset: d\n{columns}drop_others: true\ndrop: [{{ column: Known, reason: r }}]");
        var report = MappingBench.Run(mapping, input).Report;
        Assert.Empty(report.Faults);
        Assert.Equal(["number 1", "Known", "number 3"], report.DroppedColumns);
        Assert.Equal(["number 1 1", "number 3 1"], report.Suppressed.Select(c => $"{c.Column} {c.Values}"));
        var refused = MappingBench.Run(MappingBench.Load($"dataset: d\n{columns}"), input).Report;
        Assert.Equal(["number 1", "number 2", "number 3"], refused.Faults.Select(f => f.Column));
    }

    [Fact]
    public void UnmentionedColumn_IsLeftBehindWhenOthersAreDropped()
    {
        var mapping = MappingBench.Load("dataset: d\ndrop_others: true\ncolumns: [{ name: a, from: A }]");
        var (report, output) = MappingBench.Run(mapping, "B,A,C\n1,2,3\n");
        Assert.Equal(["B", "C"], report.DroppedColumns);
        Assert.Equal("a\n2\n", output);
    }

    [Fact]
    public void AnotherHeaderInALaterInput_IsAFaultOfThatInput()
    {
        var fault = MappingBench.Single(MappingBench.Run(Pair, "A,B\n1,2\n", "B,A\n1,2\n").Report);
        Assert.Equal((MappingFaultKind.OtherHeader, "in2.csv"), (fault.Kind, fault.Input));
    }

    [Theory]
    [InlineData("A,B\n1,2\n1\n1,2\n", MappingFaultKind.FieldCount, 3, 2)]
    [InlineData("A,B\n1,2,3\n1,2\n", MappingFaultKind.FieldCount, 2, 1)]
    [InlineData("A,B\n\"1\n\n\",2\n1,2\"\n", MappingFaultKind.Quotes, 5, 2)]
    [InlineData("A,B\n\"1\"x,2\n", MappingFaultKind.Quotes, 2, 1)]
    [InlineData("A,B\n1,2\n1,\"2\n", MappingFaultKind.Quotes, 3, 2)]
    [InlineData("A,B\n1,2\n\n1,\0\n", MappingFaultKind.NotText, 4, 2)]
    public void RecordThatIsNotRfc4180_IsAFaultAtItsLine(string input, MappingFaultKind kind, int line, int record)
    {
        var fault = MappingBench.Single(MappingBench.Run(Pair, input).Report);
        Assert.Equal((kind, line, record), (fault.Kind, fault.Line, fault.Record));
    }

    [Fact]
    public void BytesThatAreNotUtf8_AreAFaultOfTheirRecord()
    {
        var fault = MappingBench.Single(MappingBench.RunBytes(Pair, [.. "A,B\n1,"u8, 0xE9, .. "\n3,4\n"u8]).Report);
        Assert.Equal((MappingFaultKind.NotText, 2, 1), (fault.Kind, fault.Line, fault.Record));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public void OtherEncodings_AreRefusedAndNotTranscoded(string encoding)
    {
        var other = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. other.GetPreamble(), .. other.GetBytes("A,B\n1,2\n")];
        Assert.Equal(MappingFaultKind.NotText, MappingBench.Single(MappingBench.RunBytes(Pair, bytes).Report).Kind);
    }

    [Fact]
    public void UnclosedQuoteBeforeManyRecords_StopsAtTheLimit()
    {
        var rows = string.Concat(Enumerable.Repeat("1,2\n", MappingRun.MaxRecordBytes));
        var fault = MappingBench.Single(MappingBench.Run(Pair, "A,B\n1,2\n\"1,2\n" + rows).Report);
        Assert.Equal((MappingFaultKind.TooLong, 3, 2), (fault.Kind, fault.Line, fault.Record));
    }

    [Fact]
    public void ValueThatCannotBeConverted_IsAFaultOfItsField()
    {
        var (report, _) = MappingBench.Run(Crimes,
            Header + "Burg,30/04/2026 17:05,SO23,N,Live\nburg,31/04/2026 17:05,SO23,N,Live\n");
        Assert.Equal(2, report.FaultCount);
        Assert.Equal([("Type", 1), ("When", 2)], report.Faults.Select(fault => (fault.Column!, fault.Field)));
        Assert.All(report.Faults, fault => Assert.Equal((MappingFaultKind.NotConverted, 3, 2),
            (fault.Kind, fault.Line, fault.Record)));
    }

    [Fact]
    public void ManyFaults_AreListedUpToABoundAndCountedBeyondIt()
    {
        var rows = string.Concat(Enumerable.Repeat("wrong,,,,x\n", MappingReport.MaxFaults + 7));
        var (report, _) = MappingBench.Run(Crimes, Header + rows);
        Assert.Equal(MappingReport.MaxFaults, report.Faults.Count);
        Assert.Equal(MappingReport.MaxFaults + 7, report.FaultCount);
        Assert.Equal(0, report.RecordsWritten);
    }

    [Fact]
    public void NoInput_IsAFault() =>
        Assert.Equal(MappingFaultKind.NoInput, MappingBench.Single(MappingBench.Run(Plain).Report).Kind);

    [Fact]
    public void InputsWithoutTheirNames_AreABug() =>
        Assert.Throws<ArgumentException>(() => MappingRun.Run(
            Plain, [], ["a"], Stream.Null, TestContext.Current.CancellationToken));

    [Fact]
    public void Cancellation_StopsTheRun()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var input = new MemoryStream("A\n1\n"u8.ToArray());
        Assert.Throws<OperationCanceledException>(() => MappingRun.Run(Plain, [input], ["a"], Stream.Null, stop.Token));
    }

    [Fact]
    public void Progress_EndsAtTheBytesOfAllInputs()
    {
        var seen = new LastReport();
        using var one = new MemoryStream("A\n1\n"u8.ToArray());
        using var two = new MemoryStream("A\n22\n"u8.ToArray());
        MappingRun.Run(Plain, [one, two], ["1", "2"], Stream.Null, TestContext.Current.CancellationToken, seen);
        Assert.Equal(9, seen.Value);
    }

    [Fact]
    public void ALargeInput_DoesNotGrowMemory()
    {
        // 64 MiB against 4 MiB: what a run allocates is its buffers, not its records.
        var small = AllocatedBy(4 << 20);
        var large = AllocatedBy(64 << 20);
        Assert.InRange(large, 0, small + (1 << 20));
    }

    static long AllocatedBy(int bytes)
    {
        var record = "Burg,30/04/2026 17:05,SO23 8UJ,Somebody,Live\n"u8.ToArray();
        using var input = new RepeatingStream(Encoding.UTF8.GetBytes(Header), record, bytes / record.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var report = MappingRun.Run(Crimes, [input], ["big"], Stream.Null, TestContext.Current.CancellationToken);
        Assert.True(report.Succeeded);
        Assert.InRange(report.RecordsWritten, bytes / 50, bytes);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    sealed class LastReport : IProgress<long>
    {
        public long Value { get; private set; }

        public void Report(long value) => Value = value;
    }
}
