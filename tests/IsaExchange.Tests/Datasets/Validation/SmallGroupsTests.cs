using System.Globalization;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>
/// k-anonymity over the declared fields: what is short, what would help, and no answer where none is known.
/// </summary>
public sealed class SmallGroupsTests
{
    const string Header = "lsoa,month,age,gender,home";

    const string Yaml = """
        fieldsMatch: equal
        fields:
          - {name: lsoa, type: string, constraints: {required: true}, isaexchange: {code_list: lsoa}}
          - {name: month, type: yearmonth, constraints: {required: true}}
          - {name: age, type: integer, constraints: {required: true, minimum: 4, maximum: 19}}
          - name: gender
            type: string
            categories: [{value: F, label: Female}, {value: M, label: Male}]
          - {name: home, type: string, isaexchange: {outward: true}}
        isaexchange:
          id: test-set
          title: Test
          version: "1"
          legal_basis: local-agreement
          unit: one test
          period_field: month
          routing: {field: lsoa}
          dimensions: [gender]
          quasi_identifiers: [age, gender, lsoa]
          k: 3
          coarser:
            - {field: age, as: band, starts: [4, 11, 16]}
            - {field: lsoa, as: district}
        """;

    static readonly ValidationPlan s_plan = Plan(Yaml);

    [Fact]
    public void GroupsOfKAndMore_AreInOrder()
    {
        var report = s_plan.Validate(File(Many(3, "E01000001,2018-10,12,F,"), Many(4, "E01000002,2018-10,12,,")));
        Assert.False(report.HasErrors);
        Assert.Equal(7, report.AcceptedCount);
    }

    [Fact]
    public void SmallerGroups_AreNotOwed_AndTheirPlacesAndNumbersAreTold()
    {
        var report = s_plan.Validate(File(
            Many(3, "E01000001,2018-10,12,F,"), Many(2, "E01000001,2018-11,13,F,SO23"),
            Many(1, "E01000001,2018-10,12,M,")));
        Assert.Equal(["D531 0/-1/0", "D532 5/4/0", "D532 7/6/0"], report.Places());
        var told = report.Groups.Single(g => g.Rule == "D531");
        Assert.StartsWith("Too few records share", told.Description, StringComparison.Ordinal);
        Assert.Contains("Each combination of age, gender and lsoa must be that of at least 3 records. 3 of 6 fall "
            + "short, in 2 groups; 1 stand alone.", told.Description, StringComparison.Ordinal);
        Assert.Contains("constitutes personal data", told.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Proposals_SayHowManyWouldStillFallShort()
    {
        // 11 and 13 share a band; E01000001 and E01000002 lie in districts of their own.
        var report = s_plan.Validate(File(
            Many(2, "E01000001,2018-10,11,F,"), Many(2, "E01000001,2018-10,13,F,"),
            Many(1, "E01000002,2018-10,13,F,")));
        var told = report.Groups.Single(g => g.Rule == "D531").Description;
        Assert.Contains("5 of 5 fall short, in 3 groups; 1 stand alone. With age as band, 1 would. "
            + "With lsoa as district, 5 would. With age as band and lsoa as district, 1 would. Without age, 1 would. "
            + "Without gender, 5 would. Without lsoa, 2 would.", told, StringComparison.Ordinal);
    }

    [Fact]
    public void OneRecordAlone_IsNotOwed() =>
        Assert.Contains("D531 0/-1/0", s_plan.Validate(File(Many(1, "E01000001,2018-10,12,F,"))).Places());

    [Fact]
    public void EmptyValues_AreAGroupOfTheirOwn() => Assert.Equal(
        ["D531 0/-1/0", "D532 2/1/0"],
        s_plan.Validate(File(Many(2, "E01000001,2018-10,12,,"), Many(3, "E01000001,2018-10,12,F,"))).Places());

    [Fact]
    public void RefusedValues_AreNotCountedAndSaidSo()
    {
        var report = s_plan.Validate(File(
            Many(2, "E01000001,2018-10,12,F,"), Many(1, "E01000001,2018-10,99,F,"), Many(1, "E01000001,2018-10,,F,")));
        var told = report.Groups.Single(g => g.Rule == "D531").Description;
        Assert.Contains("2 of 2 fall short", told, StringComparison.Ordinal);
        Assert.EndsWith("2 with a refused value of these are not counted.", told, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusedValuesOfOtherFields_DoNotHideTheRecord() => Assert.DoesNotContain(
        s_plan.Validate(File(Many(2, "E01000001,2018-10,12,F,"), Many(1, "E01000001,2018-10,12,F,nowhere"))).Groups,
        g => g.Rule == "D531");

    [Fact]
    public void OutwardPostcodes_AreToldApart()
    {
        var plan = Plan(Yaml.Replace("[age, gender, lsoa]", "[home]", StringComparison.Ordinal)
            .Split("\n  coarser", StringSplitOptions.None)[0]);
        var report = plan.Validate(
            File(Many(3, "E01000001,2018-10,12,F,SO23"), Many(2, "E01000001,2018-10,12,F,SO22")));
        Assert.Equal(["D531 0/-1/0", "D532 5/4/0"], report.Places());
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void MoreCombinationsThanCanBeCounted_AreRefused(int combinations, bool shown)
    {
        var plan = Plan(Yaml, new ValidationLimits { MaxGroupsCounted = 10 });
        var rows = Enumerable.Range(0, combinations).Select(i => Many(
            3, string.Create(CultureInfo.InvariantCulture, $"E01000001,2018-10,{4 + (i % 16)},F,")));
        var report = plan.Validate(File([.. rows]));
        Assert.Equal(shown ? [] : ["D533"], report.Groups.Select(g => g.Rule));
        Assert.Equal(!shown, report.HasErrors);
    }

    /// <summary>The table grows, and counts what a dictionary counts.</summary>
    [Fact]
    public void ManyGroups_AreCountedExactly()
    {
        var random = new Random(3);
        var wide = Plan(Yaml.Replace("maximum: 19", "maximum: 1000000", StringComparison.Ordinal));
        var rows = Enumerable.Range(0, 60_000).Select(_ => string.Create(CultureInfo.InvariantCulture,
            $"E0100000{random.Next(1, 4)},2018-10,{random.Next(4, 7_000)},{(random.Next(2) == 0 ? "F" : "")},"))
            .ToList();
        var small = rows.GroupBy(r => r).Where(g => g.Count() < 3).ToList();
        var told = wide.Validate(File([.. rows])).Groups.Single(g => g.Rule == "D531").Description;
        Assert.Contains($"{small.Sum(g => g.Count())} of 60000 fall short, in {small.Count} groups; "
            + $"{small.Count(g => g.Count() == 1)} stand alone.", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Proposals_ThatLeaveNobodyShort_SaySo() => Assert.Contains(
        "Without age, 0 would.",
        s_plan.Validate(File(Many(2, "E01000001,2018-10,11,F,"), Many(1, "E01000001,2018-10,13,F,")))
            .Groups.Single(g => g.Rule == "D531").Description,
        StringComparison.Ordinal);

    [Fact]
    public void MissingColumn_IsTheOnlyError() => Assert.Equal(
        ["H103"],
        s_plan.Validate("lsoa,month,age,home\nE01000001,2018-10,12,\n").Groups.Select(g => g.Rule));

    [Theory]
    [InlineData("k: 3", "k: 1", "'k' must be")]
    [InlineData("k: 3", "k: 3000", "'k' must be")]
    [InlineData("  k: 3\n", "", "'k' must be")]
    [InlineData("quasi_identifiers: [age, gender, lsoa]", "unconfirmed: []", "no group")]
    [InlineData("[age, gender, lsoa]", "[age, gender, age]", "different fields")]
    [InlineData("[age, gender, lsoa]", "[age, gender, lsoa, pupil]", "'pupil'")]
    [InlineData("starts: [4, 11, 16]", "starts: [4, 16, 11]", "'age' cannot")]
    [InlineData("starts: [4, 11, 16]", "starts: [4, x]", "whole number")]
    [InlineData(", starts: [4, 11, 16]", "", "'age' cannot")]
    [InlineData("{field: lsoa, as: district}", "{field: gender, as: any}", "'gender' cannot")]
    [InlineData("{field: lsoa, as: district}", "{field: lsoa, as: district, of: x}", "'of'")]
    public void BrokenDeclaration_IsRefused(string part, string instead, string words)
    {
        var yaml = Yaml.ReplaceLineEndings("\n");
        Assert.Contains(part, yaml, StringComparison.Ordinal);
        var loaded = DatasetSpecLoader.Parse(yaml.Replace(part, instead, StringComparison.Ordinal), "test.yaml");
        Assert.Null(loaded.Spec);
        Assert.Contains(loaded.Faults, f => f.Message.Contains(words, StringComparison.Ordinal));
    }

    static ValidationPlan Plan(string yaml, ValidationLimits? limits = null)
    {
        var loaded = DatasetSpecLoader.Parse(yaml.ReplaceLineEndings("\n"), "test.yaml");
        Assert.Empty(loaded.Faults);
        return TestDatasets.Plan(loaded.Spec!, limits);
    }

    static string File(params string[] rows) => $"{Header}\n{string.Concat(rows.Select(r => r.TrimEnd('\n') + "\n"))}";

    static string Many(int times, string row) => string.Concat(Enumerable.Repeat(row + "\n", times));
}
