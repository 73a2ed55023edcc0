using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.ReleaseReaders;

/// <summary>
/// No validator of CSVW can be had from the registries that this project uses, so the rules stand in
/// <see cref="CsvwRules"/>; each is shown to find what it is there for.
/// </summary>
public sealed class CsvwFileTests
{
    public static TheoryData<string> Tables => ["area-by-group", "by-month", "coverage"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Metadata_KeepsTheRulesOfW3cAndTheCsvKeepsTheMetadata(string table) =>
        Assert.Empty(Faults(Metadata(table), Csv(table), table));

    [Theory]
    [InlineData("test060", "dialect", "delimiter", "5")]
    [InlineData("test061", "dialect", "doubleQuote", "\"yes\"")]
    [InlineData("test062", "dialect", "encoding", "true")]
    [InlineData("test063", "dialect", "header", "\"yes\"")]
    [InlineData("test065", "dialect", "headerRowCount", "\"1\"")]
    [InlineData("test066", "dialect", "lineTerminators", "1")]
    [InlineData("test067", "dialect", "quoteChar", "1")]
    [InlineData("test068", "dialect", "skipBlankRows", "1")]
    [InlineData("test072", "dialect", "trim", "1")]
    [InlineData("test093", "dialect", "separator", "\",\"")]
    [InlineData("test106", "", "dialect", "1")]
    [InlineData("test084", "", "@type", "\"Schema\"")]
    [InlineData("test090", "", "url", "1")]
    [InlineData("test117", "", "url", "\"other.csv\"")]
    [InlineData("test093", "", "foo", "1")]
    [InlineData("Metadata 5.8 prefix", "", "foaf:name", "1")]
    [InlineData("Metadata 5.8 @value", "", "dc:issued", """{ "@value": [1] }""")]
    [InlineData("Metadata 5.4.2 notes", "", "notes", "1")]
    [InlineData("test107", "", "tableSchema", "1")]
    [InlineData("test100", "tableSchema", "columns", "1")]
    [InlineData("test096", "tableSchema", "columns", "[1]")]
    [InlineData("test105", "tableSchema", "primaryKey", """["unknown"]""")]
    [InlineData("test073", "", "@context", """["http://www.w3.org/ns/csvw", { "@language": "1" }]""")]
    [InlineData("Metadata 5.2 @context", "", "@context", "\"http://example.org\"")]
    [InlineData("Model 6.6 primary key", "tableSchema", "primaryKey", """["area"]""")]
    public void MetadataAltered_IsFound(string rule, string within, string name, string instead)
    {
        var metadata = Metadata("area-by-group");
        var at = within.Length == 0 ? metadata : metadata[within]!.AsObject();
        at[name] = JsonNode.Parse(instead);
        Assert.Contains(rule, Faults(metadata, Csv("area-by-group"), "area-by-group"));
    }

    [Theory]
    [InlineData("test111", "area", "titles", "1")]
    [InlineData("test124", "area", "titles", "\"Area\"")]
    [InlineData("test114", "area", "name", "\"_area\"")]
    [InlineData("test093", "area", "width", "1")]
    [InlineData("Metadata 5.7 required", "area", "required", "\"yes\"")]
    [InlineData("Metadata 5.7 null", "count", "null", "1")]
    [InlineData("Metadata 5.11 datatypes", "value", "datatype", "\"whole\"")]
    [InlineData("Metadata 5.6 name", "area", "name", "\"value\"")]
    [InlineData("test125", "value", "required", "true")]
    [InlineData("test125", "count", "required", "true")]
    [InlineData("Model 6.4 datatype", "count", "datatype", """{ "base": "integer", "minimum": 1 }""")]
    [InlineData("Model 6.4 datatype", "status", "datatype", """{ "base": "string", "format": "^shown$" }""")]
    [InlineData("Model 6.4 datatype", "first_day", "datatype", """{ "base": "date", "format": "dd/MM/yyyy" }""")]
    public void ColumnAltered_IsFound(string rule, string column, string name, string instead)
    {
        var metadata = Metadata("area-by-group");
        metadata["tableSchema"]!["columns"]!.AsArray().Single(c => (string?)c!["name"] == column)![name] =
            JsonNode.Parse(instead);
        Assert.Contains(rule, Faults(metadata, Csv("area-by-group"), "area-by-group"));
    }

    [Theory]
    [InlineData("test091", ",58,58\n", ",58\n")]
    [InlineData("test124", "area_title", "area title")]
    [InlineData("test125", "shown", "")]
    [InlineData("Model 6.4 datatype", "2026-07-01", "2026-7-1")]
    [InlineData("Model 6.4 datatype", ",held,", ",hidden,")]
    [InlineData("Model 6.4 datatype", ",58,58\n", ",58,5 8\n")]
    [InlineData("Model 6.6 primary key", "X22000002", "X22000001")]
    public void CsvAltered_IsFound(string rule, string passage, string instead) => Assert.Contains(rule, Faults(
        Metadata("area-by-group"), Csv("area-by-group").Replace(passage, instead, StringComparison.Ordinal),
        "area-by-group"));

    [Fact]
    public void DataPackage_IsReadByAnotherLibrary()
    {
        FrictionlessLibrary.Require();
        var folder = Directory.CreateTempSubdirectory("isax-package-").FullName;
        try
        {
            var package = JsonNode.Parse(SampleRelease.File("datapackage.json").Content)!;
            foreach (var resource in package["resources"]!.AsArray())
            {
                var name = (string)resource!["name"]!;
                File.WriteAllText(
                    Path.Combine(folder, name + ".schema.json"), resource["schema"]!.ToJsonString());
                File.WriteAllText(Path.Combine(folder, name + ".written.csv"), Csv(name));
                File.WriteAllText(
                    Path.Combine(folder, name + ".altered.csv"),
                    Csv(name).Replace("missing", "absent", StringComparison.Ordinal));
            }

            var answers = FrictionlessLibrary.Ask(folder);
            Assert.Equal(3, answers.Count);
            Assert.All(answers.Values, answer => Assert.Empty(answer.Errors));
            Assert.All(answers.Values, answer => Assert.Empty(answer.Files["written.csv"]));
            Assert.NotEmpty(answers["area-by-group"].Files["altered.csv"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static IReadOnlyList<string> Faults(JsonObject metadata, string csv, string table)
    {
        using var parsed = JsonDocument.Parse(metadata.ToJsonString());
        return CsvwRules.Faults(parsed.RootElement, table + ".csv", csv);
    }

    static JsonObject Metadata(string table) =>
        JsonNode.Parse(SampleRelease.File(table + ".csv-metadata.json").Content)!.AsObject();

    static string Csv(string table) => Encoding.UTF8.GetString(SampleRelease.File(table + ".csv").Content);
}
