using System.Text.Json;
using IsaExchange.Cli.Tables;
using IsaExchange.Datasets.Specs;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Cli.Tables;

/// <summary>The schema that editors use for specifications of own tables knows the words that the reader
/// knows.</summary>
public class PublicationSchemaTests
{
    const string Whole = """
        dimensions:
          area:
            total: E
            levels: { file: lookup.csv, columns: [lsoa, area] }
        counts: { file: counts.csv, columns: { area: lsoa }, count: n }
        protect_below: 5
        tables:
          - { file: areas.csv, columns: { area: code }, published: value }
        outside:
          - { file: others.csv, columns: { area: code }, published: value }
        """;

    static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(SharedFolders.Repository, "policies", "disclosure-check.schema.json"))).RootElement;

    [Theory]
    [InlineData("", "protect_below: 5", "protect_below: 5\nzz: 1")]
    [InlineData("dimension", "total: E", "total: E\n    zz: 1")]
    [InlineData("levels", "file: lookup.csv", "zz: 1, file: lookup.csv")]
    [InlineData("counts", "file: counts.csv", "zz: 1, file: counts.csv")]
    [InlineData("table", "file: areas.csv", "zz: 1, file: areas.csv")]
    [InlineData("table", "file: others.csv", "zz: 1, file: others.csv")]
    public void WordsOfAPart_AreThoseOfTheReader(string definition, string place, string with)
    {
        var schema = Definition(definition);
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        const string offer = "Remove it, or use one of: ";
        var remedy = Faults(Whole.ReplaceLineEndings("\n").Replace(place, with, StringComparison.Ordinal))
            .Select(f => f.Remedy).Single(r => r.StartsWith(offer, StringComparison.Ordinal));
        Assert.Equal(
            schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal),
            remedy[offer.Length..^1].Split(", "));
    }

    [Theory]
    [InlineData("", "dimensions")]
    [InlineData("", "tables")]
    [InlineData("", "protect_below")]
    [InlineData("levels", "file")]
    [InlineData("levels", "columns")]
    [InlineData("counts", "file")]
    [InlineData("counts", "columns")]
    [InlineData("counts", "count")]
    [InlineData("table", "columns")]
    public void RequiredWords_AreMissedByTheReader(string definition, string word)
    {
        Assert.Empty(Faults(Whole));
        Assert.Contains(
            Definition(definition).GetProperty("required").EnumerateArray(), r => r.GetString() == word);
        Assert.NotEmpty(Faults(Without(definition, word)));
    }

    [Fact]
    public void EveryRequiredWord_IsTried() => Assert.Equal(9, new[] { "", "dimension", "levels", "counts", "table" }
        .Sum(d => Definition(d).TryGetProperty("required", out var words) ? words.GetArrayLength() : 0));

    static string Without(string definition, string word) => (definition, word) switch
    {
        ("", "dimensions") => Whole[Whole.IndexOf("counts:", StringComparison.Ordinal)..],
        ("", "tables") => Whole[..Whole.IndexOf("tables:", StringComparison.Ordinal)],
        ("", _) => Whole.Replace("protect_below: 5", "", StringComparison.Ordinal),
        ("levels", "file") => Whole.Replace("file: lookup.csv, ", "", StringComparison.Ordinal),
        ("levels", _) => Whole.Replace(", columns: [lsoa, area]", "", StringComparison.Ordinal),
        ("counts", "file") => Whole.Replace("file: counts.csv, ", "", StringComparison.Ordinal),
        ("counts", "columns") => Whole.Replace("columns: { area: lsoa }, ", "", StringComparison.Ordinal),
        ("counts", _) => Whole.Replace(", count: n", "", StringComparison.Ordinal),
        _ => Whole.Replace("file: areas.csv, columns: { area: code }", "file: areas.csv", StringComparison.Ordinal),
    };

    static List<SpecFault> Faults(string yaml)
    {
        var faults = new List<SpecFault>();
        PublicationSpec.Parse(yaml, "spec.yaml", faults);
        return faults;
    }

    static JsonElement Definition(string name) =>
        name.Length == 0 ? Schema : Schema.GetProperty("$defs").GetProperty(name);
}
