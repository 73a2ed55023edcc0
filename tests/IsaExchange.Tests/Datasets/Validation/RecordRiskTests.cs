using System.Globalization;
using CsCheck;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>
/// How few records share their quasi-identifiers: as other tools count it, and as a slow recount does.
/// </summary>
public sealed class RecordRiskTests
{
    const string Yaml = """
        fieldsMatch: equal
        fields:
          - {name: lsoa, type: string, constraints: {required: true}, isaexchange: {code_list: lsoa}}
          - {name: month, type: yearmonth, constraints: {required: true}}
          - {name: age, type: integer, constraints: {required: true, minimum: 4, maximum: 19}}
          - name: gender
            type: string
            categories: [{value: F, label: Female}, {value: M, label: Male}]
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
          k: 4
        """;

    static readonly ValidationPlan s_plan = Plan(Yaml);
    static readonly string[] s_genders = ["F", "M", ""];

    [Fact]
    public void FileWithoutQuasiIdentifiers_HasNoFigures() =>
        Assert.Null(TestDatasets.Street.Validate($"{TestDatasets.StreetHeader}\n").Risk);

    [Fact]
    public void Figures_AreOfTheClassesOfTheFile()
    {
        var risk = s_plan.Validate(File(Rows(
            (6, "E01000001,2018-10,12,F"), (4, "E01000001,2018-10,12,M"), (2, "E01000002,2018-10,12,F"),
            (1, "E01000001,2018-10,13,F"), (1, "E01000001,2018-10,14,F"), (1, "E01000001,2018-10,99,F")))).Risk!;
        Assert.Equal(["age", "gender", "lsoa"], risk.Fields);
        Assert.Equal((14, 1, 5), (risk.Records, risk.Uncounted, risk.Groups));
        Assert.Equal((2, 4, 8), (risk.Alone, risk.BelowThree, risk.BelowFive));
        Assert.Equal((4, 4), (risk.SmallestGroup, risk.BelowSmallestGroup));
        Assert.Equal(5 / 14.0, risk.Average);
        Assert.Equal([new("age", 0), new("gender", 2), new("lsoa", 2)], risk.Without);
        Assert.Equal("age", risk.MattersMost!.Field);
    }

    [Fact]
    public void FileInOrder_HasFiguresToo()
    {
        var report = s_plan.Validate(File(Rows((4, "E01000001,2018-10,12,F"), (8, "E01000001,2018-10,13,F"))));
        Assert.False(report.HasErrors);
        Assert.Equal((2, 0, 4), (report.Risk!.Groups, report.Risk.Alone, report.Risk.BelowFive));
        Assert.Null(report.Risk.MattersMost);
        Assert.Equal(1 / 6.0, report.Risk.Average);
    }

    [Fact]
    public void OneFieldAlone_IsNotLeftOut()
    {
        var plan = Plan(Yaml.Replace("[age, gender, lsoa]", "[age]", StringComparison.Ordinal));
        var risk = plan.Validate(File(Rows((1, "E01000001,2018-10,12,F"), (2, "E01000001,2018-10,13,F")))).Risk!;
        Assert.Equal((1, 3), (risk.Alone, risk.BelowThree));
        Assert.Empty(risk.Without);
        Assert.Null(risk.MattersMost);
    }

    [Fact]
    public void MoreClassesThanAreCounted_HaveNoFigures()
    {
        var plan = Plan(Yaml, new ValidationLimits { MaxGroupsCounted = 2 });
        Assert.Null(plan.Validate(File(Rows(
            (4, "E01000001,2018-10,12,F"), (4, "E01000001,2018-10,13,F"), (4, "E01000001,2018-10,14,F")))).Risk);
    }

    /// <summary>
    /// ARX, sdcMicro and a table of counts agree on these; the last is the first without its type, so it is the one
    /// field that matters most there.
    /// </summary>
    [Theory]
    [InlineData("lsoa,type,month", 6_148)]
    [InlineData("lsoa,type,month,dow,hour", 21_923)]
    [InlineData("lsoa,month", 129)]
    public void UniquesOfTheCountyFile_AreThoseOfOtherTools(string fields, long alone)
    {
        var risk = CountyFile.Risk(fields);
        Assert.Equal((25_783, 0, alone), (risk.Records, risk.Uncounted, risk.Alone));
        if (fields == "lsoa,type,month")
            Assert.Equal(new RiskWithout("type", 129), risk.Without[1]);
    }

    [Fact]
    public void Figures_AreThoseOfASlowRecount() => Gen.Select(
            Gen.Int[1, 3], Gen.Int[4, 9], Gen.Int[0, 2],
            (lsoa, age, gender) => string.Create(
                CultureInfo.InvariantCulture, $"E0100000{lsoa},2018-10,{age},{s_genders[gender]}"))
        .List[1, 120].Sample(rows =>
        {
            var risk = s_plan.Validate(File(rows)).Risk!;
            var split = rows.ConvertAll(row => row.Split(',') is [var lsoa, _, var age, var gender]
                ? new[] { age, gender, lsoa } : throw new InvalidOperationException());
            var sizes = split.ConvertAll(r => (long)split.Count(o => o.SequenceEqual(r)));
            Assert.Equal(
                (rows.Count, split.Select(r => string.Join(',', r)).Distinct().Count()), (risk.Records, risk.Groups));
            Assert.Equal(
                (sizes.Count(k => k == 1), sizes.Count(k => k < 3), sizes.Count(k => k < 5), sizes.Count(k => k < 4)),
                (risk.Alone, risk.BelowThree, risk.BelowFive, risk.BelowSmallestGroup));
            Assert.Equal(sizes.Average(k => 1.0 / k), risk.Average, 12);
            for (var left = 0; left < risk.Fields.Count; left++)
            {
                var kept = split.ConvertAll(r => string.Join(',', r.Where((_, i) => i != left)));
                Assert.Equal(kept.Count(r => kept.Count(o => o == r) == 1), risk.Without[left].Alone);
            }
        });

    static ValidationPlan Plan(string yaml, ValidationLimits? limits = null)
    {
        var loaded = DatasetSpecLoader.Parse(yaml.ReplaceLineEndings("\n"), "test.yaml");
        Assert.Empty(loaded.Faults);
        return TestDatasets.Plan(loaded.Spec!, limits);
    }

    static IEnumerable<string> Rows(params (int Times, string Row)[] rows) =>
        rows.SelectMany(r => Enumerable.Repeat(r.Row, r.Times));

    static string File(IEnumerable<string> rows) =>
        $"lsoa,month,age,gender\n{string.Concat(rows.Select(r => r + "\n"))}";
}

/// <summary>The invented county of the disclosure vectors as a dataset of the exchange.</summary>
static class CountyFile
{
    static readonly string[] s_columns = ["lsoa", "type", "month", "dow", "hour"];

    public static RecordRisk Risk(string fields)
    {
        // None of its columns holds a comma; the last tells whose record it is, and stays behind.
        var rows = File.ReadLines(SharedFolders.Vectors("disclosure", "county", "micro.csv"))
            .Select(line => line.Split(',')).ToList();
        Assert.Equal([.. s_columns, "person_key"], rows[0]);
        var spec = DatasetSpecLoader.Parse(Yaml(rows, fields), "county.yaml");
        Assert.Empty(spec.Faults);
        var plan = ValidationPlan.Compile(
            spec.Spec!, Lists(rows), new DateOnly(2026, 1, 1), new DateOnly(2026, 4, 1), ["X1"]);
        return plan.Validate(string.Concat(rows.Select(r => string.Join(',', r[..5]) + "\n"))).Risk!;
    }

    static string Yaml(List<string[]> rows, string fields)
    {
        string Field(int column)
        {
            var categories = Values(rows, column).Select(v => $"{{value: \"{v}\", label: Any}}");
            return $"  - {{name: {s_columns[column]}, type: string, constraints: {{required: true}}, "
                + $"categories: [{string.Join(", ", categories)}]}}";
        }

        const string Lsoa =
            "  - {name: lsoa, type: string, constraints: {required: true}, isaexchange: {code_list: lsoa}}";
        return $$"""
            fieldsMatch: equal
            fields:
            {{Lsoa}}
            {{Field(1)}}
              - {name: month, type: yearmonth, constraints: {required: true} }
            {{Field(3)}}
            {{Field(4)}}
            isaexchange:
              id: county
              title: County
              version: "1"
              legal_basis: local-agreement
              unit: one incident
              period_field: month
              routing: {field: lsoa}
              dimensions: [type]
              quasi_identifiers: [{{fields}}]
              k: 2
            """.ReplaceLineEndings("\n");
    }

    static CodeListCatalog Lists(List<string[]> rows)
    {
        var folder = Directory.CreateTempSubdirectory("isax-county-").FullName;
        TestDatasets.WriteList(
            folder, "lsoa", null, "  - {edition: '1', file: 1.csv, valid_from: 2011-01-01, source: test}\n",
            ("1.csv", "code,title,parent\n" + string.Concat(Values(rows, 0).Select(v => $"{v},{v},X1\n"))));
        var lists = CodeListCatalog.Load(folder, out var faults);
        Assert.Empty(faults);
        Directory.Delete(folder, recursive: true);
        return lists;
    }

    static IEnumerable<string> Values(List<string[]> rows, int column) =>
        rows.Skip(1).Select(r => r[column]).Distinct().Order(StringComparer.Ordinal);
}
