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

    [Fact(SkipUnless = nameof(IsFull), Skip = "Takes most of a minute: ISAX_FULL=1 runs it.")]
    public void CountyByMonthSuppressed_HidesNoMoreThanOthersAndTellsNothing() =>
        AssertSuppressed(CountyTables.Large, "large", "msoa_month", 2_590);

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
