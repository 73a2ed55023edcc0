using System.Security.Cryptography;
using IsaExchange.DisclosureControl.Rounding;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Rounding;

public class StickyRoundingTests
{
    static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void EveryCount_IsPublishedAsAMultipleOf5WithinFour()
    {
        using var rounding = New();
        for (var n = 0L; n < 2_000; n++)
        {
            var published = rounding.Round($"cell {n}", n, Records(n));
            Assert.Equal(0, published % 5);
            Assert.InRange(published, Math.Max(0, n - 4), n + 4);
        }
    }

    [Fact]
    public void Zero_IsPublishedAsZero()
    {
        using var rounding = New();
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(0, rounding.Round($"{i}", 0, Records(i))));
    }

    [Fact]
    public void CellsThatWereEmpty_HaveNoOffsetInCommon()
    {
        using var rounding = New();
        for (var i = 0; i < 100; i++)
            rounding.Round($"{i}", 0, UInt128.Zero);
        Assert.Empty(rounding.Offsets);
        for (var i = 0; i < 100; i++)
            rounding.Round($"{i}", 3, Records(i));
        Assert.Equal(5, rounding.Offsets.Values.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(23)]
    public void OverManyCells_RoundingIsUnbiased(int count)
    {
        const int Cells = 20_000;
        using var rounding = New();
        var mean = Enumerable.Range(0, Cells).Average(i => rounding.Round($"{i}", count, Records(i)));

        // One rounding strays by at most 2.5 from its mean, so the mean of so many by 0.1 once in a million times.
        Assert.InRange(mean, count - 0.1, count + 0.1);
    }

    [Fact]
    public void CellWhoseRecordsChange_KeepsItsOffset()
    {
        using var rounding = New();
        var before = 0L;
        var steps = new List<long>();
        for (var n = 0L; n <= 40; n++)
        {
            // Every revision has other records: only the offset, once drawn, ties them together.
            var published = rounding.Round("cell", n, Records(1_000 + n));
            Assert.InRange(published - before, 0, 5);
            if (published > before)
                steps.Add(n);
            before = published;
        }

        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.Equal(5, pair.Second - pair.First));
    }

    [Fact]
    public void ThirtyTwoRevisionsAveraged_NameTheCountNoMoreOftenThanOne()
    {
        const int Cells = 2_000;
        var (sticky, redrawn) = (0, 0);
        using var kept = New();
        for (var cell = 0; cell < Cells; cell++)
        {
            var count = 5 + (cell % 20);
            var (ofKept, ofRedrawn) = (new List<long>(), new List<long>());
            for (var revision = 0; revision < 32; revision++)
            {
                var records = Records((cell * 100L) + revision);
                ofKept.Add(kept.Round($"{cell}", count, records));
                using var fresh = New();
                ofRedrawn.Add(fresh.Round($"{cell}", count, records));
            }

            sticky += (long)Math.Round(ofKept.Average()) == count ? 1 : 0;
            redrawn += (long)Math.Round(ofRedrawn.Average()) == count ? 1 : 0;
        }

        Assert.InRange(sticky / (double)Cells, 0, 0.3);
        Assert.InRange(redrawn / (double)Cells, 0.6, 1);
    }

    [Fact]
    public void CellsWithTheSameRecords_ArePublishedAsTheSameNumber()
    {
        using var rounding = New();
        for (var i = 0; i < 500; i++)
        {
            var (count, records) = (1 + (i % 9), Records(i));
            Assert.Equal(rounding.Round($"area {i}", count, records), rounding.Round($"all of {i}", count, records));
        }
    }

    [Fact]
    public void WhoeverInsertsRecordsOfTheirOwn_LearnsNoMoreThanCountAndOffsetTogether()
    {
        for (var count = 1L; count < 12; count++)
        {
            using var drawn = New();
            drawn.Round("cell", count, Records(0));
            var both = count + drawn.Offsets["cell"];
            var curve = Curve(count);
            var candidates = Enumerable.Range(0, 30).SelectMany(n => Enumerable.Range(0, 5).Select(o => (n, o)))
                .Where(c => curve.Select((v, k) => (v, k)).All(x => x.v == (c.n + c.o + x.k) / 5 * 5))
                .Select(c => c.n).Distinct();
            Assert.Equal(Math.Min(5, both + 1), candidates.Count());
        }

        long[] Curve(long count)
        {
            using var rounding = New();
            return [.. Enumerable.Range(0, 25).Select(k => rounding.Round("cell", count + k, Records(k)))];
        }
    }

    [Fact]
    public void OffsetsThatAreKept_AreTheOnesThatArePublishedAgain()
    {
        using var first = New();
        var published = Enumerable.Range(0, 100).Select(i => first.Round($"{i}", 3 + i, Records(i))).ToList();
        using var later = new StickyRounding(RandomNumberGenerator.GetBytes(32), "fires", first.Offsets);
        Assert.Equal(published, Enumerable.Range(0, 100).Select(i => later.Round($"{i}", 3 + i, Records(7_000 + i))));
    }

    [Fact]
    public void OtherDatasets_HaveOtherOffsets()
    {
        using var fires = New();
        using var crimes = new StickyRounding(Key, "crimes", new Dictionary<string, byte>());
        Assert.Contains(
            Enumerable.Range(0, 50), i => fires.Round($"{i}", 3, Records(i)) != crimes.Round($"{i}", 3, Records(i)));
    }

    [Fact]
    public void ShortKey_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new StickyRounding(new byte[16], "d", new Dictionary<string, byte>()));

    static StickyRounding New() => new(Key, "fires", new Dictionary<string, byte>());

    static UInt128 Records(long i) => new((ulong)i * 0x9E3779B97F4A7C15, (ulong)i + 1);
}
