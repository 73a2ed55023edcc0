using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Parquet;
using DataField = Parquet.Schema.DataField;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>
/// A table as a program finds it in a file of a release: all of it as text, days as yyyy-MM-dd, and what is not there
/// as the empty text.
/// </summary>
/// <param name="Columns">Names, in the order of the file.</param>
/// <param name="Rows">One text a column.</param>
sealed record ReadTable(IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows)
{
    public static ReadTable OfCsv(byte[] content)
    {
        var records = ReleaseCsv.Records(Encoding.UTF8.GetString(content));
        return new ReadTable(records[0], [.. records.Skip(1)]);
    }

    public static async Task<ReadTable> OfParquetAsync(byte[] content, CancellationToken ct)
    {
        using var file = new MemoryStream(content);
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: ct);
        var fields = reader.Schema.GetDataFields();
        var rows = new List<string[]>();
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var (first, count) = (rows.Count, checked((int)group.RowCount));
            rows.AddRange(Enumerable.Range(0, count).Select(_ => new string[fields.Length]));
            for (var at = 0; at < fields.Length; at++)
            {
                var texts = await ColumnAsync(group, fields[at], count, ct);
                for (var row = 0; row < count; row++)
                    rows[first + row][at] = texts[row];
            }
        }

        return new ReadTable([.. fields.Select(f => f.Name)], rows);
    }

    static async Task<string[]> ColumnAsync(
        ParquetRowGroupReader group, DataField field, int count, CancellationToken ct)
    {
        if (field.ClrType == typeof(long))
        {
            var numbers = new long?[count];
            await group.ReadAsync<long>(field, numbers.AsMemory(), cancellationToken: ct);
            return [.. numbers.Select(n => n?.ToString(CultureInfo.InvariantCulture) ?? "")];
        }

        if (field.ClrType == typeof(DateOnly))
        {
            var days = new DateOnly[count];
            await group.ReadAsync<DateOnly>(field, days.AsMemory(), cancellationToken: ct);
            return [.. days.Select(Day)];
        }

        if (field.ClrType == typeof(DateTime))
        {
            var days = new DateTime[count];
            await group.ReadAsync<DateTime>(field, days.AsMemory(), cancellationToken: ct);
            return [.. days.Select(d => Day(DateOnly.FromDateTime(d)))];
        }

        var texts = new string?[count];
        await group.ReadAsync(field, texts.AsMemory(), cancellationToken: ct);
        return [.. texts.Select(text => text ?? "")];
    }

    /// <param name="content">A workbook.</param>
    /// <param name="at">Of the sheet, counted from 0.</param>
    /// <param name="name">What the sheet's name begins with.</param>
    /// <exception cref="InvalidDataException">There is no such sheet.</exception>
    public static ReadTable OfSheet(byte[] content, int at, string name)
    {
        using var file = new MemoryStream(content);
        using var document = SpreadsheetDocument.Open(file, isEditable: false);
        var book = document.WorkbookPart ?? throw NoSheet();
        var sheet = book.Workbook?.Sheets?.Elements<Sheet>().ElementAtOrDefault(at) ?? throw NoSheet();
        if (sheet.Name?.Value?.StartsWith(name, StringComparison.Ordinal) != true)
            throw NoSheet();
        using var xml = OpenXmlReader.Create(book.GetPartById(sheet.Id?.Value ?? throw NoSheet()));
        var (columns, rows) = (Array.Empty<string>(), new List<string[]>());
        while (xml.Read())
        {
            if (xml.ElementType != typeof(Row) || !xml.IsStartElement || xml.LoadCurrentElement() is not Row row)
                continue;
            if (columns.Length == 0)
                columns = [.. row.Elements<Cell>().Select(Said)];
            else
                rows.Add(Cells(row, columns.Length));
        }

        return new ReadTable(columns, rows);
    }

    static InvalidDataException NoSheet() => new("A workbook without a sheet that it should have.");

    /// <summary>A cell that is empty is not there: each is found by its place.</summary>
    static string[] Cells(Row row, int width)
    {
        var cells = new string[width];
        Array.Fill(cells, "");
        foreach (var cell in row.Elements<Cell>())
        {
            var column = (cell.CellReference?.Value ?? "").TakeWhile(char.IsAsciiLetterUpper)
                .Aggregate(0, (sum, c) => (sum * 26) + c - 'A' + 1);
            cells[column - 1] = Said(cell);
        }

        return cells;
    }

    static string Said(Cell cell)
    {
        if (cell.CellFormula is not null)
            throw new InvalidDataException("A formula in a workbook.");
        if (cell.DataType?.Value == CellValues.InlineString)
            return cell.InlineString?.Text?.Text ?? "";
        var number = cell.CellValue?.Text ?? "";
        return cell.StyleIndex?.Value == SheetStyles.Day
            ? Day(new DateOnly(1899, 12, 30).AddDays(int.Parse(number, CultureInfo.InvariantCulture)))
            : number;
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
