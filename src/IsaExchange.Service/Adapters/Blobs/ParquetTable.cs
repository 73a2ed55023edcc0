using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>
/// A table of a release, from its CSV to Parquet, cell for cell: <c>first_day</c> and <c>last_day</c> are dates,
/// <c>value</c>, <c>lo</c> and <c>hi</c> are integers that may be null, everything else is text.
/// </summary>
static class ParquetTable
{
    /// <exception cref="InvalidDataException">That is not a table of a release.</exception>
    public static async Task<byte[]> OfCsvAsync(ReadOnlyMemory<byte> csv, CancellationToken ct)
    {
        var records = Records(Encoding.UTF8.GetString(csv.Span));
        if (records.Count == 0 || records.Exists(r => r.Count != records[0].Count))
            throw new InvalidDataException("A table whose rows have not all as many cells as its head.");
        var fields = records[0].ConvertAll(Field);
        using var file = new MemoryStream();
        var schema = new ParquetSchema(fields);
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: ct))
        {
            using var group = writer.CreateRowGroup();
            for (var column = 0; column < fields.Count; column++)
            {
                var at = column;
                var cells = records.Skip(1).Select(r => r[at]).ToList();
                await WriteAsync(group, fields[column], cells, ct);
            }

            group.CompleteValidate();
        }

        return file.ToArray();
    }

    static DataField Field(string name) => name switch
    {
        "first_day" or "last_day" => new DataField<DateOnly>(name),
        "value" or "lo" or "hi" => new DataField<long>(name, nullable: true),
        _ => new DataField<string>(name, nullable: false),
    };

    static async Task WriteAsync(ParquetRowGroupWriter group, DataField field, List<string> cells, CancellationToken ct)
    {
        if (field.ClrType == typeof(DateOnly))
            await group.WriteAsync<DateOnly>(field, cells.Select(Day).ToArray(), cancellationToken: ct);
        else if (field.ClrType == typeof(long))
            await group.WriteAsync<long>(field, cells.Select(Number).ToArray(), cancellationToken: ct);
        else
            await group.WriteAsync(field, cells);
    }

    static DateOnly Day(string cell) => DateOnly.ParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static long? Number(string cell) => cell.Length == 0 ? null : long.Parse(cell, CultureInfo.InvariantCulture);

    /// <summary>RFC 4180, as releases write it.</summary>
    static List<List<string>> Records(string text)
    {
        var records = new List<List<string>>();
        var record = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (isQuoted && c == '"' && at + 1 < text.Length && text[at + 1] == '"')
                cell.Append(text[++at]);
            else if (c == '"')
                isQuoted = !isQuoted;
            else if (isQuoted || c is not (',' or '\n'))
                cell.Append(c);
            else
            {
                record.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    records.Add(record);
                    record = [];
                }
            }
        }

        return !isQuoted && record.Count == 0 && cell.Length == 0
            ? records
            : throw new InvalidDataException("A table that ends within a row.");
    }
}
