using System.IO.Compression;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>
/// A release as one workbook: Notes, a sheet for each table, Coverage, Code lists. No formulas, no macros, no links:
/// what looks like a formula is text, and stays text when it is edited.
/// </summary>
/// <remarks>
/// Written with DocumentFormat.OpenXml: of the libraries at hand it is the one that both writes row by row and knows
/// the tables of a sheet. ClosedXML 0.95.4 (2020) holds the whole workbook as objects, MiniExcel 1.46.0 has styles
/// for tables and no tables. It keeps the sheets, as XML, in memory until the end: it cannot write to a package that is
/// open for writing alone.
/// </remarks>
static class WorkbookFile
{
    const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Of a sheet, with its header row.</summary>
    const int RowsMax = 1_048_576;

    /// <summary>Same content, same bytes: the library would stamp each part with the time of writing.</summary>
    static readonly DateTimeOffset Stamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static ReleaseFile Of(
        IReadOnlyList<FileTable> tables, FileTable coverage, ReleaseNotes notes)
    {
        using var written = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(written, SpreadsheetDocumentType.Workbook))
        {
            var book = document.AddWorkbookPart();

            // Its own would be random.
            document.ChangeIdOfPart(book, "workbook");
            SheetStyles.Write(book.AddNewPart<WorkbookStylesPart>("styles"));
            var sheets = new SheetWriter(book);
            sheets.Add("Notes", NotesTable(tables, notes));
            foreach (var table in tables.Where(Fits))
                sheets.Add(table.Name, table);
            sheets.Add("Coverage", coverage);
            sheets.Add("Code lists", CodeLists(tables));
            sheets.Finish();
        }

        var rows = tables.Where(Fits).Sum(t => (long)t.RowCount);
        return new ReleaseFile(notes.Feed + ".xlsx", MediaType, Stamped(written), rows);
    }

    static bool Fits(FileTable table) => Fits(table.RowCount);

    /// <summary>Whether a table of so many rows gets a sheet.</summary>
    internal static bool Fits(int rows) => rows < RowsMax;

    static FileTable NotesTable(IReadOnlyList<FileTable> tables, ReleaseNotes notes)
    {
        List<(string What, string Says)> lines = [.. notes.Lines()];
        lines.AddRange(tables.Where(t => !Fits(t)).Select(t =>
            ("Left out", $"{t.Name}: more rows than a sheet can hold; take {CsvFile.NameOf(t)}.")));
        return new FileTable(
            "notes", "Notes",
            [new("what", "What it is", ColumnKind.Code), new("says", "What it says", ColumnKind.Text)],
            lines.Count, lines.Select(line => new object?[] { line.What, line.Says }));
    }

    static FileTable CodeLists(IReadOnlyList<FileTable> tables)
    {
        var lines = new List<(string List, string Code, string Title)>();
        foreach (var dimension in tables.SelectMany(t => t.Dimensions))
        {
            lines.AddRange(dimension.Codes.Zip(dimension.Titles, (c, t) => (dimension.Name, c, t)));
            if (dimension.TotalCode is { } total)
                lines.Add((dimension.Name, total, dimension.TotalTitle));
        }

        lines.AddRange(Enum.GetValues<CellStatus>().Select(
            s => ("status", CellWords.Of(s), CellWords.Meaning(s))));
        lines = [.. lines.Distinct()];
        return new FileTable(
            "code-lists", "Code lists",
            [
                new("column", "Column", ColumnKind.Code), new("code", "Code", ColumnKind.Code),
                new("title", "Title", ColumnKind.Text),
            ],
            lines.Count, lines.Select(line => new object?[] { line.List, line.Code, line.Title }));
    }

    static byte[] Stamped(MemoryStream written)
    {
        written.Position = 0;
        using var stamped = new MemoryStream();
        using (var source = new ZipArchive(written, ZipArchiveMode.Read))
        using (var target = new ZipArchive(stamped, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in source.Entries)
            {
                var copy = target.CreateEntry(part.FullName, CompressionLevel.Optimal);
                copy.LastWriteTime = Stamp;
                using var from = part.Open();
                using var to = copy.Open();
                from.CopyTo(to);
            }
        }

        return stamped.ToArray();
    }
}
