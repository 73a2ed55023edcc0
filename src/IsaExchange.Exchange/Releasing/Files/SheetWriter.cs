using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>
/// Writes tables to the sheets of a workbook, row by row: each with a header that stays in sight, as a table with
/// filters.
/// </summary>
sealed class SheetWriter(WorkbookPart book)
{
    const int NameLengthMax = 31;
    const int WidthMax = 60;

    readonly List<string> _names = [];

    /// <summary>The name is cut to what a sheet's may be, and made distinct.</summary>
    public void Add(string name, FileTable table)
    {
        _names.Add(Distinct(name));
        var sheet = book.AddNewPart<WorksheetPart>(Id(_names.Count));
        using (var xml = OpenXmlWriter.Create(sheet))
        {
            xml.WriteStartElement(new Worksheet());
            Head(xml, table);
            xml.WriteStartElement(new SheetData());
            Row(xml, [.. table.Columns.Select(c => c.Name)], table.Columns, 1);
            var line = 1;
            foreach (var row in table.Rows)
                Row(xml, row, table.Columns, ++line);
            xml.WriteEndElement();
            if (table.RowCount > 0)
                xml.WriteElement(new TableParts(new TablePart { Id = "table" }) { Count = 1 });
            xml.WriteEndElement();
        }

        // A table of a sheet holds a row at least.
        if (table.RowCount > 0)
            Table(sheet, table);
    }

    /// <summary>Behind the last sheet.</summary>
    public void Finish()
    {
        using var xml = OpenXmlWriter.Create(book);
        xml.WriteElement(new Workbook(new Sheets(_names.Select((name, at) => new Sheet
        {
            Name = name, SheetId = (uint)(at + 1), Id = Id(at + 1),
        }))));
    }

    static void Head(OpenXmlWriter xml, FileTable table)
    {
        var view = new SheetView { WorkbookViewId = 0 };
        view.Append(new Pane
        {
            VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen,
        });
        xml.WriteElement(new SheetViews(view));
        xml.WriteElement(new Columns(table.Columns.Select((column, at) => new Column
        {
            Min = (uint)(at + 1), Max = (uint)(at + 1), CustomWidth = true, Width = Width(column),
        })));
    }

    static int Width(FileColumn column) => column.Kind switch
    {
        ColumnKind.Text => column.Name is "says" ? WidthMax + 40 : WidthMax / 2,
        _ => Math.Min(Math.Max(column.Name.Length + 4, 12), WidthMax),
    };

    static void Row(OpenXmlWriter xml, object?[] cells, IReadOnlyList<FileColumn> columns, int line)
    {
        xml.WriteStartElement(new Row { RowIndex = (uint)line });
        for (var at = 0; at < cells.Length; at++)
        {
            if (cells[at] is not { } cell)
                continue;
            var place = ColumnName(at) + line.ToString(CultureInfo.InvariantCulture);
            xml.WriteElement(cell switch
            {
                long number => Number(place, number, SheetStyles.Number),
                DateOnly day => Number(place, Serial(day), SheetStyles.Day),
                _ => Text(place, (string)cell, columns[at].Name is "says" && line > 1),
            });
        }

        xml.WriteEndElement();
    }

    static Cell Number(string place, long number, uint style) => new(new CellValue(number.ToString(
        CultureInfo.InvariantCulture)))
    {
        CellReference = place, StyleIndex = style,
    };

    static Cell Text(string place, string text, bool isWrapped) => new(new InlineString(new Text(CellText.Of(text))
    {
        Space = SpaceProcessingModeValues.Preserve,
    }))
    {
        CellReference = place,
        DataType = CellValues.InlineString,
        StyleIndex = CsvFile.IsFormulaLike(text) ? SheetStyles.QuotedText
            : isWrapped ? SheetStyles.WrappedText : SheetStyles.Text,
    };

    /// <summary>Days as a spreadsheet counts them, which knows a 29 February 1900.</summary>
    static long Serial(DateOnly day) => day.DayNumber - new DateOnly(1899, 12, 30).DayNumber;

    void Table(WorksheetPart sheet, FileTable table)
    {
        var part = sheet.AddNewPart<TableDefinitionPart>("table");
        var range = string.Create(CultureInfo.InvariantCulture, $"A1:{ColumnName(table.Columns.Count - 1)}{table.RowCount + 1}");
        var number = (uint)_names.Count;

        // Distinct in the workbook, and no name of a cell, such as AB1.
        var name = string.Create(CultureInfo.InvariantCulture, $"t{number}_{table.Name.Replace('-', '_')}");
        using var xml = OpenXmlWriter.Create(part);
        xml.WriteElement(new Table(
            new AutoFilter { Reference = range },
            new TableColumns(table.Columns.Select((column, at) => new TableColumn
            {
                Id = (uint)(at + 1), Name = column.Name,
            }))
            {
                Count = (uint)table.Columns.Count,
            },
            new TableStyleInfo { Name = "TableStyleLight1", ShowRowStripes = true })
        {
            Id = number, Name = name, DisplayName = name, Reference = range,
        });
    }

    static string Id(int sheet) => "sheet" + sheet.ToString(CultureInfo.InvariantCulture);

    static string ColumnName(int at) =>
        at < 26 ? ((char)('A' + at)).ToString() : ColumnName((at / 26) - 1) + (char)('A' + (at % 26));

    string Distinct(string name)
    {
        var cut = name.Length > NameLengthMax ? name[..NameLengthMax] : name;
        for (var number = 2; _names.Contains(cut, StringComparer.OrdinalIgnoreCase); number++)
        {
            var tail = string.Create(CultureInfo.InvariantCulture, $" {number}");
            cut = name[..Math.Min(name.Length, NameLengthMax - tail.Length)] + tail;
        }

        return cut;
    }
}
