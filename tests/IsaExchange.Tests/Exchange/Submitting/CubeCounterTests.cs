using System.Buffers.Binary;
using System.Security.Cryptography;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Tests.Datasets;
using Xunit;

namespace IsaExchange.Tests.Exchange.Submitting;

/// <summary>What is counted while records arrive, against a count of the records one by one.</summary>
public sealed class CubeCounterTests
{
    const string Dataset = "police-street-level";

    static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    // Of no order, with neighbours that are equal, equal ones apart, none of any area, and codes that stand elsewhere in
    // their list than in the alphabet.
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
    public void Cells_HoldTheCountAndTheFingerprintsOfTheirRecords()
    {
        var expected = OneByOne().GroupBy(r => r.Place, StringComparer.Ordinal).ToDictionary(
            cell => cell.Key,
            cell => (cell.LongCount(), cell.Aggregate(UInt128.Zero, (sum, record) => sum + record.Fingerprint)),
            StringComparer.Ordinal);
        var counted = Count(Records).Cells.ToDictionary(Place, c => (c.Count, c.Fingerprint), StringComparer.Ordinal);
        Assert.Equal(expected, counted);
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

    static string Place(CubeCell cell) => string.Join('\t', [cell.Area, .. cell.Codes]);

    static byte[] Csv(string[] records) => System.Text.Encoding.UTF8.GetBytes(
        TestDatasets.StreetHeader + "\n" + string.Concat(records.Select((r, i) => $"{i + 1},{r}\n")));

    static Cube Count(string[] records)
    {
        using var counter = new CubeCounter(TestDatasets.Street, Key);
        TestDatasets.Street.Validate(Csv(records), sink: counter);
        return counter.ToCube(Dataset);
    }

    static IEnumerable<(string Place, UInt128 Fingerprint)> OneByOne()
    {
        var plan = TestDatasets.Street;
        var sink = new RecordingSink();
        plan.Validate(Csv(Records), sink: sink);
        foreach (var record in sink.Records)
        {
            var codes = record.Dimensions.Select((at, d) => at < 0 ? "" : plan.Dimensions[d].Codes[at]);
            var mac = HMACSHA256.HashData(Key, record.Canonical);
            yield return (
                string.Join('\t', [record.Area < 0 ? "" : plan.Areas[record.Area], .. codes]),
                BinaryPrimitives.ReadUInt128LittleEndian(mac));
        }
    }
}
