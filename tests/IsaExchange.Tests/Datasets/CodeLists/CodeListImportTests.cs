using System.Security.Cryptography;
using System.Text;
using IsaExchange.Datasets.CodeLists;
using Xunit;

namespace IsaExchange.Tests.Datasets.CodeLists;

public sealed class CodeListImportTests : IDisposable
{
    static readonly CodeListImportRequest Areas = new()
    {
        ListId = "lsoa",
        Title = "Small areas: \"2011\"",
        Publisher = "Northmere",
        Edition = "2018-12",
        ValidFrom = new DateOnly(2018, 12, 1),
        CodeColumn = "CD",
        TitleColumn = "NM",
        ParentColumn = "UP",
        ParentList = "lad",
        Source = "made for the test",
    };

    const string Csv = "NM,CD,UP,FID\r\nBee,X2,Y1,1\r\n\"A, or a\",X1,Y1,2\r\nBee,X2,Y1,3\r\n";
    const string Edition = "code,title,parent\nX1,\"A, or a\",Y1\nX2,Bee,Y1\n";

    readonly string _folder = Directory.CreateTempSubdirectory("isax-codelists").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NewList_IsWrittenSortedWithEqualLinesOnce()
    {
        var result = Import(Csv, Areas);
        Assert.Equal((CodeListImportOutcome.Written, 2, 0), (result.Outcome, result.Codes, result.WithoutParent));
        Assert.Equal(Edition, File.ReadAllText(result.Path!));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(result.Path!)));
        Assert.Equal(sha256, result.Sha256);
        Assert.Equal(
            $"""
            id: "lsoa"
            title: "Small areas: \"2011\""
            publisher: "Northmere"
            parent_list: "lad"
            editions:
              - edition: "2018-12"
                file: "2018-12.csv"
                valid_from: 2018-12-01
                source: "made for the test"
                sha256: "{sha256}"

            """, ListYaml());
        AssertFiles("2018-12.csv", "list.yaml");
    }

    [Fact]
    public void ListWithoutParents_HasAnEmptyColumn()
    {
        var result = Import(Csv, Areas with { ParentColumn = null, ParentList = null });
        Assert.Equal("code,title,parent\nX1,\"A, or a\",\nX2,Bee,\n", File.ReadAllText(result.Path!));
        Assert.DoesNotContain("parent_list", ListYaml(), StringComparison.Ordinal);
    }

    [Fact]
    public void CodesWithoutAParent_AreCounted()
    {
        var result = Import("CD,NM,UP\nX1,a,\nX2,b,Y1\n", Areas);
        Assert.Equal((CodeListImportOutcome.Written, 1), (result.Outcome, result.WithoutParent));
    }

    [Fact]
    public void TheSameEditionAgain_ChangesNothing()
    {
        Import(Csv, Areas);
        var before = Snapshot();
        var result = Import("\uFEFFCD,NM,UP\n X1 ,\"A, or a\",Y1\nX2,Bee,Y1\n", Areas);
        Assert.Equal(CodeListImportOutcome.Unchanged, result.Outcome);
        Assert.Equal(2, result.Codes);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("CD,NM,UP\nX1,\"A, or a\",Y1\nX2,Bee,Y2\n", "2018-12-01", "made for the test")]
    [InlineData(Csv, "2018-12-02", "made for the test")]
    [InlineData(Csv, "2018-12-01", "elsewhere")]
    public void TheSameEditionWithAnotherContent_IsRefused(string csv, string validFrom, string source)
    {
        Import(Csv, Areas);
        var request = Areas with { ValidFrom = DateOnly.Parse(validFrom, null), Source = source };
        AssertRefused(csv, request, "the edition exists", "Supersede it with a new edition.");
    }

    [Fact]
    public void ANewEdition_EndsTheOpenOneOnTheDayBefore()
    {
        Import(Csv, Areas);
        var next = Areas with { Edition = "2021-12", ValidFrom = new DateOnly(2021, 12, 1), Source = "next" };
        Assert.Equal(CodeListImportOutcome.Written, Import("CD,NM,UP\nX3,c,Y1\n", next).Outcome);
        Assert.Contains("valid_to: 2021-11-30\n    source: \"made", ListYaml(), StringComparison.Ordinal);
        Assert.Equal(Edition, File.ReadAllText(Path.Combine(_folder, "lsoa", "2018-12.csv")));
        var before = Snapshot();
        Assert.Equal(CodeListImportOutcome.Unchanged, Import(Csv, Areas).Outcome);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void AnEarlierEdition_StandsFirstWhenItEndsInTime()
    {
        Import(Csv, Areas);
        var early = Areas with { Edition = "2011", ValidFrom = new DateOnly(2011, 3, 27) };
        AssertRefused(Csv, early, "same days", "begins and ends");
        Assert.Equal(
            CodeListImportOutcome.Written,
            Import(Csv, early with { ValidTo = new DateOnly(2018, 11, 30) }).Outcome);
        Assert.Matches("(?s)\"2011\".*\"2018-12\"", ListYaml());
    }

    [Theory]
    [InlineData("2018-12-01")]
    [InlineData("2010-01-01")]
    public void AnEditionInForceOnTheSameDays_IsRefused(string validFrom)
    {
        Import(Csv, Areas with { ValidTo = new DateOnly(2020, 1, 1) });
        var request = Areas with { Edition = "other", ValidFrom = DateOnly.Parse(validFrom, null) };
        AssertRefused(Csv, request, "same days", "begins and ends");
    }

    [Fact]
    public void AnotherTitleOrParentList_IsRefused()
    {
        Import(Csv, Areas);
        var next = Areas with { Edition = "2021", ValidFrom = new DateOnly(2021, 12, 1) };
        AssertRefused(Csv, next with { Title = "Other" }, "another id, title", "another id");
        AssertRefused(Csv, next with { Publisher = "Other" }, "another id, title", "another id");
        AssertRefused(Csv, next with { ParentList = "ward" }, "another id, title", "another id");
    }

    [Fact]
    public void AnEditionFileThatWasEdited_IsNotTakenForTheEdition()
    {
        var path = Import(Csv, Areas).Path!;
        File.AppendAllText(path, "X9,z,Y1\n");
        AssertRefused(Csv, Areas, "is not the file that list.yaml names", "version control");
    }

    [Fact]
    public void AnImportThatACrashCutShort_IsCompletedByTheSameImport()
    {
        Import(Csv, Areas);
        File.Delete(Path.Combine(_folder, "lsoa", "list.yaml"));
        AssertRefused("CD,NM,UP\nX1,a,Y1\n", Areas, "no list.yaml names it", "Delete");
        Assert.Equal(CodeListImportOutcome.Written, Import(Csv, Areas).Outcome);
        AssertFiles("2018-12.csv", "list.yaml");
    }

    [Theory]
    [InlineData("id: lsoa\n")]
    [InlineData("- a\n")]
    [InlineData("id: [\n")]
    [InlineData("id: lsoa\ntitle: t\npublisher: p\nowner: x\neditions: []\n")]
    [InlineData("id: lsoa\ntitle: t\npublisher: p\neditions:\n  - edition: a\n")]
    [InlineData("id: lsoa\ntitle: t\npublisher: p\neditions:\n"
        + "  - { edition: a, file: a.csv, valid_from: May, source: s, sha256: h }\n")]
    public void AListThatCannotBeRead_IsRefusedAndKept(string yaml)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "lsoa"));
        File.WriteAllText(Path.Combine(_folder, "lsoa", "list.yaml"), yaml);
        AssertRefused(Csv, Areas, "cannot be read", "Correct list.yaml");
    }

    [Theory]
    [InlineData("", 0, "file is empty")]
    [InlineData("CD,NM,UP\n", 0, "no codes")]
    [InlineData("CD,NM\nX1,a\n", 1, "'UP'")]
    [InlineData("cd,NM,UP\nX1,a,Y\n", 1, "'CD'")]
    [InlineData("CD,NM,UP,CD\nX1,a,Y,X1\n", 1, "'CD'")]
    [InlineData("CD,NM,UP\nX1,a\n", 2, "RFC 4180")]
    [InlineData("CD,NM,UP\nX1,a,Y1\nX2,b\"b,Y1\n", 3, "RFC 4180")]
    [InlineData("CD,NM,UP\nX1,a,Y1\nX2,\"b,Y1\n", 3, "RFC 4180")]
    [InlineData("CD,NM,UP\nX1,a,Y1\n ,b,Y1\n", 3, "the code is empty")]
    [InlineData("CD,NM,UP\nX1,a,Y1\n\nX1,a,Y2\n", 4, "another parent for the code of line 2")]
    [InlineData("CD,NM,UP\nX1,a,Y1\nX1,b,Y1\n", 3, "another title for the code of line 2")]
    [InlineData("CD,NM,UP\nX1,a\0,Y1\n", 2, "not UTF-8")]
    public void AFileThatIsNotSuchAList_IsRefusedWithItsLine(string csv, int line, string description)
    {
        var result = Import(csv, Areas);
        Assert.Equal(CodeListImportOutcome.Refused, result.Outcome);
        var fault = Assert.Single(result.Faults);
        Assert.Equal(line, fault.Line);
        Assert.Contains(description, fault.Description, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void BytesThatAreNotUtf8_AreRefused()
    {
        using var csv = new MemoryStream([.. "CD,NM,UP\nX1,caf"u8, 0xE9, .. ",Y1\n"u8]);
        var result = CodeListImport.Run(csv, Areas, _folder);
        Assert.Contains("UTF-8", Assert.Single(result.Faults).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyFaults_AreListedUpToABound()
    {
        var lines = string.Concat(Enumerable.Range(0, 1000).Select(n => $"X1,a,Y{n}\n"));
        Assert.Equal(CodeListImport.MaxFaults, Import("CD,NM,UP\n" + lines, Areas).Faults.Count);
    }

    [Fact]
    public void ARequestThatSaysTooLittle_IsRefused()
    {
        AssertRefused(Csv, Areas with { ListId = "../lsoa" }, "list's id", "lsoa");
        AssertRefused(Csv, Areas with { ListId = "Lsoa" }, "list's id", "lsoa");
        AssertRefused(Csv, Areas with { ListId = "" }, "list's id", "lsoa");
        AssertRefused(Csv, Areas with { Edition = "a/b" }, "file's name", "2018-12");
        AssertRefused(Csv, Areas with { Edition = ".." }, "file's name", "2018-12");
        AssertRefused(Csv, Areas with { ValidTo = new DateOnly(2018, 11, 30) }, "ends before", "dates");
        AssertRefused(Csv, Areas with { ParentList = null }, "both its column and its list", "neither");
        AssertRefused(Csv, Areas with { ParentColumn = null }, "both its column and its list", "neither");
        AssertRefused(Csv, Areas with { ParentList = "a b" }, "parent list's id", "lad");
        AssertRefused(Csv, Areas with { Source = " " }, "one line", "Fill");
        AssertRefused(Csv, Areas with { Title = "a\nid: b" }, "one line", "Fill");
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    CodeListImportResult Import(string csv, CodeListImportRequest request)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        return CodeListImport.Run(stream, request, _folder);
    }

    void AssertRefused(string csv, CodeListImportRequest request, string description, string remedy)
    {
        var before = Snapshot();
        var result = Import(csv, request);
        Assert.Equal((CodeListImportOutcome.Refused, null), (result.Outcome, result.Path));
        var fault = Assert.Single(result.Faults);
        Assert.Contains(description, fault.Description, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
    }

    string ListYaml() => File.ReadAllText(Path.Combine(_folder, "lsoa", "list.yaml"));

    Dictionary<string, string> Snapshot() =>
        Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText);

    void AssertFiles(params string[] names) =>
        Assert.Equal(names,
            Directory.GetFiles(Path.Combine(_folder, "lsoa")).Select(file => Path.GetFileName(file)).Order());
}
