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

    /// <summary>Of a name so much stays however often it is taken: the rest may be a number.</summary>
    public const int NameKept = NameLengthMax - 5;

    const int WidthMax = 60;

    // Elements that hold nothing themselves: the writer takes the name from them, and the rest from what it is given.
    static readonly Row RowElement = new();
    static readonly Cell CellElement = new();
    static readonly CellValue ValueElement = new();
    static readonly InlineString InlineElement = new();
    static readonly Text TextElement = new();

    static readonly OpenXmlAttribute IsText = new("t", "", "inlineStr");
    static readonly OpenXmlAttribute KeepsBlanks =
        new("xml", "space", "http://www.w3.org/XML/1998/namespace", "preserve");

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
        var number = line.ToString(CultureInfo.InvariantCulture);
        xml.WriteStartElement(RowElement, [new OpenXmlAttribute("r", "", number)]);
        for (var at = 0; at < cells.Length; at++)
        {
            var place = new OpenXmlAttribute("r", "", ColumnName(at) + number);
            switch (cells[at])
            {
                case null: break;
                case long count: Number(xml, place, count, SheetStyles.Number); break;
                case DateOnly day: Number(xml, place, Serial(day), SheetStyles.Day); break;
                case string text: Text(xml, place, text, columns[at].Name is "says" && line > 1); break;
                default: throw new InvalidOperationException("A cell of a kind that no table has.");
            }
        }

        xml.WriteEndElement();
    }

    static void Number(OpenXmlWriter xml, OpenXmlAttribute place, long number, uint style)
    {
        xml.WriteStartElement(CellElement, [place, Style(style)]);
        xml.WriteStartElement(ValueElement);
        xml.WriteString(number.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    static void Text(OpenXmlWriter xml, OpenXmlAttribute place, string text, bool isWrapped)
    {
        var style = CsvFile.IsFormulaLike(text) ? SheetStyles.QuotedText
            : isWrapped ? SheetStyles.WrappedText : SheetStyles.Text;
        xml.WriteStartElement(CellElement, [place, Style(style), IsText]);
        xml.WriteStartElement(InlineElement);
        xml.WriteStartElement(TextElement, [KeepsBlanks]);
        xml.WriteString(CellText.Of(text));
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    static OpenXmlAttribute Style(uint style) => new("s", "", style.ToString(CultureInfo.InvariantCulture));

    /// <summary>Days as a spreadsheet counts them, which knows a 29 February 1900.</summary>
    static long Serial(DateOnly day) => day.DayNumber - new DateOnly(1899, 12, 30).DayNumber;

    void Table(WorksheetPart sheet, FileTable table)
    {
        var part = sheet.AddNewPart<TableDefinitionPart>("table");
        var last = ColumnName(table.Columns.Count - 1);
        var range = string.Create(CultureInfo.InvariantCulture, $"A1:{last}{table.RowCount + 1}");
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
