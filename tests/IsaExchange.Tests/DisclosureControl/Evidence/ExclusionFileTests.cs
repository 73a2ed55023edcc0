using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.DisclosureControl.Rounding;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Evidence;

/// <summary>
/// What a ministry's own suppression left open, found by the check and not by a subtraction made for it; and the same
/// tables under ours.
/// </summary>
public class ExclusionFileTests(ITestOutputHelper output)
{
    static readonly string? Year = IsFull ? null : "201617";

    static bool IsFull => Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void MarkedCountsBesideTheirTotals_AreFoundToFollow()
    {
        var file = new ExclusionFile();
        Assert.Equal(15_653, file.Marked);
        var report = IntervalChecker.Check(file.Published(0, null), ct: Stop).Report;
        Tell("as published", report);
        Assert.Equal(file.Marked, report.ProtectedCells);
        Assert.Equal(6_908, report.Refused.Count);
        Assert.All(report.Refused, cell => Assert.Equal(CellVerdict.Derived, cell.Verdict));
    }

    [Fact]
    public void ReaderWhoKnowsThatTheMarkIsOneOrTwo_KnowsMore()
    {
        var report = IntervalChecker.Check(new ExclusionFile().Published(1, 2), ct: Stop).Report;
        Tell("with the mark's meaning", report);
        Assert.InRange(report.Refused.Count, 6_909, 15_653);
        Assert.DoesNotContain(report.Refused, cell => cell.Verdict == CellVerdict.NotProved);
    }

    [Fact]
    public void SameTotalsSuppressedByUs_LeaveNone()
    {
        var exact = new ExclusionFile(Year).Exact();
        var release = TableProtection.Run(exact, new ProtectionProfile(ProtectionProfile.Suppression, 3, 3), ct: Stop);
        Tell("suppressed", release.Check.Report);
        Assert.True(release.Check.Report.IsSafe);
        Assert.True(release.Check.Report.NarrowestWidth >= 3);
        AssertHolds(exact, release);
    }

    [Fact]
    public void SameTotalsRoundedByUs_LeaveNone()
    {
        var exact = new ExclusionFile(Year).Exact();
        using var rounding = new StickyRounding(new byte[32], "exclusions", new Dictionary<string, byte>());
        var release = TableProtection.Run(exact, ProtectionProfile.Standard, rounding, ct: Stop);
        Tell("rounded", release.Check.Report);
        Assert.True(release.Check.Report.IsSafe);
        AssertHolds(exact, release);
    }

    static void AssertHolds(ExactCells exact, ProtectedCells release) => Assert.All(
        exact.Counts.Zip(release.Cells), c => Assert.InRange(c.First, c.Second.Lo, c.Second.Hi ?? long.MaxValue));

    void Tell(string what, CheckReport report) => output.WriteLine(
        $"{what}: {report.PublishedCells} cells, {report.ProtectedCells} protected, {report.Refused.Count} told,"
        + $" {report.Seconds:f1} s");
}
