using IsaExchange.Datasets.Specs;
using Xunit;

namespace IsaExchange.Tests.Datasets.Specs;

public sealed class DatasetSpecLoaderTests
{
    const string Good = """
        $schema: https://datapackage.org/profiles/2.0/tableschema.json
        fieldsMatch: equal
        fields:
          - name: area
            type: string
            constraints: {required: true, maxLength: 9}
            isaexchange: {code_list: csp}
          - name: day
            type: date
            constraints: {required: true}
          - name: later
            type: date
          - name: kind
            type: string
            constraints: {required: true}
            categories:
              - {value: A, label: Alpha}
              - {value: B, label: Beta}
          - name: count
            type: integer
            constraints: {minimum: 1, maximum: 9}
        isaexchange:
          id: test-set
          title: Test
          version: "1"
          legal_basis: local-agreement
          unit: one test
          period_field: day
          routing: {field: area}
          derived:
            - {name: month, month_of: day}
            - name: block
              from: kind
              members:
                - {code: ALL, title: All, ranges: [A-B]}
          dimensions: [kind, month, block]
          rules:
            - not_before: {field: later, other: day}
          caveats: [Be careful]
        """;

    [Fact]
    public void GoodSpecification_IsRead()
    {
        var loaded = DatasetSpecLoader.Parse(Good, "test.yaml");
        Assert.Empty(loaded.Faults);
        var spec = loaded.Spec!;
        Assert.Equal(("test-set", "Test", "1", "local-agreement", "one test", "day", "area"),
            (spec.Id, spec.Title, spec.Version, spec.LegalBasis, spec.Unit, spec.PeriodField, spec.Routing.Field));
        Assert.Equal(["area", "day", "later", "kind", "count"], spec.Fields.Select(f => f.Name));
        Assert.Equal([FieldType.Code, FieldType.Date, FieldType.Date, FieldType.Code, FieldType.Whole],
            spec.Fields.Select(f => f.Type));
        Assert.Equal(["kind", "month", "block"], spec.CubeDimensions);
        Assert.Equal((1, 9, 9), (spec.Fields[4].Minimum, spec.Fields[4].Maximum, spec.Fields[0].MaxLength));
    }

    [Theory]
    [InlineData("fieldsMatch: equal", "fieldsMatch: superset", 2, "must be equal")]
    [InlineData("tableschema.json", "other.json", 1, "profile")]
    [InlineData("    type: date\n    constraints: {required: true}", "    type: string", 9, "Free text")]
    [InlineData("    type: integer", "    type: number", 20, "not known")]
    [InlineData("{minimum: 1, maximum: 9}", "{minimum: 1}", 19, "no maximum")]
    [InlineData("{minimum: 1, maximum: 9}", "{minimum: 9, maximum: 1}", 19, "above its maximum")]
    [InlineData("{minimum: 1, maximum: 9}", "{minimum: one, maximum: 9}", 21, "whole number")]
    [InlineData("{minimum: 1, maximum: 9}", "{minimum: 1, maximum: 9, pattern: x}", 21, "'pattern'")]
    [InlineData("{minimum: 1, maximum: 9}",
        "{required: true, maximum: 9}\n    isaexchange: {sequence: true}", 19, "with bounds")]
    [InlineData("{minimum: 1, maximum: 9}",
        "{required: true, minimum: -1}\n    isaexchange: {sequence: true}", 19, "with bounds")]
    [InlineData("{minimum: 1, maximum: 9}",
        "{required: true, minimum: 2}\n    isaexchange: {sequence: true}", 19, "with bounds")]
    [InlineData("{minimum: 1, maximum: 9}",
        "{required: true, maxLength: 3}\n    isaexchange: {sequence: true}", 19, "with bounds")]
    [InlineData("  rules:", "  never_summed: [kind]\n  plausibility: {by: block}\n  rules:", 38, "never summed")]
    [InlineData("name: later", "name: day", 1, "named twice")]
    [InlineData("name: later", "name: La ter", 1, "no column name")]
    [InlineData("name: later", "Name: later", 11, "'Name'")]
    [InlineData("label: Alpha", "title: Alpha", 17, "'label'")]
    [InlineData("value: B,", "value: A,", 17, "a code twice")]
    [InlineData("  id: test-set", "  id: Test Set", 23, "hyphens")]
    [InlineData("  title: Test\n", "", 23, "'title' is missing")]
    [InlineData("legal_basis: local-agreement", "legal_basis: because", 26, "legal basis")]
    [InlineData("period_field: day", "period_field: later", 28, "period field")]
    [InlineData("routing: {field: area}", "routing: {field: kind}", 29, "routing field")]
    [InlineData("month_of: day", "month_of: later", 31, "period field")]
    [InlineData("ranges: [A-B]", "ranges: [A]", 31, "no member for B")]
    [InlineData("ranges: [A-B]", "ranges: []", 35, "covers no codes")]
    [InlineData("dimensions: [kind, month, block]", "dimensions: [kind, kind]", 36, "named twice")]
    [InlineData("dimensions: [kind, month, block]", "dimensions: [later]", 36, "neither")]
    [InlineData("dimensions: [kind, month, block]", "dimensions: []", 36, "no dimensions")]
    [InlineData("  rules:", "  contributors: month\n  rules:", 37, "not a field that is counted by")]
    [InlineData("  rules:", "  contributors: area\n  rules:", 37, "not a field that is counted by")]
    [InlineData("field: later, other: day", "field: later, other: kind", 38, "does not fit")]
    [InlineData("not_before", "not_after", 38, "'not_after'")]
    [InlineData("caveats: [Be careful]", "caveats: Be careful", 39, "must be a list")]
    [InlineData("caveats: [Be careful]", "caveat: [Be careful]", 39, "'caveat'")]
    public void BrokenSpecification_IsRefusedWithItsLine(string part, string instead, int line, string words)
    {
        var yaml = Good.ReplaceLineEndings("\n");
        Assert.Contains(part, yaml, StringComparison.Ordinal);
        var loaded = DatasetSpecLoader.Parse(yaml.Replace(part, instead, StringComparison.Ordinal), "test.yaml");
        Assert.Null(loaded.Spec);
        Assert.Contains(loaded.Faults, f => f.Message.Contains(words, StringComparison.Ordinal) && f.Line == line);
        Assert.All(loaded.Faults, f => Assert.Equal("test.yaml", f.File));
        Assert.All(loaded.Faults, f => Assert.NotEqual("", f.Remedy));
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b\n")]
    [InlineData("a: [")]
    [InlineData("a: 1\na: 2\n")]
    [InlineData("a: 1\n---\nb: 2\n")]
    [InlineData("\t: x")]
    public void NoMapping_IsRefused(string yaml)
    {
        var loaded = DatasetSpecLoader.Parse(yaml, "test.yaml");
        Assert.Null(loaded.Spec);
        Assert.NotEmpty(loaded.Faults);
    }

    [Fact]
    public void AllFaults_AreListedAtOnce()
    {
        var loaded = DatasetSpecLoader.Parse(Good.Replace("name: later", "naem: later", StringComparison.Ordinal)
            .Replace("legal_basis: local-agreement", "legal_basis: because", StringComparison.Ordinal)
            .Replace("maximum: 9", "maximum: nine", StringComparison.Ordinal), "test.yaml");
        Assert.True(loaded.Faults.Count >= 4);
    }

    [Fact]
    public void AbsentFile_IsAFault()
    {
        var fault = Assert.Single(DatasetSpecLoader.Load("/nowhere/x.yaml").Faults);
        Assert.Equal("The file cannot be read.", fault.Message);
    }

    [Fact]
    public void Catalog_RefusesAFileWhoseNameIsNotItsId()
    {
        var folder = Directory.CreateTempSubdirectory("isax-specs-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "datasets"));
        File.WriteAllText(Path.Combine(folder, "datasets", "other.yaml"), Good);
        var catalog = DatasetCatalog.Load(folder, out var faults);
        Assert.Contains("differs", Assert.Single(faults).Message, StringComparison.Ordinal);
        Assert.Empty(catalog.All);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Catalog_OfAnAbsentFolder_IsAFault()
    {
        DatasetCatalog.Load("/nowhere", out var faults);
        Assert.Single(faults);
    }

    [Fact]
    public void SpecificationsOfTheRepository_SayWhatIsUnconfirmed()
    {
        Assert.Superset(new HashSet<string> { "police-street-level", "police-recorded-crime", "hospital-admissions" },
            TestDatasets.Catalog.All.Select(s => s.Id).ToHashSet());
        Assert.All(TestDatasets.Catalog.All, s => Assert.NotEmpty(s.Unconfirmed));
        Assert.All(TestDatasets.Catalog.All, s => Assert.NotEmpty(s.Caveats));
        Assert.Null(TestDatasets.Catalog.Find("unknown"));
    }
}
