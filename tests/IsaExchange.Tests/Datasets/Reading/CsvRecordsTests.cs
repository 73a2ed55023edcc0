using System.Text;
using System.Text.Json;
using IsaExchange.Datasets.Reading;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Reading;

public sealed class CsvRecordsTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "0@1 a|b", "1@2 1|2")]
    [InlineData("a,b\r\n\"1\r\n1\",2\r\n3,4", "0@1 a|b", "1@2 1\r\n1|2", "2@4 3|4")]
    [InlineData("a\r\"x\r\ry\"\rz", "0@1 a", "1@2 x\r\ry", "2@5 z")]
    [InlineData("\uFEFFa\n\"q\"\"q\"\n", "0@1 a", "1@2 q\"q")]
    [InlineData("a,b\n,\n", "0@1 a|b", "1@2 |")]
    [InlineData("a,b,c\n1\n1,2,3,4\n", "0@1 a|b|c", "1@2 1", "2@3 1|2|3|4")]
    [InlineData("")]
    public void Records_AreNumberedAndPlaced(string csv, params string[] expected)
    {
        foreach (var chunk in new[] { 1, 2, 3, 1000 })
            Assert.Equal(expected, Read(csv, chunk));
    }

    [Theory]
    [InlineData("a\n\nb\n", CsvFault.BlankLine, 2, -1)]
    [InlineData("a,b\n1,x\"y\n", CsvFault.QuoteInField, 2, 1)]
    [InlineData("a,b\n\"1\"2,x\n", CsvFault.TextAfterQuote, 2, 0)]
    [InlineData("a,b\n\"1\n2\",\"x\n\n", CsvFault.QuoteNeverClosed, 3, 1)]
    [InlineData("a,b\n\"1\n2\",\"\0", CsvFault.Nul, 3, 1)]
    public void Fault_HasTheLineAndFieldWhereItBegins(string csv, CsvFault fault, long line, int field)
    {
        using var stream = new ChunkedStream(Encoding.UTF8.GetBytes(csv), 1);
        using var records = new CsvRecords(stream);
        while (records.Read() && records.Fault == CsvFault.None)
        {
        }

        Assert.Equal((fault, line, field), (records.Fault, records.FaultLine, records.FaultField));
    }

    [Theory]
    [InlineData("a\nb\n", CsvLineEnds.LineFeed)]
    [InlineData("a\r\nb", CsvLineEnds.CarriageReturnLineFeed)]
    [InlineData("a\rb", CsvLineEnds.CarriageReturn)]
    [InlineData("a\n\"\r\"\nb", CsvLineEnds.LineFeed)]
    [InlineData("a\r\n\"\n\"\r\nb\r\n", CsvLineEnds.CarriageReturnLineFeed)]
    [InlineData("a\nb\r\n", CsvLineEnds.Mixed)]
    [InlineData("a\nb\rc", CsvLineEnds.Mixed)]
    [InlineData("a", CsvLineEnds.None)]
    public void LineEnds_AreThoseOutsideQuotes(string csv, CsvLineEnds expected)
    {
        using var stream = new ChunkedStream(Encoding.UTF8.GetBytes(csv), 1);
        using var records = new CsvRecords(stream);
        while (records.Read())
        {
        }

        Assert.Equal(expected, records.LineEnds);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(1_000)]
    [InlineData(64 * 1024 - 1)]
    [InlineData(64 * 1024)]
    public void RecordsOfTheLimit_AreReadHoweverTheyArrive(int limit)
    {
        var random = new Random(limit);
        int[] lengths =
            [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? limit - random.Next(3) : random.Next(1, 4))];
        var csv = Encoding.ASCII.GetBytes(string.Concat(lengths.Select(
            length => new string('x', length) + (random.Next(3) == 0 ? "\r\n" : "\n"))));
        foreach (var chunk in new[] { 7, 1000, 100_000 })
        {
            using var stream = new ChunkedStream(csv, chunk);
            using var records = new CsvRecords(stream, limit);
            foreach (var length in lengths)
            {
                Assert.True(records.Read());
                Assert.Equal((CsvFault.None, length), (records.Fault, records.Field(0).Length));
            }

            Assert.False(records.Read());
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(64 * 1024)]
    public void RecordOverTheLimit_EndsTheReading(int limit)
    {
        var csv = Encoding.ASCII.GetBytes("a\n" + new string('x', limit + 1) + "\nb\n");
        foreach (var chunk in new[] { 7, 1000, 1_000_000 })
        {
            using var stream = new ChunkedStream(csv, chunk);
            using var records = new CsvRecords(stream, limit);
            Assert.True(records.Read() && records.Fault == CsvFault.None && records.Read());
            Assert.Equal((CsvFault.RecordTooLong, 2, true), (records.Fault, records.FaultLine, records.Stopped));
        }
    }

    /// <summary>The library below would take the second for the mark of the file, and read other text.</summary>
    [Theory]
    [InlineData(0xFF, 0xFE)]
    [InlineData(0xFE, 0xFF)]
    public void MarkOfUtf16BehindThatOfUtf8_IsRefused(byte first, byte second)
    {
        using var stream = new MemoryStream([0xEF, 0xBB, 0xBF, first, second, .. "a\0,\0b\0\n\0"u8]);
        using var records = new CsvRecords(stream);
        Assert.True(records.Read());
        Assert.Equal((CsvFault.WideEncoding, true), (records.Fault, records.Stopped));
    }

    [Fact]
    public void Stream_StaysOpenAndIsReadOnce()
    {
        using var stream = new MemoryStream("a\nb\n"u8.ToArray());
        using (var records = new CsvRecords(stream))
        {
            while (records.Read())
            {
            }
        }

        Assert.Equal(4, stream.Position);
    }

    [Fact]
    public void CsvSpectrum_ParsesToItsJson()
    {
        var folder = SharedFolders.Vectors("bad-input", "csv-spectrum");
        var files = Directory.GetFiles(Path.Combine(folder, "csvs"), "*.csv");
        Assert.Equal(12, files.Length);
        foreach (var file in files)
        {
            if (Path.GetFileName(file) == "location_coordinates.csv")
            {
                // Quotes inside fields that do not begin with one: RFC 4180 allows none.
                AssertRefused(file);
                continue;
            }

            var expected = JsonSerializer.Deserialize<List<Dictionary<string, string>>>(File.ReadAllText(
                Path.Combine(folder, "json", Path.GetFileNameWithoutExtension(file) + ".json")))!;
            foreach (var chunk in new[] { 1, 3, 100_000 })
                Assert.Equal(expected, ReadNamed(Content(file), chunk));
        }
    }

    /// <summary>The stored copies of the CR LF files have lost their CR; their JSON has not.</summary>
    static byte[] Content(string file) => file.EndsWith("_crlf.csv", StringComparison.Ordinal)
        ? Encoding.UTF8.GetBytes(File.ReadAllText(file).ReplaceLineEndings("\r\n"))
        : File.ReadAllBytes(file);

    static void AssertRefused(string file)
    {
        using var stream = File.OpenRead(file);
        using var records = new CsvRecords(stream);
        Assert.True(records.Read() && records.Fault == CsvFault.None);
        Assert.True(records.Read());
        Assert.Equal((CsvFault.QuoteInField, 2, 1), (records.Fault, records.FaultLine, records.FaultField));
    }

    static List<Dictionary<string, string>> ReadNamed(byte[] content, int chunk)
    {
        using var stream = new ChunkedStream(content, chunk);
        using var records = new CsvRecords(stream);
        var named = new List<Dictionary<string, string>>();
        List<string> header = [];
        while (records.Read())
        {
            Assert.Equal(CsvFault.None, records.Fault);
            var fields = Fields(records);
            if (records.Number == 0)
                header = fields;
            else
                named.Add(header.Zip(fields).ToDictionary(p => p.First, p => p.Second));
        }

        return named;
    }

    static List<string> Read(string csv, int chunk)
    {
        using var stream = new ChunkedStream(Encoding.UTF8.GetBytes(csv), chunk);
        using var records = new CsvRecords(stream);
        var read = new List<string>();
        while (records.Read())
            read.Add($"{records.Number}@{records.Line} {string.Join('|', Fields(records))}");
        return read;
    }

    static List<string> Fields(CsvRecords records) =>
        [.. Enumerable.Range(0, records.FieldCount).Select(i => Encoding.UTF8.GetString(records.Field(i)))];
}
