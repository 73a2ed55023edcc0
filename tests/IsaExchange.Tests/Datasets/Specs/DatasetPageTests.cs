using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Specs;

/// <summary>The pages of the datasets are made of the specifications and of nothing else.</summary>
public sealed class DatasetPageTests
{
    static readonly string Folder = Path.Combine(SharedFolders.Repository, "policies", "datasets");

    public static TheoryData<string> Datasets => ExampleFilesTests.Datasets;

    [Theory]
    [MemberData(nameof(Datasets))]
    public void CommittedPage_IsWhatTheSpecificationMakes(string dataset)
    {
        var page = Path.Combine(Folder, "pages", dataset + ".md");
        Assert.True(File.Exists(page), $"isax datasets show {dataset} --format markdown > {page}");
        Assert.Equal(DatasetPage.Markdown(TestDatasets.Catalog.Find(dataset)!), File.ReadAllText(page));
    }

    [Fact]
    public void Pages_AreOfDatasetsThatExistAndListed()
    {
        var ids = TestDatasets.Catalog.All.Select(spec => spec.Id).ToList();
        Assert.Equal(
            ids.Select(id => id + ".md").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Path.Combine(Folder, "pages")).Select(f => Path.GetFileName(f))
                .Order(StringComparer.Ordinal));
        var index = File.ReadAllText(Path.Combine(Folder, "README.md"));
        Assert.All(ids, id => Assert.Contains($"(pages/{id}.md)", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_TellsEveryColumnCodeRuleAndDoubt()
    {
        foreach (var spec in TestDatasets.Catalog.All)
        {
            var page = DatasetPage.Markdown(spec);
            Assert.All(spec.Fields, f => Assert.Contains($"| `{f.Name}` |", page, StringComparison.Ordinal));
            Assert.All(spec.Fields.SelectMany(f => f.Categories), c =>
                Assert.Contains(c.Code, page, StringComparison.Ordinal));
            Assert.All(
                [.. spec.Never, .. spec.Caveats, .. spec.Unconfirmed],
                text => Assert.Contains($"* {text}\n", page, StringComparison.Ordinal));
            Assert.All(SpecWords.Rules(spec), r => Assert.Contains(r.Sentence, page, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void EveryDataset_SaysWhenItsCountsAreAskedAbout() =>
        Assert.All(TestDatasets.Catalog.All, spec => Assert.True(spec.Plausibility is not null, spec.Id));

    [Fact]
    public void RulesInWords_NameRulesThatExist()
    {
        var named = TestDatasets.Catalog.All.SelectMany(SpecWords.Rules)
            .SelectMany(r => r.Rule.Split(", ")).ToHashSet();
        Assert.Superset(new HashSet<string> { "X403", "X404", "X405", "X406", "X409", "X410", "X411" }, named);
        Assert.All(named, code => Assert.NotNull(Rules.Find(code)));
    }

    [Fact]
    public void BarInAText_DoesNotEndItsCell()
    {
        var spec = TestDatasets.Catalog.Find("health-counts")! with { Unit = "one | two" };
        Assert.Contains("| one record | one \\| two |", DatasetPage.Markdown(spec), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryLegalBasis_HasWords() => Assert.All(DatasetSpecLoader.LegalBases, basis => Assert.NotEmpty(
        SpecWords.LegalBasis(TestDatasets.Catalog.Find("health-counts")! with { LegalBasis = basis })));
}
