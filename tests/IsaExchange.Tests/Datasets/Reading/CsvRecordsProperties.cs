using System.Text;
using CsCheck;
using IsaExchange.Datasets.Reading;
using Sylvan.Data.Csv;
using Xunit;

namespace IsaExchange.Tests.Datasets.Reading;

public sealed class CsvRecordsProperties
{
    static readonly Gen<string[][]> s_table =
        Gen.OneOf("", "a", "1", "é", "日本", "x,y", "\"", "a\"b", "\n", "\r\n", "a\r\nb\n", " ", "𝄞", "0123456789")
            .Array[1, 6].Array[1, 20];

    [Fact]
    public void ReadAfterWrite_ReturnsTheFields() =>
        Gen.Select(s_table, Gen.OneOf("\n", "\r\n"), Gen.Bool, Gen.OneOf(1, 2, 3, 7, 5000)).Sample(
            (table, lineEnd, quoteAll, chunk) =>
            {
                // A record of one empty field is a blank line in RFC 4180: nobody can tell them apart.
                table = [.. table.Select(r => r is [""] ? ["-"] : r)];
                var csv = Encoding.UTF8.GetBytes(string.Concat(table.Select(r =>
                    string.Join(',', r.Select(f => Write(f, quoteAll))) + lineEnd)));
                Assert.Equal(table, Read(csv, chunk));
            });

    [Fact]
    public void FieldCounts_AgreeWithSylvan() =>
        Gen.Select(s_table, Gen.OneOf("\n", "\r\n"), Gen.OneOf(1, 5, 5000)).Sample((table, lineEnd, chunk) =>
        {
            table = [.. table.Select(r => r is [""] ? ["-"] : r)];
            var csv = string.Concat(table.Select(r => string.Join(',', r.Select(f => Write(f, false))) + lineEnd));
            using var sylvan = CsvDataReader.Create(new StringReader(csv),
                new CsvDataReaderOptions { HasHeaders = false, Delimiter = ',' });
            var counts = new List<int>();
            while (sylvan.Read())
                counts.Add(sylvan.RowFieldCount);
            Assert.Equal(counts, Read(Encoding.UTF8.GetBytes(csv), chunk).Select(r => r.Length));
        });

    [Fact]
    public void AnyBytes_EndInRecordsOrAFault() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 9]).Sample((bytes, chunk) =>
        {
            using var stream = new ChunkedStream(bytes, chunk);
            using var records = new CsvRecords(stream, maxRecordBytes: 64);
            var steps = 0;
            while (records.Read())
                Assert.True(++steps <= bytes.Length + 1);
        });

    static List<string[]> Read(byte[] csv, int chunk)
    {
        using var stream = new ChunkedStream(csv, chunk);
        using var records = new CsvRecords(stream);
        var read = new List<string[]>();
        while (records.Read())
        {
            Assert.Equal(CsvFault.None, records.Fault);
            var fields = Enumerable.Range(0, records.FieldCount);
            read.Add([.. fields.Select(i => Encoding.UTF8.GetString(records.Field(i)))]);
        }

        return read;
    }

    static string Write(string field, bool quote) => quote || field.AsSpan().IndexOfAny(",\"\r\n") >= 0
        ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : field;
}
