using System.Globalization;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Specs;

/// <summary>
/// Each dataset has a file that is right and one that is wrong, with what is wrong at which place, for July to
/// September 2026 in the sample county.
/// </summary>
public sealed class ExampleFilesTests
{
    static readonly string Folder = Path.Combine(SharedFolders.Repository, "policies", "datasets", "examples");

    static readonly Lazy<CodeListCatalog> Lists = new(() =>
    {
        var lists = CodeListCatalog.Load(
            Path.Combine(SharedFolders.Repository, "policies", "northmere", "codelists"), out var faults);
        Assert.Empty(faults);
        return lists;
    });

    public static TheoryData<string> Datasets => [.. TestDatasets.Catalog.All.Select(spec => spec.Id)];

    /// <summary>The plan of a dataset for the quarter and county of the examples.</summary>
    internal static ValidationPlan Plan(
        DatasetSpec spec, IReadOnlyList<string>? areas = null, ValidationLimits? limits = null) =>
        ValidationPlan.Compile(
            spec, Lists.Value, new DateOnly(2026, 7, 1), new DateOnly(2026, 10, 1),
            areas ?? ["X22000001", "X22000002", "X22000003", "X22000004"], limits);

    internal static byte[] Read(string dataset, string kind) =>
        File.ReadAllBytes(Path.Combine(Folder, $"{dataset}.{kind}"));

    [Theory]
    [MemberData(nameof(Datasets))]
    public void ValidExample_HasNothingToCorrectOrExplain(string dataset)
    {
        var report = Plan(TestDatasets.Catalog.Find(dataset)!).Validate(Read(dataset, "valid.csv"));
        Assert.Empty(report.Places());
        Assert.True(report.AcceptedCount > 1);
        Assert.Equal((report.RecordCount, 0), (report.AcceptedCount, report.OutsideCount));
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void InvalidExample_IsToldOfAtEveryPlaceAndNoOther(string dataset)
    {
        var report = Plan(TestDatasets.Catalog.Find(dataset)!).Validate(Read(dataset, "invalid.csv"));
        var expected = File.ReadAllLines(Path.Combine(Folder, $"{dataset}.invalid.expected"));
        Assert.Equal("line,column,code", expected[0]);
        Assert.NotEmpty(expected[1..]);
        Assert.Equal(expected[1..], report.Violations.Select(v =>
            string.Create(CultureInfo.InvariantCulture, $"{v.Line},{v.Column},{v.Rule}")));
    }

    [Theory]
    [InlineData("exclusion-reasons", "OT", "2020-08-31", true)]
    [InlineData("exclusion-reasons", "OT", "2020-09-01", false)]
    [InlineData("exclusion-reasons", "OW", "2020-08-31", false)]
    [InlineData("exclusion-reasons", "OW", "2020-09-01", true)]
    [InlineData("incident-categories", "AS-SUBSTANCE", "2011-03-31", true)]
    [InlineData("incident-categories", "AS-SUBSTANCE", "2011-04-01", false)]
    public void CodeOfAnEdition_IsKnownInItsTime(string list, string code, string day, bool known) =>
        Assert.Equal(known, Lists.Value.Find(
            list, DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture))!.IndexOf(code) >= 0);

    [Fact]
    public void Examples_AreOfDatasetsThatExist()
    {
        var known = Datasets.Select(row => row.Data).SelectMany(id =>
            new[] { $"{id}.valid.csv", $"{id}.invalid.csv", $"{id}.invalid.expected" });
        Assert.Equal(known.Order(), Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order());
        Assert.Equal(16, Datasets.Count);
    }
}
