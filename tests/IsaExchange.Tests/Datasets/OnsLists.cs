using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Mapping;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets;

/// <summary>
/// Small areas, districts and partnerships of England and Wales as a partnership imports them from the lookups of ONS,
/// in force for every period of the real files. Made once; needs the real data.
/// </summary>
static class OnsLists
{
    static readonly Lazy<CodeListCatalog> s_lists = new(Import);

    /// <summary>Skips or fails the test when the real data are absent.</summary>
    public static CodeListCatalog Lists
    {
        get
        {
            SharedFolders.Data("geo", "lsoa11_ward18_lad18.csv");
            return s_lists.Value;
        }
    }

    public static MappingLists For(MappingPeriod period) => new(() => Lists, period.Last);

    public static ColumnMapping Mapping(string name, MappingPeriod period)
    {
        var path = Path.Combine(SharedFolders.Repository, "policies", "mappings", name + ".yaml");
        var result = ColumnMapping.Load(path, For(period));
        Assert.Empty(result.Faults);
        return result.Mapping!;
    }

    public static ValidationPlan Plan(string dataset, MappingPeriod period, IReadOnlyList<string> areas) =>
        ValidationPlan.Compile(
            TestDatasets.Catalog.Find(dataset)!, Lists, period.First, period.Last.AddDays(1), areas);

    /// <summary>Codes of the partnerships of London's 33 districts, in order.</summary>
    public static IReadOnlyList<string> LondonPartnerships
    {
        get
        {
            var lad = Lists.Find("lad")!.Editions[0];
            return
            [
                .. Enumerable.Range(0, lad.Count).Where(i => lad.Code(i).StartsWith("E09", StringComparison.Ordinal))
                    .Select(lad.Parent).OfType<string>().Distinct().Order(StringComparer.Ordinal),
            ];
        }
    }

    static CodeListCatalog Import()
    {
        var folder = Directory.CreateTempSubdirectory("isax-ons-lists-").FullName;
        Import(folder, "lsoa11_ward18_lad18.csv", "lsoa", "LSOA11CD", "LSOA11NM", "LAD18CD", "lad");
        Import(folder, "lad18_csp18_pfa18.csv", "lad", "LAD18CD", "LAD18NM", "CSP18CD", "csp");
        Import(folder, "lad18_csp18_pfa18.csv", "csp", "CSP18CD", "CSP18NM", null, null);
        var lists = CodeListCatalog.Load(folder, out var faults);
        Assert.Empty(faults);
        Directory.Delete(folder, recursive: true);
        return lists;
    }

    static void Import(
        string folder, string file, string list, string code, string title, string? parent, string? parentList)
    {
        using var csv = File.OpenRead(SharedFolders.Data("geo", file));
        var result = CodeListImport.Run(csv, new CodeListImportRequest
        {
            ListId = list, Title = list, Publisher = "Office for National Statistics", Edition = "2018-12",
            ValidFrom = new DateOnly(2005, 1, 1), CodeColumn = code, TitleColumn = title, ParentColumn = parent,
            ParentList = parentList, Source = "ONS Open Geography Portal",
        }, folder);
        Assert.Empty(result.Faults);
    }
}
