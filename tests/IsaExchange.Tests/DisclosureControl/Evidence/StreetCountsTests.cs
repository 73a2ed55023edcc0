using System.Globalization;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.DisclosureControl.Rounding;
using IsaExchange.DisclosureControl.Utility;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Evidence;

/// <summary>A real quarter under each regime: safe, and what it has cost.</summary>
public class StreetCountsTests(ITestOutputHelper output)
{
    static StreetCounts Quarter => StreetCounts.Quarter;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProtectionProfile.Suppression)]
    [InlineData(ProtectionProfile.StickyRounding)]
    public void PartnershipsAndDistricts_AreSafeAndMostlyShown(string regime)
    {
        var profile = regime == ProtectionProfile.Suppression ? ProtectionProfile.Headline : ProtectionProfile.Standard;
        var figures = Publish(profile, Quarter.PartnershipsByType, Quarter.DistrictsByTypeAndMonth);
        Assert.All(figures, f => Assert.InRange(f.NonZeroShown, 0.85, 1));
        Assert.All(figures, f => Assert.InRange(f.RankCorrelation!.Value, 0.95, 1));
    }

    [Fact]
    public void WardsAndSmallAreasSuppressed_AreSafeTogether() =>
        Publish(ProtectionProfile.Headline, Quarter.Wards, Quarter.SmallAreas);

    [Fact]
    public void WardsAndSmallAreasRounded_AreSafeTogether() =>
        Publish(ProtectionProfile.Standard, Quarter.Wards, Quarter.SmallAreas);

    [Fact]
    public void AllFourTablesRounded_AreSafeTogether() => Publish(
        ProtectionProfile.Standard, Quarter.PartnershipsByType, Quarter.DistrictsByTypeAndMonth, Quarter.Wards,
        Quarter.SmallAreas);

    [Fact]
    public void CountsThatAnybodyCanLookUp_CannotBeProtectedByHidingThem()
    {
        var exact = Quarter.Exact(Quarter.DistrictsByTypeAndMonth);
        var hidden = exact.Sums.Select((sum, i) =>
            exact.Counts[i] is > 0 and < 5 ? sum with { ProtectedWidth = 3 } : sum).ToList();
        var alone = IntervalChecker.Check(new AttackerKnowledge(hidden, exact.Truth), ct: Stop).Report;
        Assert.True(alone.IsSafe);
        var beside = IntervalChecker.Check(
            new AttackerKnowledge([.. hidden, .. Quarter.Street()], exact.Truth), ct: Stop).Report;
        Assert.True(alone.ProtectedCells > 0);
        Assert.Equal(alone.ProtectedCells, beside.Refused.Count);
        Assert.All(beside.Refused, cell => Assert.Equal(CellVerdict.Derived, cell.Verdict));
    }

    [Theory]
    [InlineData(ProtectionProfile.Suppression)]
    [InlineData(ProtectionProfile.StickyRounding)]
    public void CountsThatAnybodyCanLookUp_ArePublishedBesideThem(string regime)
    {
        var profile = ProtectionProfile.Find(regime)!;
        var exact = Quarter.Exact(Quarter.PartnershipsByType, Quarter.DistrictsByTypeAndMonth);
        var asked = exact.Sums.Select((sum, i) => sum with
        {
            Required = TableProtection.RequiredOf(exact, profile, i),
        }).ToList();
        var started = TimeProvider.System.GetTimestamp();
        var told = PublicCells.Of(asked, Quarter.Street(), exact.Truth, new CheckLimits(), Stop);
        Assert.Equal(asked.Count(s => s.Required.IsRequired), told.Count);
        Assert.NotEmpty(told);
        using var rounding = new StickyRounding(new byte[32], "street", new Dictionary<string, byte>());
        var release = TableProtection.Run(exact.WithPublic(told), profile, rounding, Quarter.Street(), ct: Stop);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{regime}: {release.Cells.Count} cells, {told.Count} public, {Quarter.Truth.Length} outside numbers,"
            + $" {TimeProvider.System.GetElapsedTime(started).TotalSeconds:f1} s"));
        Assert.Equal((true, 0), (release.Check.Report.IsSafe, release.Check.Report.ProtectedCells));
    }

    List<UtilityFigures> Publish(ProtectionProfile profile, params CheckedTable[] tables)
    {
        var exact = Quarter.Exact(tables);
        using var rounding = new StickyRounding(new byte[32], "street", new Dictionary<string, byte>());
        var started = TimeProvider.System.GetTimestamp();
        var release = TableProtection.Run(exact, profile, rounding, ct: Stop);
        var took = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var report = release.Check.Report;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{profile.Regime}: {release.Cells.Count} cells, {report.ProtectedCells} protected, {report.Refused.Count}"
            + $" refused, narrowest {report.NarrowestWidth}, {release.Rounds} repairs, {took:f1} s"));
        Assert.True(report.IsSafe, string.Join("; ", report.Refused.Select(r => $"{r.Name} {r.Because}")));
        Assert.True(report.NarrowestWidth >= profile.Width);
        return [.. tables.Select(table => Measure(exact, release, table))];
    }

    UtilityFigures Measure(ExactCells exact, ProtectedCells release, CheckedTable table)
    {
        List<int> inner = [.. Quarter.Inner(exact, table)];
        var figures = UtilityFigures.Of(
            [.. inner.Select(i => exact.Counts[i])], [.. inner.Select(i => release.Cells[i])]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {table.Name}: {inner.Count} cells, {figures.NonZeroShown:p1} of non-zero shown,"
            + $" {figures.EventsCovered:p1} of events, Spearman {figures.RankCorrelation:f4},"
            + $" top 20 {figures.TopOverlap:p0}, Hellinger {figures.Hellinger:f4}"));
        output.WriteLine("    " + string.Join("; ", figures.Errors.Select(band => string.Create(
            CultureInfo.InvariantCulture,
            $"{band.From}-{band.To}: {band.Cells} cells, {band.MeanAbsolute:f2}, {band.MeanRelative:p1}"))));
        return figures;
    }
}
