using System.Globalization;
using System.Text.Json;
using IsaExchange.Datasets.Specs;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Specs;

/// <summary>What is exported says to others what the validator says here, as far as Table Schema can say it.</summary>
public sealed class TableSchemaExportTests
{
    // What a value must be by itself: type, required, bounds, codes written in the specification, shape.
    static readonly string[] Expressible = ["T201", "T202", "T203", "T204", "T205", "T206", "T207", "C301"];

    static readonly Lazy<IReadOnlyDictionary<string, FrictionlessAnswer>> Said = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("isax-frictionless-").FullName;
        try
        {
            foreach (var spec in TestDatasets.Catalog.All)
            {
                File.WriteAllText(
                    Path.Combine(folder, spec.Id + ".schema.json"), TableSchemaExport.TableSchema(spec));
                foreach (var kind in new[] { "valid.csv", "invalid.csv" })
                {
                    File.WriteAllBytes(
                        Path.Combine(folder, $"{spec.Id}.{kind}"), ExampleFilesTests.Read(spec.Id, kind));
                }
            }

            return FrictionlessLibrary.Ask(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    public static TheoryData<string> Datasets => ExampleFilesTests.Datasets;

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Descriptor_IsValidToAnotherLibrary(string dataset)
    {
        FrictionlessLibrary.Require();
        Assert.Empty(Said.Value[dataset].Errors);
        Assert.True(Said.Value[dataset].Valid);
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Examples_AreRefusedByAnotherLibraryWhereTableSchemaCanSayIt(string dataset)
    {
        FrictionlessLibrary.Require();
        var files = Said.Value[dataset].Files;
        Assert.Empty(files["valid.csv"]);
        var report = ExampleFilesTests.Plan(TestDatasets.Catalog.Find(dataset)!)
            .Validate(ExampleFilesTests.Read(dataset, "invalid.csv"));
        var ours = report.Violations.Where(v => v.Column > 0).ToLookup(
            v => string.Create(CultureInfo.InvariantCulture, $"{v.Line},{v.Column}"), v => v.Rule,
            StringComparer.Ordinal);
        var theirs = files["invalid.csv"];
        Assert.All(theirs, cell => Assert.True(ours.Contains(cell), cell));
        Assert.Empty(ours.Where(cell => cell.Any(rule => Expressible.Contains(rule)))
            .Select(cell => cell.Key).Except(theirs, StringComparer.Ordinal));
    }

    [Fact]
    public void Examples_MakeAnotherLibraryRefuseSomething()
    {
        FrictionlessLibrary.Require();
        Assert.True(Said.Value.Values.Sum(answer => answer.Files["invalid.csv"].Count) > 40);
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void DataPackage_HoldsTheTableSchema(string dataset)
    {
        var spec = TestDatasets.Catalog.Find(dataset)!;
        using var package = JsonDocument.Parse(TableSchemaExport.DataPackage(spec));
        using var schema = JsonDocument.Parse(TableSchemaExport.TableSchema(spec));
        Assert.Equal(dataset, package.RootElement.GetProperty("name").GetString());
        var resource = package.RootElement.GetProperty("resources")[0];
        Assert.Equal($"{dataset}.csv", resource.GetProperty("path").GetString());
        Assert.True(JsonElement.DeepEquals(schema.RootElement, resource.GetProperty("schema")));
    }

    [Fact]
    public void OurOwnWords_StandBelowOnePropertyOfOurs()
    {
        string[] known = ["name", "type", "format", "title", "description", "constraints", "categories", "isaexchange"];
        string[] constraints = ["required", "unique", "minimum", "maximum", "maxLength", "pattern", "enum"];
        foreach (var spec in TestDatasets.Catalog.All)
        {
            using var schema = JsonDocument.Parse(TableSchemaExport.TableSchema(spec));
            Assert.Equal(
                ["$schema", "fieldsMatch", "missingValues", "fields", "isaexchange"],
                schema.RootElement.EnumerateObject().Select(p => p.Name));
            foreach (var field in schema.RootElement.GetProperty("fields").EnumerateArray())
            {
                Assert.Subset(known.ToHashSet(), field.EnumerateObject().Select(p => p.Name).ToHashSet());
                Assert.Subset(constraints.ToHashSet(),
                    field.GetProperty("constraints").EnumerateObject().Select(p => p.Name).ToHashSet());
            }
        }
    }
}
