using System.Globalization;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.DisclosureControl.Rounding;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Protection;

/// <summary>A county's schools: what each of them reads out of a release with its own counts in hand.</summary>
public class InsiderCheckTests(ITestOutputHelper output)
{
    const int Districts = 10;
    const int SchoolsOfOne = 12;
    const int Reasons = 12;
    const int Months = 3;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProtectionProfile.StickyRounding)]
    [InlineData(ProtectionProfile.Suppression)]
    public void CountyOfSchools_TellsNoSchoolOfAnother(string regime)
    {
        var profile = ProtectionProfile.Find(regime)! with { Contributors = 3 };
        var (exact, contributors) = County();
        exact = exact.WithContributors(contributors, profile.Contributors);
        using var rounding = new StickyRounding(new byte[32], "schools", new Dictionary<string, byte>());
        var started = TimeProvider.System.GetTimestamp();
        var release = TableProtection.Run(exact, profile, rounding, ct: Stop);
        var took = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{regime}: {release.Cells.Count} cells, {release.Check.Report.ProtectedCells} protected,"
            + $" {exact.FewContributors.Count} of few schools, {release.Insiders.Count} tables for schools,"
            + $" {release.Rounds} repairs, {release.Cells.Count(c => c.Status == CellStatus.Few)} not shown,"
            + $" {took:f1} s"));
        Assert.True(release.Check.Report.IsSafe);
        Assert.NotEmpty(exact.FewContributors);
        Assert.All(exact.FewContributors, cell => Assert.Equal(CellStatus.Few, release.Cells[cell].Status));

        // Every school, also those that were not searched for, by a check of its own.
        foreach (var school in contributors.Of.Distinct().Where((_, i) => i % 10 == 0))
            Assert.Empty(Learns(exact, profile, release, contributors, school!));
    }

    /// <summary>Protected cells of others that one school knows too well.</summary>
    static IEnumerable<string> Learns(
        ExactCells exact, ProtectionProfile profile, ProtectedCells release, Contributors contributors, string school)
    {
        var sums = exact.Sums.Select((sum, i) => sum with
        {
            Lo = release.Cells[i].Lo,
            Hi = release.Cells[i].Hi,
            ProtectedWidth = TableProtection.RequiredOf(exact, profile, i).IsRequired
                && sum.Unknowns.Any(u => exact.Truth[u] > 0 && contributors.Of[u] != school) ? profile.Width : 0,
        });
        var own = Enumerable.Range(0, exact.Truth.Length).Where(u => contributors.Of[u] == school)
            .Select(u => new KnownSum("own", [u], exact.Truth[u], exact.Truth[u]));
        return IntervalChecker.Check(new AttackerKnowledge([.. sums, .. own], exact.Truth), ct: Stop)
            .Report.Refused.Select(r => r.Name);
    }

    static (ExactCells Exact, Contributors Contributors) County()
    {
        var random = new Random(11);
        var truth = new long[Districts * SchoolsOfOne * Reasons * Months];
        for (var i = 0; i < truth.Length; i++)
            truth[i] = random.NextDouble() < 0.3 ? 1 + (int)(-Math.Log(1 - random.NextDouble()) * 3) : 0;
        UInt128[] records = [.. truth.Select(n => n == 0
            ? UInt128.Zero : new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()))];
        var area = Dimension("area", 0, Districts, SchoolsOfOne);
        var (reason, month) = (Dimension("reason", 1, Reasons, 1), Dimension("month", 2, Months, 1));
        var exact = new ExactCells(
            "2026",
            [Table("by-reason", area, reason), Table("by-month", area, month), Table("all", area, reason, month)],
            [Districts * SchoolsOfOne, Reasons, Months], truth, records);
        return (exact, new Contributors([.. truth.Select((_, i) => string.Create(
            CultureInfo.InvariantCulture, $"school {i / (Reasons * Months)}"))]));
    }

    static CheckedDimension Dimension(string name, int classification, int codes, int finestOfOne) => new(
        name, classification,
        [
            .. Enumerable.Range(0, codes).Select(c => new CheckedCode(
                string.Create(CultureInfo.InvariantCulture, $"{name} {c}"),
                [.. Enumerable.Range(c * finestOfOne, finestOfOne)])),
            new CheckedCode("ALL", [.. Enumerable.Range(0, codes * finestOfOne)])
            {
                Splits = [[.. Enumerable.Range(0, codes)]],
            },
        ]);

    static CheckedTable Table(string name, params CheckedDimension[] dimensions) => new(
        name, dimensions,
        [.. Enumerable.Repeat(new CellStatement(0, null), dimensions.Aggregate(1, (n, d) => n * d.Codes.Count))]);
}
