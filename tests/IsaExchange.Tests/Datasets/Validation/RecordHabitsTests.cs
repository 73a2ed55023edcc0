using System.Globalization;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>What only all records of a file together show: times and days that were never given, and places.</summary>
public sealed class RecordHabitsTests
{
    const string Yaml = """
        fieldsMatch: equal
        fields:
          - {name: area, type: string, constraints: {required: true}, isaexchange: {code_list: lsoa}}
          - {name: day, type: date, constraints: {required: true}}
          - {name: time, type: time, format: "%H:%M"}
          - {name: place, type: string, isaexchange: {code_list: lsoa}}
          - {name: home, type: string, isaexchange: {outward: true}}
        isaexchange:
          id: test-set
          title: Test
          version: "1"
          legal_basis: local-agreement
          unit: one test
          period_field: day
          routing: {field: area}
          dimensions: [area]
          plausibility:
            minimum: 10
            midnight: {field: time, percent: 90}
            first_of_month: {field: day, percent: 90}
          location: {exact: [place], outward: [home]}
        """;

    static readonly ValidationPlan s_plan = Plan(Yaml);

    static ValidationPlan Plan(string yaml) =>
        TestDatasets.Plan(DatasetSpecLoader.Parse(yaml, "test-set.yaml").Spec!);

    static ValidationReport Check(params IEnumerable<string> records) => s_plan.Validate(
        "area,day,time,place,home\n" + string.Concat(records.Select(r => $"E01000001,{r}\n")));

    static IEnumerable<string> Many(int count, string record) => Enumerable.Repeat(record, count);

    static IEnumerable<string> Days(int count) => Enumerable.Range(2, count)
        .Select(d => string.Create(CultureInfo.InvariantCulture, $"2018-10-{d:D2}"));

    [Fact]
    public void NearlyEveryTimeMidnight_IsAskedAbout()
    {
        var report = Check([
            .. Days(9).Select(d => $"{d},00:00,,"), "2018-11-05,13:30,,", .. Days(9).Select(d => $"{d},,,")]);
        Assert.Equal(["Q705 0/-1/3 time"], report.Places());
        Assert.Equal((0, 1), (report.ErrorCount, report.QueryCount));
    }

    [Fact]
    public void OneTimeMore_OrTooFewOfThem_AskNothing()
    {
        Assert.Empty(Check([.. Days(9).Select(d => $"{d},00:00,,"), .. Many(2, "2018-11-05,13:30,,")]).Violations);
        Assert.Empty(Check(Days(9).Select(d => $"{d},00:00,,")).Violations);
    }

    [Fact]
    public void NearlyEveryDayTheFirst_IsAskedAbout()
    {
        Assert.Equal(["Q706 0/-1/2 day"], Check(
            [.. Many(5, "2018-10-01,09:15,,"), .. Many(4, "2018-12-01,10:00,,"), "2018-11-11,11:00,,"]).Places());
        Assert.Empty(Check(
            [.. Many(8, "2018-10-01,09:15,,"), .. Many(2, "2018-11-11,11:00,,")]).Violations);
    }

    [Fact]
    public void RecordsWithErrors_AreNotCounted()
    {
        var report = Check([.. Many(9, "2018-10-01,00:00,,"), .. Many(50, "2019-10-02,13:00,,")]);
        Assert.DoesNotContain(report.Violations, v => v.Rule is "Q705" or "Q706");
    }

    [Fact]
    public void Places_AreCountedByTheirExactest()
    {
        var report = Check(
            "2018-10-02,,E01000001,SO23", "2018-10-03,,E01000002,", "2018-10-04,,,SO23", "2018-10-05,,,",
            "2018-10-06,,,", "2018-10-07,,,SO22");
        Assert.Equal(new LocationQuality(2, 2, 2), report.Locations);
        Assert.Equal(33, report.Locations!.Percent(2));
    }

    [Fact]
    public void DatasetWithoutPlaces_HasNone()
    {
        var plan = Plan(Yaml[..Yaml.IndexOf("  location:", StringComparison.Ordinal)]);
        Assert.Null(plan.Validate("area,day,time,place,home\nE01000001,2018-10-02,,,\n").Locations);
    }

    [Theory]
    [InlineData("by: day", "is no dimension")]
    [InlineData("factor: 1", "band of plausibility")]
    [InlineData("deviations: 0", "band of plausibility")]
    [InlineData("minimum: 0", "band of plausibility")]
    [InlineData("midnight: {field: day}", "'midnight' must name a time")]
    [InlineData("midnight: {field: time, percent: 50}", "'midnight' must name a time")]
    [InlineData("first_of_month: {field: time}", "'first_of_month' must name a date")]
    [InlineData("first_of_year: {field: day}", "is not a word of this file")]
    public void WordsThatDoNotFit_AreRefused(string word, string message)
    {
        var yaml = Yaml[..Yaml.IndexOf("  plausibility:", StringComparison.Ordinal)]
            + $"  plausibility:\n    {word}\n";
        var loaded = DatasetSpecLoader.Parse(yaml, "test-set.yaml");
        Assert.Contains(loaded.Faults, f => f.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{exact: [day]}")]
    [InlineData("{outward: [place]}")]
    [InlineData("{exact: []}")]
    [InlineData("{exact: [nowhere]}")]
    public void PlacesThatAreNone_AreRefused(string location)
    {
        var yaml = Yaml[..Yaml.IndexOf("  location:", StringComparison.Ordinal)] + $"  location: {location}\n";
        Assert.Contains(
            DatasetSpecLoader.Parse(yaml, "test-set.yaml").Faults,
            f => f.Message.Contains("'location' must name", StringComparison.Ordinal));
    }
}
