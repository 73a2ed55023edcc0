using System.IO.Compression;
using System.Text;
using IsaExchange.Datasets.Mapping;
using IsaExchange.Datasets.Reading;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Datasets.Mapping;
using MiniExcelLibs;
using Xunit;

namespace IsaExchange.Tests.Datasets.Reading;

/// <summary>A workbook as a spreadsheet saves it, read as the CSV that its user sees.</summary>
public sealed class WorkbookContentTests : IDisposable
{
    const string Sheet = "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-workbook-");

    [Fact]
    public void CellsOfEveryKind_AreWrittenAsTheyAreMeant()
    {
        var text = Csv(Rows(
            ["text", "number", "date", "moment", "code", "truth"],
            ["a, \"b\"\nc", 1.5, new DateTime(2018, 10, 1), new DateTime(2018, 10, 1, 13, 5, 0), "007", true],
            ["é", 12345678901d, new DateTime(2018, 12, 31), null, "1E5", false]));
        Assert.Equal(
            "text,number,date,moment,code,truth\n"
            + "\"a, \"\"b\"\"\nc\",1.5,2018-10-01,2018-10-01T13:05:00,007,TRUE\n"
            + "é,12345678901,2018-12-31,,1E5,FALSE\n",
            text);
    }

    [Fact]
    public void SerialNumberInADateFormat_IsADate()
    {
        // Style 1 is format 14, the short date; 43374 is the first of October 2018.
        const string Styles = "<styleSheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
            + "<cellXfs count='2'><xf numFmtId='0'/><xf numFmtId='14' applyNumberFormat='1'/></cellXfs></styleSheet>";
        var book = Book(
            Sheet + "<row r='1'><c r='A1' t='inlineStr'><is><t>day</t></is></c></row>"
            + "<row r='2'><c r='A2' s='1'><v>43374</v></c></row><row r='3'><c r='A3'><v>43374</v></c></row>"
            + "</sheetData></worksheet>", Styles);
        Assert.Equal("day\n2018-10-01\n43374\n", Csv(book));
    }

    [Fact]
    public void EmptyRowsBetween_KeepTheNumbersOfTheLines()
    {
        var book = Book(
            Sheet + "<row r='1'><c r='A1'><v>1</v></c></row><row r='4'><c r='A4'><v>4</v></c></row>"
            + "<row r='9'><c r='A9'/></row></sheetData></worksheet>");
        Assert.Equal("1\n\n\n4\n", Csv(book));
    }

    [Fact]
    public void CellBeyondTheHeader_IsNotDropped()
    {
        Assert.Equal("a,b\n1,2,3\n4,\n", Csv(Rows(["a", "b", null], [1d, 2d, 3d], [4d, null, null])));
    }

    [Fact]
    public void DatasetInAWorkbook_IsValidatedAsTheDataset()
    {
        using var content = SourceFile.Open(Rows(
            TestDatasets.StreetHeader.Split(','),
            [1d, "2018-10", "burglary", "E01000001"],
            [2d, "2018-11", "drugs", null]));
        var report = new DatasetValidator(TestDatasets.Street).Validate(
            content, new RecordingSink(), TestContext.Current.CancellationToken);
        Assert.Equal(2, report.AcceptedCount);
        Assert.False(report.HasErrors);
    }

    [Fact]
    public void WorkbookAndGzip_ArePrepared()
    {
        var mapping = MappingBench.Load(
            "title: test\ndataset: police-street-level\ncolumns:\n  - {name: out, from: A}\n"
            + "drop:\n  - {column: B, reason: secret}\n");
        var book = Rows(["A", "B"], ["x", "secret"]);
        var packed = Path.Combine(_folder.FullName, "in.csv.gz");
        using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            gzip.Write("A,B\ny,secret\n"u8);
        var target = Path.Combine(_folder.FullName, "out.csv");
        var report = PrepareFiles.Run(mapping, [book, packed], target, TestContext.Current.CancellationToken);
        Assert.Empty(report.Faults);
        Assert.Equal("out\nx\ny\n", File.ReadAllText(target));
    }

    [Fact]
    public void DamagedInput_IsNamedAndNothingIsWritten()
    {
        var mapping = MappingBench.Load(
            "title: test\ndataset: police-street-level\ncolumns:\n  - {name: out, from: A}\n");
        var packed = Path.Combine(_folder.FullName, "in.csv.gz");
        File.WriteAllBytes(packed, [0x1F, 0x8B, 8, 0, 1, 2, 3]);
        var target = Path.Combine(_folder.FullName, "out.csv");
        var report = PrepareFiles.Run(mapping, [packed], target, TestContext.Current.CancellationToken);
        Assert.Contains(report.Faults, f => f.Kind == MappingFaultKind.Packed && f.Input == "in.csv.gz");
        Assert.False(File.Exists(target));
    }

    [Fact]
    public void CutAnywhere_IsDamagedOrNoWorkbook()
    {
        var whole = File.ReadAllBytes(Rows(["a"], ["b"]));
        for (var length = 4; length < whole.Length; length += 37)
        {
            var cut = Path.Combine(_folder.FullName, "cut.xlsx");
            File.WriteAllBytes(cut, whole[..length]);
            Assert.Throws<PackedContentException>(() => Csv(cut));
        }
    }

    [Fact]
    public void OtherArchive_IsNoWorkbook()
    {
        var path = Path.Combine(_folder.FullName, "other.zip");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
            archive.CreateEntry("quarter.csv");
        Assert.Equal(CsvFault.NotText, Assert.Throws<PackedContentException>(() => Csv(path)).Fault);
    }

    [Fact]
    public void Bomb_IsRefusedBeforeItIsUnpacked()
    {
        var bomb = Book(Sheet + "<row r='1'><c r='A1'><v>" + new string('0', 64 << 20));
        Assert.Equal(CsvFault.PackedTooLarge, Assert.Throws<PackedContentException>(() => Csv(bomb)).Fault);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    static string Csv(string path)
    {
        using var content = SourceFile.Open(path);
        using var text = new StreamReader(content, Encoding.UTF8);
        return text.ReadToEnd();
    }

    string Rows(params object?[][] rows)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.xlsx");
        var keyed = rows.Select(row => row.Index().ToDictionary(c => $"c{c.Index}", c => c.Item)).ToList();
        MiniExcel.SaveAs(path, keyed, printHeader: false);
        return path;
    }

    /// <summary>A workbook of parts written by hand.</summary>
    string Book(string sheet, string? styles = null)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.xlsx");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Part("xl/workbook.xml", "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
            + " xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>"
            + "<sheet name='One' sheetId='1' r:id='rId1'/></sheets></workbook>");
        Part("xl/_rels/workbook.xml.rels", "<Relationships"
            + " xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1'"
            + " Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet'"
            + " Target='worksheets/sheet1.xml'/></Relationships>");
        Part("xl/worksheets/sheet1.xml", sheet);
        if (styles is not null)
            Part("xl/styles.xml", styles);
        return path;

        void Part(string name, string content)
        {
            using var part = new StreamWriter(archive.CreateEntry(name).Open());
            part.Write(content);
        }
    }
}
