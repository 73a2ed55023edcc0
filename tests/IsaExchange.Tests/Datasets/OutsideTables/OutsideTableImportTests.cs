using System.Security.Cryptography;
using IsaExchange.Datasets.OutsideTables;
using Xunit;

namespace IsaExchange.Tests.Datasets.OutsideTables;

/// <summary>A public table is taken whole, exactly as it was published, or not at all.</summary>
public sealed class OutsideTableImportTests : IDisposable
{
    const string Good = "lsoa,lsoa_lad,area,month,crime_type,value\n"
        + "E01000001,ALL,ALL,2018-10,burglary,3\nALL,E07000001,E22000001,ALL,ALL,0\n"
        + "not-stated,ALL,ALL,2018-11,drugs,7\n";

    readonly string _folder = Directory.CreateTempSubdirectory("isax-outside-").FullName;

    static OutsideTableCatalog Catalog =>
        new(TestDatasets.Catalog, TestDatasets.Lists, ["E22000001", "E22000002"]);

    string Tables => Path.Combine(_folder, "outside");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    OutsideTableResult Import(
        string csv, string id = "street", string source = "a \"paper\": 1", string? dataset = null)
    {
        var file = Path.Combine(_folder, "published.csv");
        File.WriteAllText(file, csv);
        return OutsideTableImport.Run(
            Catalog, Tables,
            new OutsideTable(id, dataset ?? "police-street-level", new DateOnly(2018, 10, 1), new DateOnly(2019, 1, 1),
                source, "", [], []),
            new FileInfo(file));
    }

    [Fact]
    public void Import_KeepsTheBytesAndLoadsAsImported()
    {
        var result = Import(Good);
        Assert.Equal((OutsideTableOutcome.Written, 0), (result.Outcome, result.Faults.Count));
        Assert.Equal(Good, File.ReadAllText(Path.Combine(Tables, "street", "table.csv")));
        var loaded = Assert.Single(Catalog.Load(Tables, out var faults));
        Assert.Empty(faults);
        Assert.Equal(
            ("street", "police-street-level", "a \"paper\": 1", new DateOnly(2018, 10, 1), new DateOnly(2019, 1, 1)),
            (loaded.Id, loaded.Dataset, loaded.Source, loaded.Start, loaded.EndExclusive));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Good))), loaded.Sha256);
        Assert.Equal(["lsoa", "lsoa_lad", "area", "month", "crime_type"], loaded.Dimensions);
        Assert.Equal([3, 0, 7], loaded.Rows.Select(r => r.Value));
        Assert.Equal(["E01000001", "ALL", "ALL", "2018-10", "burglary"], loaded.Rows[0].Codes);
    }

    [Fact]
    public void Import_OfTheSameAgainChangesNothing_AndOfAnotherIsRefused()
    {
        Import(Good);
        Assert.Equal(OutsideTableOutcome.Unchanged, Import(Good).Outcome);
        var other = Import(Good.Replace(",3\n", ",4\n", StringComparison.Ordinal));
        Assert.Equal(OutsideTableOutcome.Refused, other.Outcome);
        Assert.Equal(OutsideTableOutcome.Refused, Import(Good, source: "another").Outcome);
        Assert.Equal(Good, File.ReadAllText(Path.Combine(Tables, "street", "table.csv")));
    }

    [Theory]
    [InlineData("month,value\n2018-10,-1\n", 2, "not an exact count")]
    [InlineData("month,value\n2018-10,1\n2018-11,2.5\n", 3, "not an exact count")]
    [InlineData("month,value\n2018-10,<5\n", 2, "not an exact count")]
    [InlineData("month,value\n2018-10,[c]\n", 2, "not an exact count")]
    [InlineData("month,value\n2018-10,1e3\n", 2, "not an exact count")]
    [InlineData("month,value\n2018-10,\n", 2, "not an exact count")]
    [InlineData("month,value\n2018-10,9999999999999\n", 2, "not an exact count")]
    [InlineData("month,value\n2018-10,1\n2018-11,1\n2018-10,1\n", 4, "same cell as in line 2")]
    [InlineData("month,value\n2019-01,1\n", 2, "no code of 'month'")]
    [InlineData("area,value\nE22000009,1\n", 2, "no code of 'area'")]
    [InlineData("crime_type,value\ntreason,1\n", 2, "no code of 'crime_type'")]
    [InlineData("colour,value\nred,1\n", 1, "no dimension 'colour'")]
    [InlineData("month,month,value\n2018-10,2018-10,1\n", 1, "two columns 'month'")]
    [InlineData("month,count\n2018-10,1\n", 1, "no column 'value'")]
    [InlineData("month,value\n2018-10\n", 2, "as many fields as the header")]
    [InlineData("month,value\n", 0, "holds no numbers")]
    [InlineData("", 0, "is empty")]
    public void FileWithAFault_IsRefusedWithItsLineAndNothingIsWritten(string csv, int line, string because)
    {
        var result = Import(csv);
        Assert.Equal(OutsideTableOutcome.Refused, result.Outcome);
        var fault = Assert.Single(result.Faults, f => f.Message.Contains(because, StringComparison.Ordinal));
        Assert.Equal((line, "published.csv"), (fault.Line, fault.File));
        Assert.False(Directory.Exists(Tables));
    }

    [Theory]
    [InlineData("Street", "s", "police-street-level", "The id")]
    [InlineData("../street", "s", "police-street-level", "The id")]
    [InlineData("street", " ", "police-street-level", "The source")]
    [InlineData("street", "two\nlines", "police-street-level", "The source")]
    [InlineData("street", "s", "unicorns", "There is no dataset")]
    public void RequestThatCannotBe_IsRefused(string id, string source, string dataset, string because)
    {
        var result = Import(Good, id, source, dataset);
        Assert.StartsWith(because, Assert.Single(result.Faults).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Tables));
    }

    [Theory]
    [InlineData("table.csv", ",3\n", ",4\n", "another sha256")]
    [InlineData("table.yaml", "id: street", "id: road", "differs from the name of the folder")]
    [InlineData("table.yaml", "first_day: 2018-10-01", "first_day: 2019-10-01", "of which days")]
    [InlineData("table.yaml", "source: ", "colour: red\nsource: ", "colour")]
    public void TableThatWasChanged_IsNotLoaded(string file, string from, string to, string because)
    {
        Import(Good);
        var path = Path.Combine(Tables, "street", file);
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
        Assert.Empty(Catalog.Load(Tables, out var faults));
        Assert.Contains(because, Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatIsNotThere_HasNoTables()
    {
        Assert.Empty(Catalog.Load(Tables, out var faults));
        Assert.Empty(faults);
    }
}
