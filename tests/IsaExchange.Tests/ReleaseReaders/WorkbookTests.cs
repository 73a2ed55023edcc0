using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Releasing.Files;
using Xunit;

namespace IsaExchange.Tests.ReleaseReaders;

public sealed class WorkbookTests : IDisposable
{
    readonly SpreadsheetDocument _document = SpreadsheetDocument.Open(
        new MemoryStream(SampleRelease.File("recorded-crime-by-csp.xlsx").Content), isEditable: false);

    public void Dispose() => _document.Dispose();

    [Fact]
    public void Workbook_KeepsTheSchemaOfOffice()
    {
        var faults = new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(
            _document, TestContext.Current.CancellationToken);
        Assert.Empty(faults.Select(f => $"{f.Part?.Uri} {f.Path?.XPath}: {f.Description}"));
    }

    [Fact]
    public void Sheets_AreTablesWithFiltersUnderAHeaderThatStays()
    {
        Assert.Equal(
            ["Notes", "area-by-group", "by-month", "Coverage", "Code lists"], Sheets().Select(s => s.Name!.Value));
        foreach (var sheet in Sheets())
        {
            var part = Part(sheet);
            var table = Assert.Single(part.TableDefinitionParts).Table!;
            Assert.Equal(table.Reference!.Value, table.AutoFilter!.Reference!.Value);
            var rows = part.Worksheet!.Descendants<Row>().ToList();
            Assert.EndsWith(FormattableString.Invariant($"{rows.Count}"), table.Reference.Value);
            Assert.Equal(
                rows[0].Elements<Cell>().Select(c => c.InnerText),
                table.TableColumns!.Elements<TableColumn>().Select(c => c.Name!.Value));
            Assert.Equal(PaneStateValues.Frozen, Assert.Single(part.Worksheet.Descendants<Pane>()).State!.Value);
        }

        var names = Sheets().Select(s => Part(s).TableDefinitionParts.Single().Table!.Name!.Value);
        Assert.Equal(5, names.Distinct().Count());
    }

    [Fact]
    public void Cells_AreNumbersAndTextAndNeverFormulas()
    {
        Assert.Empty(_document.WorkbookPart!.WorksheetParts.SelectMany(p => p.Worksheet!.Descendants<CellFormula>()));
        Assert.Empty(_document.WorkbookPart.ExternalWorkbookParts);
        Assert.Null(_document.WorkbookPart.VbaProjectPart);
        var rows = Part(Sheets().Single(s => s.Name == SampleRelease.TableName)).Worksheet!.Descendants<Row>()
            .Skip(1).Select(row => row.Elements<Cell>().ToDictionary(c => c.CellReference!.Value![..1])).ToList();
        Assert.Equal(SampleRelease.Table.Rows().Count(), rows.Count);
        foreach (var (row, published) in rows.Zip(SampleRelease.Table.Rows()))
        {
            Assert.Equal(published.Titles[0], row["B"].InnerText);
            Assert.Equal(CellWords.Of(published.Cell.Status), row["I"].InnerText);
            Assert.Equal(46204, int.Parse(row["E"].InnerText, System.Globalization.CultureInfo.InvariantCulture));
            var shown = CellWords.Shown(published.Cell);
            Assert.Equal(shown is string, row["G"].DataType?.Value == CellValues.InlineString);
            Assert.Equal(FormattableString.Invariant($"{shown}"), row["G"].InnerText);
            Assert.Equal(published.Cell.Value is not null, row.ContainsKey("H"));
            Assert.True(row.TryGetValue("H", out var value) is false || value.DataType is null);
        }

        // 2026-07-01 as a spreadsheet counts days.
        Assert.Equal(new DateOnly(2026, 7, 1), DateOnly.FromDateTime(DateTime.FromOADate(46204)));
    }

    [Fact]
    public void FormulaLikeText_StaysTextWhenItIsEdited()
    {
        var formats = _document.WorkbookPart!.WorkbookStylesPart!.Stylesheet!.CellFormats!
            .Elements<CellFormat>().ToList();
        var cells = _document.WorkbookPart.WorksheetParts.SelectMany(p => p.Worksheet!.Descendants<Cell>())
            .Where(c => c.DataType?.Value == CellValues.InlineString && c.InnerText is ['=' or '-', ..]).ToList();
        Assert.True(cells.Count > 3);
        Assert.All(cells, c => Assert.True(formats[(int)c.StyleIndex!.Value].QuotePrefix!.Value));
    }

    [Fact]
    public void NotesAndCodeLists_SayWhatAReaderMustKnow()
    {
        var notes = Texts("Notes");
        foreach (var (what, says) in SampleRelease.Notes.Lines())
            Assert.Contains((what, says), notes.Select(r => (r[0], r[1])));
        Assert.Contains("[c]", notes.Select(r => r[0]));
        Assert.Contains("[x]", notes.Select(r => r[0]));
        var lists = Texts("Code lists").Select(r => (r[0], r[1], r[2])).ToList();
        Assert.Contains(("area", "X22000002", "Café Row"), lists);
        Assert.Contains(("status", "few", CellWords.Meaning(CellStatus.Few)), lists);
        Assert.Equal(lists.Count, lists.Distinct().Count());
        Assert.Contains("missing", Texts("Coverage").Select(r => r[2]));
    }

    List<List<string>> Texts(string sheet) =>
    [
        .. Part(Sheets().Single(s => s.Name == sheet)).Worksheet!.Descendants<Row>()
            .Select(row => row.Elements<Cell>().Select(c => c.InnerText).ToList()),
    ];

    IEnumerable<Sheet> Sheets() => _document.WorkbookPart!.Workbook!.Descendants<Sheet>();

    WorksheetPart Part(Sheet sheet) => (WorksheetPart)_document.WorkbookPart!.GetPartById(sheet.Id!.Value!);
}
