using System.Buffers.Binary;
using System.Security.Cryptography;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Tests.Datasets;
using IsaExchange.Tests.Datasets.Specs;
using IsaExchange.Tests.Exchange.Queries;
using Xunit;

namespace IsaExchange.Tests.Exchange.Submitting;

/// <summary>What is counted while records arrive, against a count of the records one by one.</summary>
public sealed class CubeCounterTests
{
    const string Dataset = "police-street-level";

    static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    // Of no order, with neighbours that are equal, equal ones apart, none of any area, and codes that stand elsewhere
    // in their list than in the alphabet.
    static readonly string[] Records =
    [
        "2018-12,vehicle-crime,E01000003", "2018-10,drugs,E01000001", "2018-10,drugs,E01000001",
        "2018-11,burglary,E01000009", "2018-10,drugs,", "2018-10,anti-social-behaviour,E01000002",
        "2018-12,vehicle-crime,E01000003", "2018-11,drugs,E01000001", "2018-10,drugs,E01000001",
        "2018-10,theft-from-the-person,E01000003", "2018-10,drugs,E01000010", "2018-11,burglary,E01000001",
    ];

    [Fact]
    public void Cells_StandInOrdinalOrderOfAreaAndCodes()
    {
        var cells = Count(Records).Cells.Select(Place).ToArray();
        Assert.Equal(cells.Order(StringComparer.Ordinal), cells);
        Assert.Equal(9, cells.Length);
    }

    [Fact]
    public void Cells_HoldTheCountAndTheFingerprintsOfTheirRecords() =>
        AssertOneByOne(TestDatasets.Street, Csv(Records));

    /// <summary>Whether its records say more than their cell does or not: twice over, so that equal ones come apart.
    /// </summary>
    [Theory]
    [MemberData(nameof(ExampleFilesTests.Datasets), MemberType = typeof(ExampleFilesTests))]
    public void EveryDataset_IsCountedAsItsRecordsAreOneByOne(string dataset)
    {
        var spec = TestDatasets.Catalog.Find(dataset)!;
        var lines = System.Text.Encoding.UTF8.GetString(ExampleFilesTests.Read(dataset, "valid.csv"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var number = Array.FindIndex(lines[0].Split(','), name => spec.Fields.Any(f => f.Sequence && f.Name == name));
        string[] each = spec.CountField is not null
            ? lines[1..] : [.. lines[1..], .. lines[1..].SelectMany(r => (string[])[r, r])];
        var records = each.Select((record, i) => Numbered(record, number, i + 1));
        AssertOneByOne(ExampleFilesTests.Plan(spec), System.Text.Encoding.UTF8.GetBytes(
            string.Join('\n', records.Prepend(lines[0])) + "\n"));
    }

    static string Numbered(string record, int column, int number)
    {
        var cells = record.Split(',');
        if (column >= 0)
            cells[column] = $"{number}";
        return string.Join(',', cells);
    }

    [Theory]
    [InlineData("police-street-level", true)]
    [InlineData("police-recorded-crime", false)]
    [InlineData("health-counts", false)]
    public void CellSaysAll_OnlyWhereNoFieldSaysMore(string dataset, bool expected) =>
        Assert.Equal(expected, ExampleFilesTests.Plan(TestDatasets.Catalog.Find(dataset)!).CellSaysAll);

    [Fact]
    public void Grid_IsMadeOnlyWhereItsCellsFitMemory()
    {
        static CubeDimension Of(int codes) => new("d", [.. Enumerable.Range(0, codes).Select(i => $"{i}")], []);
        Assert.Null(CellGrid.Over([]));
        Assert.NotNull(CellGrid.Over([Of(14), Of(12), Of(35_000)]));
        Assert.Null(CellGrid.Over([Of(200), Of(200), Of(1_000)]));
    }

    [Fact]
    public void SameRecordsInAnotherOrder_AreTheSameCube()
    {
        var cube = CubeFile.Write(Count(Records)).ToArray();
        Assert.Equal(cube, CubeFile.Write(Count([.. Records.Reverse()])).ToArray());
        Assert.NotEqual(cube, CubeFile.Write(Count(Records[1..])).ToArray());
    }

    [Fact]
    public async Task WrittenAndRead_IsTheSameCube()
    {
        var cube = Count(Records);
        using var content = new MemoryStream(CubeFile.Write(cube).ToArray());
        var read = await CubeFile.ReadAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal((Dataset, (long)Records.Length), (read.Dataset, read.Records));
        Assert.Equal(cube.Dimensions, read.Dimensions);
        Assert.Equal(
            cube.Cells.Select(c => (Place(c), c.Count, c.Fingerprint)),
            read.Cells.Select(c => (Place(c), c.Count, c.Fingerprint)));
    }

    [Fact]
    public async Task FiguresOfACube_AreReadFromItsFirstLines_AndACubeOfVersion1IsRefused()
    {
        var cube = QueryStage.Located(Count(Records), new LocationQuality(2, 1, 4));
        var whole = CubeFile.Write(cube).ToArray();
        var begin = System.Text.Encoding.UTF8.GetString(whole).IndexOf("dimensions ", StringComparison.Ordinal);
        using var head = new MemoryStream(whole[..begin]);
        Assert.Equal(
            cube.Figures, await CubeFile.ReadFiguresAsync(head, TestContext.Current.CancellationToken));

        whole["isaexchange-cube v".Length] = (byte)'1';
        using var old = new MemoryStream(whole);
        await Assert.ThrowsAsync<InvalidDataException>(
            () => CubeFile.ReadAsync(old, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("25783 4 9120 6148 8000 12000 5 12000 lsoa 129 type 700 month 4000")]
    [InlineData("3 0 3 3 3 3 2 3 age -")]
    public void RiskOfRecords_IsReadAsItIsWritten(string line) =>
        Assert.Equal(line, RiskLine.Write(RiskLine.Read(line)));

    [Theory]
    [InlineData("")]
    [InlineData("1 2 3")]
    [InlineData("3 0 3 3 3 3 2 3")]
    [InlineData("3 0 3 3 3 3 2 3 age")]
    [InlineData("3 0 3 3 3 3 2 -3 age 1")]
    [InlineData("3 0 3 3 3 3 2 3 age one")]
    public void AnythingElse_IsNoRisk(string line) => Assert.Throws<InvalidDataException>(() => RiskLine.Read(line));

    static string Place(CubeCell cell) => string.Join('\t', [cell.Area, .. cell.Codes]);

    static byte[] Csv(string[] records) => System.Text.Encoding.UTF8.GetBytes(
        TestDatasets.StreetHeader + "\n" + string.Concat(records.Select((r, i) => $"{i + 1},{r}\n")));

    static Cube Count(string[] records)
    {
        using var counter = new CubeCounter(TestDatasets.Street, Key);
        TestDatasets.Street.Validate(Csv(records), sink: counter);
        return counter.ToCube(Dataset);
    }

    static void AssertOneByOne(ValidationPlan plan, byte[] csv)
    {
        var expected = OneByOne(plan, csv).GroupBy(r => r.Place, StringComparer.Ordinal).ToDictionary(
            cell => cell.Key,
            cell => (
                cell.Sum(record => record.Count),
                cell.Aggregate(UInt128.Zero, (sum, record) => unchecked(sum + record.Fingerprint))),
            StringComparer.Ordinal);
        using var counter = new CubeCounter(plan, Key);
        Assert.False(plan.Validate(csv, sink: counter).HasErrors);
        var cube = counter.ToCube(plan.Spec.Id);
        Assert.NotEmpty(expected);
        Assert.Equal(
            expected, cube.Cells.ToDictionary(Place, c => (c.Count, c.Fingerprint), StringComparer.Ordinal));
    }

    static IEnumerable<(string Place, long Count, UInt128 Fingerprint)> OneByOne(ValidationPlan plan, byte[] csv)
    {
        var sink = new RecordingSink();
        plan.Validate(csv, sink: sink);
        foreach (var record in sink.Records)
        {
            var codes = record.Dimensions.Select((at, d) => at < 0 ? "" : plan.Dimensions[d].Codes[at]);
            var mac = HMACSHA256.HashData(Key, record.Canonical);
            yield return (
                string.Join('\t', [record.Area < 0 ? "" : plan.Areas[record.Area], .. codes]), record.Count,
                BinaryPrimitives.ReadUInt128LittleEndian(mac));
        }
    }
}
