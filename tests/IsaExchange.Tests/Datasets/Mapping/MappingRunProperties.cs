using System.Text;
using CsCheck;
using IsaExchange.Datasets.Mapping;
using Sylvan.Data.Csv;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

public class MappingRunProperties
{
    static readonly ColumnMapping Mapping = MappingBench.Load("""
        dataset: d
        columns:
          - { name: row_no, sequence: true }
          - { name: a, from: A, map: { x: y }, otherwise: z }
          - { name: b, from: B, date: dd/MM/yyyy }
          - { name: c, outward_of: C }
        skip_when: [{ column: A, equals: s, reason: test }]
        """);

    static readonly ColumnMapping Copy =
        MappingBench.Load("dataset: d\ncolumns: [{ name: a, from: A }, { name: b, from: B }]");

    const int Times = 5_000;

    [Fact]
    public void AnyBytes_GiveFaultsOrAWholeOutput() =>
        Gen.Byte.Array[0, 200].Sample(bytes => AssertSettled(Mapping, bytes), iter: Times);

    [Fact]
    public void AnyBytesAfterTheHeader_GiveFaultsOrAWholeOutput() =>
        Gen.Byte.Array[0, 100].Sample(bytes => AssertSettled(Mapping, [.. "A,B,C\n"u8, .. bytes]), iter: Times);

    [Fact]
    public void AnyTextAfterTheHeader_GivesFaultsOrAWholeOutput()
    {
        var tokens = Gen.OneOf(
            "x", "s", ",", "\"", "\n", "\r\n", "\r", "", "01/02/2026", "SO23 8UJ", " ", "\0", "é", "x,,\n");
        tokens.Array[0, 40].Sample(parts =>
            AssertSettled(Mapping, Encoding.UTF8.GetBytes("A,B,C\n" + string.Concat(parts))), iter: Times);
    }

    [Fact]
    public void AnyFields_ComeOutAsAnotherReaderReadsThem()
    {
        var field = Gen.OneOf("", "x", ",", "\"", "\n", "\r\n", " ", "é", "=1", "a b").Array[0, 4]
            .Select(parts => string.Concat(parts));
        Gen.Select(field, field).Array[0, 20].Sample(records =>
        {
            var source = "A,B\n" + string.Concat(records.Select(r => $"{Quote(r.Item1)},{Quote(r.Item2)}\n"));
            var (report, output) = MappingBench.Run(Copy, source);
            Assert.True(report.Succeeded);
            using var reader = CsvDataReader.Create(new StringReader(output));
            foreach (var (a, b) in records)
            {
                Assert.True(reader.Read());
                Assert.Equal((a, b), (reader.GetString(0), reader.GetString(1)));
            }

            Assert.False(reader.Read());
        }, iter: Times);
    }

    [Fact]
    public void NoFault_RepeatsAValue()
    {
        const string canary = "Canary7f3a";
        var tokens = Gen.OneOf(canary, ",", "\"", "\n", "x", "s");
        var header = Gen.OneOf("A,B,C\n", "A,B\n", "", "A,B,C,D\n");
        Gen.Select(header, tokens.Array[1, 30]).Sample((first, parts) =>
        {
            var (report, _) = MappingBench.Run(Mapping, first + string.Concat(parts));
            foreach (var fault in report.Faults)
                Assert.DoesNotContain(canary, $"{fault} {fault.Column} {fault.Remedy}", StringComparison.Ordinal);
            Assert.DoesNotContain(report.DroppedColumns, name => name.Contains(canary, StringComparison.Ordinal));
        }, iter: Times);
    }

    [Fact]
    public void AnyText_IsAMappingOrHasFaults()
    {
        var words = Gen.OneOf(
            "dataset: d", "columns:", "\n", "  - ", "{ ", " }", "name: a", ", ", "from: A", "map:", "otherwise: x",
            "date: dd/MM/yyyy", ": ", "[", "]", "&a", "*a", "'", "\"", "|", "#", "? ", "!!int", "\t", "---", "%TAG");
        Gen.Select(words.Array[0, 20], Gen.String[0, 10]).Sample((parts, tail) =>
        {
            var result = ColumnMapping.Parse(string.Concat(parts) + tail, "m.yaml");
            Assert.Equal(result.Mapping is null, result.Faults.Count > 0);
            Assert.All(result.Faults, fault => Assert.True(fault.Line >= 1 && fault.Description.Length > 0));
        }, iter: Times);
    }

    static void AssertSettled(ColumnMapping mapping, byte[] bytes)
    {
        var (report, output) = MappingBench.RunBytes(mapping, bytes);
        Assert.Equal(report.FaultCount > 0, report.Faults.Count > 0);
        if (!report.Succeeded)
            return;
        Assert.Equal(report.RecordsRead, report.RecordsWritten + report.Skipped.Sum(rule => rule.Records));
        Assert.Equal(report.RecordsWritten + 1, output.Count(c => c == '\n'));
    }

    static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
