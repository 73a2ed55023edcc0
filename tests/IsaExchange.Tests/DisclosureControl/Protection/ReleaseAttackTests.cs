using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.DisclosureControl.Rounding;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Protection;

/// <summary>What somebody tries who reads, compares and resubmits; and what must not matter.</summary>
public class ReleaseAttackTests
{
    const int Areas = 10;
    const int Types = 4;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void OneRecordMore_MovesARoundedCellByNoneOrOneStep()
    {
        var world = World(seed: 1);
        using var rounding = NewRounding();
        var before = TableProtection.Run(Exact(world), ProtectionProfile.Standard, rounding, ct: Stop);
        for (var at = 0; at < world.Length; at += 7)
        {
            var more = (long[])world.Clone();
            more[at]++;
            using var kept = new StickyRounding(new byte[32], "attacks", rounding.Offsets);
            var after = TableProtection.Run(Exact(more), ProtectionProfile.Standard, kept, ct: Stop);
            Assert.All(before.Cells.Zip(after.Cells).Where(c => c is { First.Value: not null, Second.Value: not null }),
                c => Assert.Contains(c.Second.Value!.Value - c.First.Value!.Value, new long[] { 0, 5 }));
        }
    }

    [Fact]
    public void ExactReleasesBeforeAndAfterOneRecordMore_TellThatRecordsCell()
    {
        // Who sees 20 become 21 has seen a count of one: an exact number whose change is small must be held.
        KnownSum before = new("before", [0, 1], 20, 20), after = new("after", [0, 1, 2], 21, 21);
        var change = new KnownSum("change", [2], 0, null) { ProtectedWidth = 3 };
        AttackerKnowledge Seen(KnownSum second) => new([before, second, change], [12, 8, 1]);
        Assert.False(IntervalChecker.Check(Seen(after), ct: Stop).Report.IsSafe);
        Assert.True(IntervalChecker.Check(Seen(after with { Lo = 20, Hi = null }), ct: Stop).Report.IsSafe);
    }

    [Theory]
    [InlineData(ProtectionProfile.Suppression)]
    [InlineData(ProtectionProfile.StickyRounding)]
    public void TablesThatAgreeWithWhatIsPublished_AreTwoAtLeastForEveryProtectedCell(string regime)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var exact = Exact(World(seed));
            var release = Publish(exact, regime);
            var witnesses = release.Check.Certificate.Witnesses;
            var tables = release.Check.Certificate.Tables.Select(t => t.Counts(exact.Truth)).ToList();
            Assert.True(release.Check.Report.IsSafe);
            foreach (var witness in witnesses)
            {
                var unknowns = exact.Sums[witness.Sum].Unknowns;
                var ends = new[] { witness.LowTable, witness.HighTable }.Select(t => unknowns.Sum(u => tables[t][u]));
                Assert.True(ends.Distinct().Count() == 2);
            }

            // Added up anew, by what was published and by nothing of the check.
            Assert.All(tables, table => Assert.All(exact.Sums.Zip(release.Cells), c =>
                Assert.InRange(c.First.Unknowns.Sum(u => table[u]), c.Second.Lo, c.Second.Hi ?? long.MaxValue)));
        }
    }

    [Theory]
    [InlineData(ProtectionProfile.Suppression)]
    [InlineData(ProtectionProfile.StickyRounding)]
    public void TwoReleases_HaveOneGridAndOneMark(string regime)
    {
        var (one, other) = (Publish(Exact(World(3)), regime), Publish(Exact(World(4)), regime));
        Assert.Equal(one.Cells.Count, other.Cells.Count);
        Assert.All((ProtectedCells[])[one, other], release =>
            Assert.InRange(release.Cells.Where(c => c.Value is null).Distinct().Count(), 0, 1));
        Assert.All(one.Cells.Concat(other.Cells), c => Assert.Equal(c.Value is null, c.Status == CellStatus.Few));
    }

    [Theory]
    [InlineData(ProtectionProfile.Suppression)]
    [InlineData(ProtectionProfile.StickyRounding)]
    public void SameCountsAgain_AreTheSameRelease(string regime)
    {
        var (one, other) = (Publish(Exact(World(5)), regime), Publish(Exact(World(5)), regime));
        Assert.Equal(one.Cells, other.Cells);
        Assert.Equivalent(one.Check.Certificate, other.Check.Certificate, strict: true);
    }

    [Fact]
    public void AreasOfOtherNames_AreRoundedToTheSameNumbers()
    {
        var world = World(6);
        Assert.Equal(
            Publish(Exact(world), ProtectionProfile.StickyRounding).Cells,
            Publish(Exact(world, "renamed"), ProtectionProfile.StickyRounding).Cells);
        Assert.Equal(
            Publish(Exact(world), ProtectionProfile.Suppression).Cells,
            Publish(Exact(world, "renamed"), ProtectionProfile.Suppression).Cells);
    }

    [Fact]
    public void AreasInAnotherOrder_AreRoundedToTheSameNumbers()
    {
        var world = World(7);
        var turned = world.Chunk(Types).Reverse().SelectMany(area => area).ToArray();
        var (one, other) = (
            Publish(Exact(world), ProtectionProfile.StickyRounding),
            Publish(Exact(turned), ProtectionProfile.StickyRounding));
        Assert.True(one.Check.Report.IsSafe && other.Check.Report.IsSafe);
        var wide = Types + 1;
        for (var area = 0; area < Areas; area++)
        {
            var pairs = one.Cells.Skip(area * wide).Take(wide)
                .Zip(other.Cells.Skip((Areas - 1 - area) * wide).Take(wide));
            Assert.All(pairs.Where(c => c is { First.Value: not null, Second.Value: not null }),
                c => Assert.Equal(c.First.Value, c.Second.Value));
        }
    }

    static ProtectedCells Publish(ExactCells exact, string regime)
    {
        using var rounding = NewRounding();
        var profile = regime == ProtectionProfile.Suppression ? ProtectionProfile.Headline : ProtectionProfile.Standard;
        return TableProtection.Run(exact, profile, rounding, ct: Stop);
    }

    static StickyRounding NewRounding() => new(new byte[32], "attacks", new Dictionary<string, byte>());

    static long[] World(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Areas * Types).Select(_ => (long)Math.Max(0, random.Next(-3, 16)))];
    }

    /// <summary>Fingerprints follow the counts: the records of an area stay the same wherever it stands.</summary>
    static ExactCells Exact(long[] world, string names = "area")
    {
        UInt128[] records = [.. world.Select((n, i) => n == 0
            ? UInt128.Zero : new UInt128(0, ((ulong)n * 1_000_003) ^ ((ulong)(i % Types) * 7_919)))];
        CheckedDimension[] dimensions = [Flat(names, 0, Areas), Flat("type", 1, Types)];
        var blank = Enumerable.Repeat(new CellStatement(0, null), (Areas + 1) * (Types + 1));
        return new ExactCells(
            "quarter", [new CheckedTable("t", dimensions, [.. blank])], [Areas, Types], world, records);
    }

    static CheckedDimension Flat(string name, int classification, int codes)
    {
        int[] all = [.. Enumerable.Range(0, codes)];
        return new CheckedDimension(name, classification, [
            .. all.Select(i => new CheckedCode($"{name} {i}", [i])), new CheckedCode("Total", all) { Splits = [all] }]);
    }
}
