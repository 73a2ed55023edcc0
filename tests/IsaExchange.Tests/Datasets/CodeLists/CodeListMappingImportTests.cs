using System.Text;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.CodeLists;

/// <summary>Publishers' lookups as mappings: best fit of small areas, history of districts, and bad ones.</summary>
public sealed class CodeListMappingImportTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-mapping-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void SmallAreasOf2011_BecomeThoseOf2021ByBestFit()
    {
        const string file = "lsoa11_lsoa21_lad22_bestfit.csv";
        Assert.Equal(34_753, Edition(file, "2011", "LSOA11CD", "LSOA11NM", new(2011, 3, 27)).Codes);
        // The file begins with a byte order mark, and names a later area once for each that fits it.
        Assert.Equal(34_628, Edition(file, "2021", "LSOA21CD", "LSOA21NM", new(2023, 1, 1)).Codes);
        var mapping = Map(file, "2011", "2021", "LSOA11CD", "LSOA21CD").Mapping!;
        Assert.Equal((34_504, 249, 0),
            (mapping.Count(CodeSuccession.Same), mapping.Count(CodeSuccession.Merged), mapping.NotReached));
        Assert.Equal("E01034479", mapping.Find("E01033588"));
        Assert.Equal(CodeSuccession.Merged, mapping.KindOf("E01033588"));
    }

    [Fact]
    public void AgainstTheCensus_TheBestFitLeavesAreasUnreached()
    {
        Edition("lsoa11_lsoa21_lad22_bestfit.csv", "2011", "LSOA11CD", "LSOA11NM", new(2011, 3, 27));
        using (var csv = File.OpenRead(SharedFolders.Data("population", "census2021_lsoa21_age.csv")))
            Assert.Equal(35_672, Edition(csv, "2021", "lsoa21_code", "lsoa21_name", new(2023, 1, 1)).Codes);
        var result = Map("lsoa11_lsoa21_lad22_bestfit.csv", "2011", "2021", "LSOA11CD", "LSOA21CD");
        Assert.Equal(1_044, result.Mapping!.NotReached);
    }

    [Fact]
    public void DistrictsThatChanged_AreKnownByTheirNewCodes()
    {
        const string file = "la_all_codes_2011_onward.csv";
        Assert.Equal(415, Edition(file, "2011-on", "LADCD", "LADNM", new(2011, 4, 1)).Codes);
        Assert.Equal(361, Edition(file, "2023", "LADCD", "LADNM", new(2023, 4, 1), ("Current", "TRUE")).Codes);
        var mapping = Map(file, "2011-on", "2023", "LADCD", "LADCD_ACTIVE").Mapping!;
        Assert.Equal("E07000242", mapping.Find("E07000097"));
        // East Hertfordshire keeps its area under another code; the codes of the file are all still there, so two are
        // one. Bournemouth, Christchurch and Poole are one district now.
        Assert.All(["E06000028", "E06000029", "E07000048"], code => Assert.Equal("E06000058", mapping.Find(code)));
        Assert.Equal(0, mapping.NotReached);
        Assert.Equal(54, mapping.Codes.Count(code => mapping.Find(code) != code));
    }

    [Fact]
    public void TheSameLookupAgain_ChangesNothingAndAnotherIsRefused()
    {
        Lists();
        var first = Map("a,b\nA,A\nB,X\n");
        Assert.Equal(CodeListImportOutcome.Written, first.Outcome);
        Assert.Equal(CodeListImportOutcome.Unchanged, Map("a,b\nB,X\nA,A\nA,A\n").Outcome);
        var other = Map("a,b\nA,X\nB,A\n");
        Assert.Equal(CodeListImportOutcome.Refused, other.Outcome);
        Assert.Contains("exists with other codes", Assert.Single(other.Faults).Description, StringComparison.Ordinal);
        Assert.Equal("from,to,kind,share\nA,A,same,\nB,X,same,\n", File.ReadAllText(first.Path!));
    }

    [Theory]
    [InlineData("from,to,kind,share\nA,A,same,\n")]
    [InlineData(null)]
    public void TheSameLookupOverAFileThatIsDamagedOrGone_IsRefused(string? damaged)
    {
        Lists();
        var path = Map("a,b\nA,A\nB,X\n").Path!;
        File.Delete(path);
        if (damaged is not null)
            File.WriteAllText(path, damaged);
        var result = Map("a,b\nA,A\nB,X\n");
        Assert.Equal(CodeListImportOutcome.Refused, result.Outcome);
        Assert.Contains("not the file that list.yaml names", Assert.Single(result.Faults).Description,
            StringComparison.Ordinal);
        Assert.Equal(damaged is not null, File.Exists(path));
    }

    [Fact]
    public void AFileThatNoListNames_IsNotReplaced()
    {
        Lists();
        var path = Path.Combine(_folder, "areas", "1-to-2.csv");
        File.WriteAllText(path, "kept");
        Assert.Equal(CodeListImportOutcome.Refused, Map("a,b\nA,A\nB,X\n").Outcome);
        Assert.Equal("kept", File.ReadAllText(path));
    }

    [Fact]
    public void SharesMakeASplit_AndNoSharesAnInseparableOne()
    {
        Lists();
        var split = Map("a,b,s\nA,A,1\nB,A,0.25\nB,X,0.75\n", share: "s").Mapping!;
        Assert.Equal((CodeSuccession.Merged, CodeSuccession.Split), (split.KindOf("A"), split.KindOf("B")));
        Directory.Delete(Path.Combine(_folder, "areas"), recursive: true);
        Lists();
        Assert.Equal(CodeSuccession.Inseparable, Map("a,b\nA,A\nB,A\nB,X\n").Mapping!.KindOf("B"));
    }

    [Fact]
    public void AnEmptyLaterCode_IsAnEnd()
    {
        Lists();
        Assert.Equal(CodeSuccession.Ended, Map("a,b\nA,A\nB,\n").Mapping!.KindOf("B"));
    }

    [Theory]
    [InlineData("a,b\nA,A\n", "says nothing of B")]
    [InlineData("a,b\nA,A\nB,Q\n", "Q is not in edition 2")]
    [InlineData("a,b\nA,A\nB,X\nQ,X\n", "Q is not in edition 1")]
    [InlineData("a,c\nA,A\n", "has no column 'b'")]
    [InlineData("a,b\nA\n", "fewer fields")]
    [InlineData("a,b\n,A\n", "earlier code is empty")]
    [InlineData("a,b\n\"A,A\n", "not a record of RFC 4180")]
    [InlineData("a,b\n", "holds no codes")]
    [InlineData("", "holds no codes")]
    public void ALookupThatIsNotWhole_IsRefusedAndNothingWritten(string csv, string description)
    {
        Lists();
        var before = File.ReadAllText(Path.Combine(_folder, "areas", "list.yaml"));
        var result = Map(csv);
        Assert.Equal(CodeListImportOutcome.Refused, result.Outcome);
        Assert.Contains(result.Faults, f => f.Description.Contains(description, StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllText(Path.Combine(_folder, "areas", "list.yaml")));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(_folder, "areas")).Length);
    }

    [Fact]
    public void AnEditionAfterAMapping_KeepsIt()
    {
        Lists();
        Map("a,b\nA,A\nB,X\n");
        Import("c,t\nA,A\n", "3", new(2025, 1, 1));
        var list = CodeListCatalog.Load(_folder, out var faults).Find("areas")!;
        Assert.Empty(faults);
        Assert.Equal(3, list.Editions.Count);
        Assert.NotNull(list.Mapping("1", "2"));
    }

    [Fact]
    public void AListThatIsNotThere_IsRefused() =>
        Assert.Contains("no such list", Assert.Single(Map("a,b\nA,A\n").Faults).Description, StringComparison.Ordinal);

    void Lists()
    {
        Import("c,t\nA,A\nB,B\n", "1", new(2011, 1, 1));
        Import("c,t\nA,A\nX,X\n", "2", new(2021, 1, 1));
    }

    void Import(string csv, string edition, DateOnly from)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        Edition(content, edition, "c", "t", from);
    }

    CodeListImportResult Edition(
        string file, string edition, string code, string title, DateOnly from, (string, string)? only = null)
    {
        using var csv = File.OpenRead(SharedFolders.Data("geo", file));
        return Edition(csv, edition, code, title, from, only);
    }

    CodeListImportResult Edition(
        Stream csv, string edition, string code, string title, DateOnly from, (string, string)? only = null)
    {
        var result = CodeListImport.Run(csv, new CodeListImportRequest
        {
            ListId = "areas", Title = "Areas", Publisher = "ONS", Edition = edition, ValidFrom = from,
            CodeColumn = code, TitleColumn = title, Only = only, Source = "test",
        }, _folder);
        Assert.Empty(result.Faults);
        return result;
    }

    CodeListMappingResult Map(string file, string from, string to, string fromColumn, string toColumn)
    {
        using var csv = File.OpenRead(SharedFolders.Data("geo", file));
        var result = CodeListMappingImport.Run(csv, Request(from, to, fromColumn, toColumn, null), _folder);
        Assert.Empty(result.Faults);
        return result;
    }

    CodeListMappingResult Map(string csv, string? share = null)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        return CodeListMappingImport.Run(content, Request("1", "2", "a", "b", share), _folder);
    }

    static CodeListMappingRequest Request(string from, string to, string fromColumn, string toColumn, string? share) =>
        new()
        {
            ListId = "areas", From = from, To = to, FromColumn = fromColumn, ToColumn = toColumn, ShareColumn = share,
            Source = "test",
        };
}
