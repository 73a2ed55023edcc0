using System.Data.Common;
using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using IsaExchange.Datasets.Reading;
using Sylvan.Data.Csv;

namespace IsaExchange.Tests.Datasets.Reading;

/// <summary>
/// One file as three readers see it: for each record its number of fields and a digest of them, so that the first
/// difference has a place.
/// </summary>
static class OtherReaders
{
    /// <summary>Null when our reader finds a fault; <paramref name="fault"/> then names it.</summary>
    public static List<(int Fields, ulong Digest)>? Ours(
        Stream file, out CsvFault fault, out CsvLineEnds ends)
    {
        using var records = new CsvRecords(file);
        var read = new List<(int, ulong)>();
        (fault, ends) = (CsvFault.None, CsvLineEnds.None);
        while (records.Read())
        {
            if ((fault = records.Fault) != CsvFault.None)
                return null;
            var digest = FieldDigest.Start;
            for (var i = 0; i < records.FieldCount; i++)
                digest = FieldDigest.Add(digest, records.Field(i));
            read.Add((records.FieldCount, digest));
        }

        ends = records.LineEnds;
        return read;
    }

    public static List<(int Fields, ulong Digest)> Sylvan(TextReader file)
    {
        // A comment is no part of RFC 4180: a record may begin with any character.
        using var reader = CsvDataReader.Create(file, new CsvDataReaderOptions
        {
            HasHeaders = false, Delimiter = ',', Comment = '\0', BufferSize = 1 << 18,
        });
        var read = new List<(int, ulong)>();
        while (reader.Read())
        {
            var digest = FieldDigest.Start;
            for (var i = 0; i < reader.RowFieldCount; i++)
                digest = FieldDigest.Add(digest, Encoding.UTF8.GetBytes(reader.GetString(i)));
            read.Add((reader.RowFieldCount, digest));
        }

        return read;
    }

    /// <param name="path">A file whose records all have so many fields.</param>
    /// <param name="columns">More than one: DuckDB takes a line that is empty for no record.</param>
    public static List<(int Fields, ulong Digest)> DuckDb(string path, int columns, CsvLineEnds ends)
    {
        var lineEnd = ends == CsvLineEnds.CarriageReturnLineFeed ? "\\r\\n" : "\\n";
        using var duckDb = new DuckDBConnection("DataSource=:memory:");
        duckDb.Open();
        using var command = duckDb.CreateCommand();
        var names = Enumerable.Range(0, columns).Select(
            i => string.Create(CultureInfo.InvariantCulture, $"'c{i}': 'VARCHAR'"));
        // Without a word for nothing an empty field would be NULL, and not the text that it is. Told no line end,
        // DuckDB looks for it among those inside quotes; told strict_mode = true, it refuses a good file whose lines
        // end with CR LF (1.5.6).
        command.CommandText =
            $$"""
            select * from read_csv('{{path.Replace("'", "''", StringComparison.Ordinal)}}', header = false,
              auto_detect = false, columns = { {{string.Join(", ", names)}} }, delim = ',', quote = '"', escape = '"',
              nullstr = 'no text of these files', new_line = '{{lineEnd}}')
            """;
        using var reader = command.ExecuteReader();
        return Digests(reader, columns);
    }

    static List<(int Fields, ulong Digest)> Digests(DbDataReader reader, int columns)
    {
        var read = new List<(int, ulong)>();
        while (reader.Read())
        {
            var digest = FieldDigest.Start;
            for (var i = 0; i < columns; i++)
                digest = FieldDigest.Add(digest, Encoding.UTF8.GetBytes(reader.GetString(i)));
            read.Add((columns, digest));
        }

        return read;
    }
}

/// <summary>FNV-1a over fields, each with its end.</summary>
static class FieldDigest
{
    const ulong Prime = 1099511628211;

    public const ulong Start = 14695981039346656037;

    public static ulong Add(ulong digest, ReadOnlySpan<byte> field)
    {
        foreach (var b in field)
            digest = (digest ^ b) * Prime;
        // No byte of UTF-8.
        return (digest ^ 0xFF) * Prime;
    }
}
