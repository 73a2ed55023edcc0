using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.DisclosureControl.Rounding;
using IsaExchange.Tests.DisclosureControl.IntervalCheck;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Protection;

/// <summary>The synthetic county as it would be published: every protected cell has its witness.</summary>
public class TableProtectionTests(ITestOutputHelper output)
{
    static readonly ProtectionProfile AsOthers =
        new(ProtectionProfile.Suppression, Threshold: 3, Width: 1) { ZerosAreShown = true };

    public static bool IsFull => Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("msoa_month", 311)]
    [InlineData("lsoa_quarter", 313)]
    public void SmallCountySuppressed_HidesNoMoreThanOthersAndTellsNothing(string table, int secondariesOfOthers) =>
        AssertSuppressed(CountyTables.Small, "small", table, secondariesOfOthers);

    [Fact]
    public void CountyByQuarterSuppressed_HidesNoMoreThanOthersAndTellsNothing() =>
        AssertSuppressed(CountyTables.Large, "large", "lsoa_quarter", 3_092);

    [Fact]
    public void CountyByMonthSuppressed_HidesNoMoreThanOthersAndTellsNothing() =>
        AssertSuppressed(CountyTables.Large, "large", "msoa_month", 2_590);

    [Fact(SkipUnless = nameof(IsFull), Skip = "Takes minutes: ISAX_FULL=1 runs it.")]
    public void CountyByLsoaAndMonthSuppressed_HidesNoMoreThanOthersAndTellsNothing() =>
        AssertSuppressed(CountyTables.Large, "large", "lsoa_month", 14_655);

    [Fact]
    public void ZerosHiddenToo_LeavesEveryProtectedCellThreeWide()
    {
        var exact = CountyTables.Small.Exact("county/table_small_gauss_lsoa_quarter_t2_default_out.csv");
        var release = TableProtection.Run(exact, ProtectionProfile.Headline, ct: Stop);
        Tell("headline", release);
        Assert.True(release.Check.Report.IsSafe);
        Assert.True(release.Check.Report.NarrowestWidth >= 3);
        Assert.All(exact.Counts.Zip(release.Cells), c => Assert.True(c.First > 0 || c.Second.Value is null));
    }

    [Theory]
    [InlineData("msoa_month")]
    [InlineData("lsoa_quarter")]
    [InlineData("lsoa_month")]
    public void SmallCountyRounded_HasAWitnessForEveryProtectedCell(string table)
    {
        var exact = CountyTables.Small.Exact($"county/table_small_gauss_{table}_t2_default_out.csv");
        var release = Round(exact, ProtectionProfile.Standard);
        Assert.True(release.Check.Report.IsSafe, $"{release.Check.Report.Refused.Count} refused");
        Assert.Equal(exact.Counts.Count(n => n is > 0 and < 5), release.Check.Report.ProtectedCells);
        Assert.All(exact.Counts.Zip(release.Cells), AssertHolds);

        // What is hidden besides is the price: where it is much of the table, the table is too fine. Under the mark
        // there is a zero too, or it would say that there is none.
        var hidden = exact.Counts.Where((_, i) => release.Cells[i].Status == CellStatus.Few).ToList();
        Assert.InRange(hidden.Count(n => n > 0), 0, release.Cells.Count / 10);
        Assert.True(hidden.Count == 0 || hidden.Contains(0));
    }

    [Fact]
    public void SensitiveCounts_AreNotShownBelowTenNorIsZero()
    {
        var exact = CountyTables.Small.Exact("county/table_small_gauss_msoa_month_t2_default_out.csv");
        var release = Round(exact, ProtectionProfile.Sensitive);
        Assert.True(release.Check.Report.IsSafe, $"{release.Check.Report.Refused.Count} refused");
        Assert.All(exact.Counts.Zip(release.Cells), c =>
            Assert.True(c.First >= 10 || c.Second.Status == CellStatus.Few));
        Assert.Single(release.Cells.Where(c => c.Status == CellStatus.Few).Distinct());
    }

    [Fact]
    public void SameOffsets_PublishTheSameAgain()
    {
        var exact = CountyTables.Small.Exact("county/table_small_gauss_msoa_month_t2_default_out.csv");
        Assert.Equal(
            Round(exact, ProtectionProfile.Standard).Cells, Round(exact, ProtectionProfile.Standard).Cells);
    }

    [Fact]
    public void WhatOthersHavePublishedExactly_CannotBeProtectedAndIsRefused()
    {
        var exact = CountyTables.Small.Exact("county/table_small_gauss_msoa_month_t2_default_out.csv");
        var cell = Enumerable.Range(0, exact.Counts.Count).First(i => exact.Counts[i] == 2);
        var outside = new KnownSum("another body's table", exact.Sums[cell].Unknowns, 2, 2);
        using var rounding = NewRounding();
        var release = TableProtection.Run(exact, ProtectionProfile.Standard, rounding, [outside], ct: Stop);
        Assert.False(release.Check.Report.IsSafe);
        Assert.Contains(release.Check.Report.Refused, r => r.Name == exact.Sums[cell].Name);
    }

    [Fact]
    public void CellHiddenBefore_StaysHidden()
    {
        var exact = CountyTables.Small.Exact("county/table_small_gauss_msoa_month_t2_default_out.csv");
        var largest = Enumerable.Range(0, exact.Counts.Count).MaxBy(
            i => exact.Sums[i].Unknowns.Length == exact.Truth.Length ? 0 : exact.Counts[i]);
        using var rounding = NewRounding();
        var release = TableProtection.Run(
            exact, ProtectionProfile.Standard, rounding,
            hidden: new HashSet<string>([exact.Sums[largest].Identity], StringComparer.Ordinal), ct: Stop);
        Assert.Equal(CellStatus.Few, release.Cells[largest].Status);
    }

    [Theory]
    [InlineData("sticky")]
    [InlineData("Suppress")]
    [InlineData("")]
    public void RegimeThatThereIsNot_IsRefused(string word) =>
        Assert.Throws<ArgumentException>(
            () => TableProtection.Run(World(), new ProtectionProfile(word, 3, 1), ct: Stop));

    [Fact]
    public void ZeroAsAPossibleValueWhereZerosAreShown_IsRefused()
    {
        using var rounding = NewRounding();
        Assert.Throws<ArgumentException>(() => TableProtection.Run(
            World(), ProtectionProfile.Sensitive with { ZerosAreShown = true }, rounding, ct: Stop));
    }

    [Fact]
    public void HeadlineAndSensitive_LeaveOpenTheThresholdAndZero()
    {
        var exact = CountyTables.Small.Exact("county/table_small_gauss_lsoa_quarter_t2_default_out.csv");
        foreach (var profile in (ProtectionProfile[])[ProtectionProfile.Headline, ProtectionProfile.Sensitive])
        {
            using var rounding = NewRounding();
            var check = TableProtection.Run(exact, profile, rounding, ct: Stop).Check;
            Assert.True(check.Report.IsSafe, $"{check.Report.Refused.Count} refused");
            Assert.NotEmpty(check.Certificate.Witnesses);
            foreach (var witness in check.Certificate.Witnesses)
            {
                var values = new[] { witness.LowTable, witness.HighTable }
                    .Select(t => check.Certificate.Tables[t].Counts(exact.Truth))
                    .Select(counts => exact.Sums[witness.Sum].Unknowns.Sum(u => counts[u])).ToList();
                Assert.True(values.Max() - values.Min() >= profile.Width);
                Assert.True(!profile.MustReachThreshold || values.Max() >= profile.Threshold);
                Assert.True(!profile.MustContainZero || values.Min() == 0);
            }
        }
    }

    [Fact]
    public void CellOfAnEarlierReleaseThatThisOneWouldTell_IsProtectedByWhatThisOneHides()
    {
        // The earlier release has shown the whole without its small part; this one would show that part's neighbour.
        var exact = World();
        KnownSum[] before =
        [
            new("earlier: whole", [0, 1, 2], 51, 51),
            new("earlier: north", [0, 1], 0, null) { ProtectedWidth = 1 },
        ];
        var profile = new ProtectionProfile(ProtectionProfile.Suppression, 1, 1) { ZerosAreShown = true };
        var release = TableProtection.Run(exact, profile, before: before, ct: Stop);
        Assert.True(release.Check.Report.IsSafe, string.Join("; ", release.Check.Report.Refused));
        Assert.True(release.Rounds > 0);
        Assert.Contains(release.Cells, c => c.Status == CellStatus.Few);
    }

    [Fact]
    public void ExactSumsThatArePublicAlready_AreReckonedWithWhenThePatternIsChosen()
    {
        var exact = World();
        var profile = new ProtectionProfile(ProtectionProfile.Suppression, 3, 1) { ZerosAreShown = true };
        KnownSum[] before = [new("outside: b", [1], 20, 20)];
        var release = TableProtection.Run(exact, profile, before: before, ct: Stop);
        Assert.True(release.Check.Report.IsSafe, string.Join("; ", release.Check.Report.Refused));
        Assert.Equal(0, release.Rounds);
        Assert.NotEqual(CellStatus.Few, release.Cells[1].Status);
    }

    [Fact]
    public void NoTimeAtAll_LeavesNothingToPublish()
    {
        var exact = CountyTables.Small.Exact("county/table_small_gauss_msoa_month_t2_default_out.csv");
        using var rounding = NewRounding();
        var none = new CheckLimits(SecondsMax: 0);
        Assert.Throws<TimeoutException>(() =>
            TableProtection.Run(exact, ProtectionProfile.Standard, rounding, limits: none, ct: Stop));
        var check = IntervalChecker.Check(
            CountyTables.Small.Pattern("county/table_small_gauss_msoa_month_t2_default_out.csv", 1), none, Stop);
        Assert.All(check.Report.Refused, r => Assert.Equal(CellVerdict.NotProved, r.Verdict));
        Assert.Equal(check.Report.ProtectedCells, check.Report.Refused.Count);
        Assert.Equal(0, check.Report.Figures.ByWalk + check.Report.Figures.BySolver);
    }

    [Fact]
    public void TimeOfAllRoundsTogether_IsThatOfTheLimits()
    {
        var exact = CountyTables.Large.Exact("county/table_large_gauss_msoa_month_t2_default_out.csv");
        var release = TableProtection.Run(exact, AsOthers, limits: new CheckLimits(SecondsMax: 3), ct: Stop);
        Assert.True(release.Check.Report.Seconds < 3 + 2);
    }

    /// <summary>Areas a, b and c of 1, 20 and 30, and their sum.</summary>
    static ExactCells World()
    {
        var codes = new[] { "a", "b", "c" }.Select((c, i) => new CheckedCode(c, [i])).ToList();
        int[] all = [0, 1, 2];
        var area = new CheckedDimension("area", 0, [.. codes, new CheckedCode("all", all) { Splits = [all] }]);
        var table = new CheckedTable("t", [area], [.. Enumerable.Repeat(new CellStatement(0, null), 4)]);
        return new ExactCells("2026", [table], [3], [1, 20, 30], [1, 2, 3]);
    }

    void AssertSuppressed(CountyTables county, string size, string table, int secondariesOfOthers)
    {
        var exact = county.Exact($"county/table_{size}_gauss_{table}_t2_default_out.csv");
        var release = TableProtection.Run(exact, AsOthers, ct: Stop);
        Tell(table, release);
        var secondaries = exact.Counts.Zip(release.Cells)
            .Count(c => c.First is 0 or > 2 && c.Second.Status == CellStatus.Few);
        Assert.True(release.Check.Report.IsSafe, $"{release.Check.Report.Refused.Count} exposed");
        Assert.InRange(secondaries, 1, secondariesOfOthers);
        Assert.All(exact.Counts.Zip(release.Cells), AssertHolds);
    }

    ProtectedCells Round(ExactCells exact, ProtectionProfile profile)
    {
        using var rounding = NewRounding();
        var release = TableProtection.Run(exact, profile, rounding, ct: Stop);
        Tell(profile.ToString(), release);
        return release;
    }

    void Tell(string what, ProtectedCells release) => output.WriteLine(
        $"{what}: {release.Cells.Count} cells, {release.Check.Report.ProtectedCells} protected,"
        + $" {release.Cells.Count(c => c.Status == CellStatus.Few)} not shown, {release.Rounds} repairs,"
        + $" {release.Check.Report.Seconds:f1} s for the last check");

    static StickyRounding NewRounding() =>
        new([.. Enumerable.Range(0, 32).Select(i => (byte)i)], "county", new Dictionary<string, byte>());

    static void AssertHolds((long Count, PublishedCell Cell) c) =>
        Assert.InRange(c.Count, c.Cell.Lo, c.Cell.Hi ?? long.MaxValue);
}
