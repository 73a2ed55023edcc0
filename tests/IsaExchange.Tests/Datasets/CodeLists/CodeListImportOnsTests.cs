using IsaExchange.Datasets.CodeLists;
using IsaExchange.Tests.Outside;
using Sylvan.Data.Csv;
using Xunit;

namespace IsaExchange.Tests.Datasets.CodeLists;

/// <summary>The real lookups of ONS Open Geography, December 2018.</summary>
public sealed class CodeListImportOnsTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-ons").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AnLsoa_LeadsToItsDistrictItsPartnershipAndItsForce()
    {
        var lsoa = Import("lsoa11_ward18_lad18.csv", "lsoa", "LSOA11CD", "LSOA11NM", "LAD18CD", "lad", 34_753);
        var lad = Import("lad18_csp18_pfa18.csv", "lad", "LAD18CD", "LAD18NM", "CSP18CD", "csp", 348);
        var csp = Import("lad18_csp18_pfa18.csv", "csp", "CSP18CD", "CSP18NM", "PFA18CD", "pfa", 314);
        Assert.All(lsoa.Values, district => Assert.Contains(district, lad));
        Assert.All(lad.Values, partnership => Assert.Contains(partnership, csp));
        // North Hampshire is one partnership of three districts; Hampshire's force area holds 1,194 small areas.
        Assert.Equal(3, lad.Values.Count(partnership => partnership == "E22000374"));
        Assert.Equal("E22000374", lad[lsoa["E01022553"]]);
        Assert.Equal(1_194, lsoa.Values.Count(district => csp[lad[district]] == "E23000030"));
    }

    [Fact]
    public void ALookupReadTheWrongWayRound_IsRefusedByItsLines()
    {
        using var csv = File.OpenRead(SharedFolders.Data("geo", "lad18_csp18_pfa18.csv"));
        var request = Request("csp", "CSP18CD", "CSP18NM", "LAD18CD", "lad");
        var result = CodeListImport.Run(csv, request, _folder);
        Assert.Equal(CodeListImportOutcome.Refused, result.Outcome);
        // 348 districts in 314 partnerships: 34 of them stand in a partnership that has another district already.
        Assert.Equal(34, result.Faults.Count);
        Assert.All(result.Faults, fault => Assert.True(fault.Line > 1));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    Dictionary<string, string> Import(
        string file, string list, string code, string title, string parent, string parentList, int codes)
    {
        using var csv = File.OpenRead(SharedFolders.Data("geo", file));
        var request = Request(list, code, title, parent, parentList);
        var result = CodeListImport.Run(csv, request, _folder);
        Assert.Empty(result.Faults);
        Assert.Equal((codes, 0), (result.Codes, result.WithoutParent));
        csv.Position = 0;
        Assert.Equal(CodeListImportOutcome.Unchanged, CodeListImport.Run(csv, request, _folder).Outcome);
        using var reader = CsvDataReader.Create(result.Path!);
        var parents = new Dictionary<string, string>();
        while (reader.Read())
            parents.Add(reader.GetString(0), reader.GetString(2));
        Assert.Equal(parents.Keys.Order(StringComparer.Ordinal), parents.Keys);
        return parents;
    }

    static CodeListImportRequest Request(string list, string code, string title, string parent, string parentList) =>
        new()
        {
            ListId = list,
            Title = $"{list}, December 2018",
            Publisher = "Office for National Statistics",
            Edition = "2018-12",
            ValidFrom = new DateOnly(2018, 10, 1),
            CodeColumn = code,
            TitleColumn = title,
            ParentColumn = parent,
            ParentList = parentList,
            Source = "ONS Open Geography Portal",
        };
}
