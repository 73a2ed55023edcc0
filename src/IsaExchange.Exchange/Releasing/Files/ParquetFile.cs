using Parquet;
using Parquet.Schema;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>
/// Parquet with the columns of the CSV: days are dates, numbers are integers that may be null, everything else is text,
/// which is never null. Text stands as it is: no reader of Parquet takes it for a formula.
/// </summary>
static class ParquetFile
{
    const string MediaType = "application/vnd.apache.parquet";

    /// <summary>Rows of a group, which is held in memory.</summary>
    const int GroupRowsMax = 1 << 16;

    public static async Task<ReleaseFile> OfAsync(FileTable table, CancellationToken ct)
    {
        using var file = new MemoryStream();
        DataField[] fields = [.. table.Columns.Select(Field)];
        await using (var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), file, Options(table), cancellationToken: ct))
        {
            foreach (var rows in table.Rows.Chunk(GroupRowsMax))
            {
                using var group = writer.CreateRowGroup();
                for (var at = 0; at < fields.Length; at++)
                    await WriteAsync(group, fields[at], rows, at, ct);
                group.CompleteValidate();
            }
        }

        return new ReleaseFile(table.Name + ".parquet", MediaType, file.ToArray(), table.RowCount);
    }

    /// <summary>Text repeats so often that its place in a dictionary is much shorter than it is.</summary>
    static ParquetOptions Options(FileTable table)
    {
        var options = new ParquetOptions();
        foreach (var column in table.Columns.Where(c => c.Kind is not (ColumnKind.Day or ColumnKind.Number)))
            options.ColumnEncodingHints[column.Name] = EncodingHint.Dictionary;
        return options;
    }

    static DataField Field(FileColumn column) => column.Kind switch
    {
        ColumnKind.Day => new DataField<DateOnly>(column.Name),
        ColumnKind.Number => new DataField<long>(column.Name, nullable: true),
        _ => new DataField<string>(column.Name, nullable: false),
    };

    static async Task WriteAsync(
        ParquetRowGroupWriter group, DataField field, object?[][] rows, int at, CancellationToken ct)
    {
        if (field.ClrType == typeof(DateOnly))
        {
            DateOnly[] days = [.. rows.Select(row => (DateOnly)row[at]!)];
            await group.WriteAsync<DateOnly>(field, days, cancellationToken: ct);
        }
        else if (field.ClrType == typeof(long))
        {
            long?[] numbers = [.. rows.Select(row => (long?)row[at])];
            await group.WriteAsync<long>(field, numbers, cancellationToken: ct);
        }
        else
        {
            string[] texts = [.. rows.Select(row => FormattableString.Invariant($"{row[at]}"))];
            await group.WriteAsync(field, texts);
        }
    }
}
