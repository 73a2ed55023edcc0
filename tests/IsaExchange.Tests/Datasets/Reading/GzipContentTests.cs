using System.Globalization;
using System.IO.Compression;
using System.Text;
using IsaExchange.Datasets.Reading;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Reading;

/// <summary>A dataset packed by gzip is the dataset; what is not whole, or grows beyond tables, is refused.</summary>
public sealed class GzipContentTests
{
    const string Records = TestDatasets.StreetHeader
        + "\n1,2018-10,burglary,E01000001\n2,2018-11,drugs,E01000002\n3,2018-12,robbery,\n";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Packed_IsReportedAsTheContentIs(int chunk)
    {
        var plain = TestDatasets.Street.Validate(Records);
        var packed = TestDatasets.Street.Validate(Pack(Records), chunk);
        Assert.Equal(3, packed.AcceptedCount);
        Assert.Equal(plain.Places(), packed.Places());
        Assert.False(packed.HasErrors);
    }

    [Fact]
    public void FaultInside_HasItsPlaceInTheContent()
    {
        var report = TestDatasets.Street.Validate(Pack(Records.Replace("drugs", "drug", StringComparison.Ordinal)));
        Assert.Contains("C301 3/2/3 crime_type", report.Places());
    }

    [Fact]
    public void ByteOrderMarkInside_IsRemoved() =>
        Assert.Contains("F009 1/-1/0", TestDatasets.Street.Validate(Pack("\uFEFF" + Records)).Places());

    [Fact]
    public void CutAnywhere_IsDamaged()
    {
        var whole = Pack(Records);
        for (var length = 2; length < whole.Length; length++)
            AssertRefused("F022", whole[..length]);
    }

    [Fact]
    public void AnyBitFlippedBehindTheHeader_IsNeverAccepted()
    {
        var whole = Pack(Records);
        for (var at = 10; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x10;
            Assert.True(TestDatasets.Street.Validate(damaged).HasErrors, $"byte {at}");
        }
    }

    /// <summary>How many records come out before the damage depends on the pieces; what is told does not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(int.MaxValue)]
    public void Damaged_IsTheOnlyThingReported(int chunk)
    {
        byte[] damaged = [.. Pack(Records.Replace("drugs", "drug", StringComparison.Ordinal)), .. Pack(Records)];
        damaged[^4] ^= 1;
        var report = TestDatasets.Street.Validate(damaged, chunk);
        Assert.Equal(["F022 0/-1/0"], report.Places());
        Assert.Equal((0, 0, 1), (report.RecordCount, report.AcceptedCount, report.ErrorCount));
    }

    [Fact]
    public void SomethingBehindTheMember_IsNotPassedOver()
    {
        AssertRefused("F022", [.. Pack(Records), .. "more"u8]);
        AssertRefused("F022", [.. Pack(Records), 0, 0, 0, 0]);
        AssertRefused("F022", [.. Pack(Records), .. Encoding.UTF8.GetBytes(Records)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void SeveralMembers_AreOneContentHoweverTheyArrive(int chunk)
    {
        var report = TestDatasets.Street.Validate(
            [.. Pack(Records), .. Pack("4,2018-10,burglary,E01000001\n")], chunk);
        Assert.Equal(4, report.AcceptedCount);
        Assert.False(report.HasErrors);
    }

    /// <summary>Behind eight bytes of the second member's header the last four are 0, a length that fits.</summary>
    [Fact]
    public void SeveralMembersCutAnywhere_AreDamaged()
    {
        var first = Pack(Records);
        byte[] whole = [.. first, .. Pack("4,2018-10,burglary,E01000001\n")];
        for (var length = 2; length < whole.Length; length++)
        {
            if (length != first.Length)
                AssertRefused("F022", whole[..length]);
        }
    }

    /// <summary>Stored and not compressed: so what comes out before the cut ends with a record.</summary>
    [Fact]
    public void LongFileCutBehindARecord_IsDamaged()
    {
        var text = new StringBuilder(TestDatasets.StreetHeader).Append('\n');
        for (var row = 1; text.Length < 200_000; row++)
            text.Append(CultureInfo.InvariantCulture, $"{row},2018-10,burglary,E01000001\n");
        byte[] whole =
        [
            .. Pack(Encoding.UTF8.GetBytes(text.ToString()), CompressionLevel.NoCompression),
            .. Pack("1,2018-10,burglary,E01000001\n"),
        ];
        for (var piece = 1; piece <= 3; piece++)
            AssertRefused("F022", whole[..(whole.AsSpan(0, piece * 60_000).LastIndexOf((byte)'\n') + 1)]);
    }

    [Fact]
    public void PackedTwice_IsNotText() => AssertRefused("F004", Pack(Pack(Records)));

    [Fact]
    public void Bomb_IsGivenUpLongBeforeItsEnd()
    {
        var bomb = Pack(new byte[256 << 20]);
        Assert.True(bomb.Length < 300_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var report = TestDatasets.Street.Validate(bomb);
        Assert.True(report.HasErrors && report.StoppedEarly);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
    }

    [Fact]
    public void RecordsThatGrowBeyondAllTables_AreRefused()
    {
        var text = new StringBuilder(TestDatasets.StreetHeader).Append('\n');
        while (text.Length < PackedLimits.RatioFrom * 2)
            text.Append("1,2018-10,burglary,E01000001\n", 0, 29);
        AssertRefused("F023", Pack(text.ToString()));
    }

    [Theory]
    [InlineData(0, "F023")]
    [InlineData(1, "")]
    public void BudgetOfThePlan_IsThatOfWhatComesOut(int more, string rule)
    {
        var length = Encoding.UTF8.GetByteCount(Records);
        var plan = TestDatasets.Plan("police-street-level", new() { MaxUnpackedBytes = length - 1 + more });
        var report = plan.Validate(Pack(Records), 7);
        Assert.Equal(rule.Length == 0 ? [] : [rule], report.Groups.Where(g => g.Severity == Severity.Error)
            .Select(g => g.Rule));
        Assert.False(plan.Validate(Records).HasErrors);
    }

    [Fact]
    public void Empty_IsDamaged()
    {
        AssertRefused("F022", [0x1F, 0x8B]);
        AssertRefused("F001", Pack(""));
    }

    static void AssertRefused(string rule, byte[] content)
    {
        var report = TestDatasets.Street.Validate(content);
        Assert.True(report.HasErrors);
        Assert.Contains(report.Violations, v => v.Rule == rule);
    }

    static byte[] Pack(string text) => Pack(Encoding.UTF8.GetBytes(text));

    static byte[] Pack(byte[] content, CompressionLevel level = CompressionLevel.SmallestSize)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }
}
