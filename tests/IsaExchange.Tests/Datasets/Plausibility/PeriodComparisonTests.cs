using System.Globalization;
using IsaExchange.Datasets.Plausibility;
using IsaExchange.Datasets.Specs;
using Xunit;

namespace IsaExchange.Tests.Datasets.Plausibility;

/// <summary>What is asked about counts, beside those of the periods before: exactly at the edges of the band.</summary>
public sealed class PeriodComparisonTests
{
    static readonly PlausibilitySpec s_spec = new("kind", Factor: 2, Deviations: 4, Minimum: 20);

    static readonly string[] s_areas = ["A", "B"];

    /// <summary>Cells as "area code count".</summary>
    static PeriodCounts Quarter(int quarter, params string[] cells) =>
        Period(new DateOnly(2025, 1, 1).AddMonths(3 * quarter), 3, s_areas, cells);

    static PeriodCounts Period(DateOnly start, int months, string[] areas, params string[] cells)
    {
        var counts = new PeriodCounts($"{start:yyyy-MM}", start, start.AddMonths(months), areas);
        foreach (var cell in cells.Select(c => c.Split(' ')))
            counts.Add(cell[0], cell[1], "", long.Parse(cell[2], CultureInfo.InvariantCulture));
        return counts;
    }

    static string[] Asked(PlausibilitySpec spec, PeriodCounts now, params PeriodCounts[] before) =>
        [.. PeriodComparison.Of(spec, now, before)
            .Select(f => $"{f.Rule.Code} {f.Area}/{f.Code} {f.Direction}".TrimEnd())];

    static string[] Asked(PeriodCounts now, params PeriodCounts[] before) => Asked(s_spec, now, before);

    [Fact]
    public void FirstPeriod_IsAskedNothing() => Assert.Empty(Asked(Quarter(0, "A x 5000", "B x 1")));

    [Theory]
    // The four quarters of 2025 have 365 days: 400 in all make 400 / 365 * 90 = 98.6 in the next one.
    [InlineData(98, "")]
    [InlineData(197, "")]
    [InlineData(198, "above")]
    [InlineData(50, "")]
    [InlineData(49, "below")]
    public void Count_IsAskedAboutFromTheEdgeOfTheFactorOn(int count, string direction)
    {
        var asked = Asked(Quarter(4, $"A x {count}"), [.. Enumerable.Range(0, 4).Select(q => Quarter(q, "A x 100"))]);
        Assert.Equal(direction.Length == 0 ? [] : [$"Q702 A/ {direction}", $"Q702 A/x {direction}"], asked);
    }

    [Theory]
    // One quarter of 90 days after another of 92: 9 become 8.8, whose root is 2.97.
    [InlineData(20, "")]
    [InlineData(21, "Q702 A/x above")]
    public void SmallCount_MayLieFurtherOffByItsRoot(int count, string asked)
    {
        var now = Period(new(2026, 1, 1), 3, ["A"], $"A x {count}", "A y 300");
        var before = Period(new(2025, 10, 1), 3, ["A"], "A x 9", "A y 300");
        Assert.Equal(asked.Length == 0 ? [] : [asked], Asked(now, before));
    }

    [Fact]
    public void BothBelowTheMinimum_AreAskedNothing()
    {
        Assert.Empty(Asked(Quarter(1, "A x 19"), Quarter(0, "A x 1")));
        Assert.Empty(Asked(Quarter(1, "B x 1"), Quarter(0, "A x 19", "B x 1")));
    }

    [Fact]
    public void MonthsAndQuarters_AreComparedDayForDay()
    {
        var month = Period(new(2026, 1, 1), 1, s_areas, "A x 100");
        Assert.Empty(Asked(month, Period(new(2025, 10, 1), 3, s_areas, "A x 300")));
        Assert.Empty(Asked(
            Period(new(2026, 1, 1), 3, s_areas, "A x 300"), Period(new(2025, 12, 1), 1, s_areas, "A x 100")));
        Assert.NotEmpty(Asked(month, Period(new(2025, 12, 1), 1, s_areas, "A x 300")));
    }

    [Fact]
    public void SilentArea_IsAskedAboutOnce_AndNotCodeByCode() =>
        Assert.Equal(["Q703 B/"], Asked(
            Quarter(1, "A x 100", "A y 50"), Quarter(0, "A x 100", "A y 50", "B x 90", "B y 70")));

    [Fact]
    public void VanishedCode_IsAskedAboutOnce_AndNotAreaByArea() =>
        Assert.Equal(["Q704 /y"], Asked(
            Quarter(1, "A x 100", "B x 100"), Quarter(0, "A x 100", "B x 100", "A y 30", "B y 30")));

    [Fact]
    public void RecordsThatStateNoCode_AreAskedAboutWithinTheirArea()
    {
        static PeriodCounts Stated(int quarter, int x, int none)
        {
            var counts = Quarter(quarter, $"A x {x}");
            counts.Add("A", "", "", none);
            return counts;
        }

        Assert.Empty(Asked(Stated(1, 400, 0), Stated(0, 400, 100)));
        Assert.Equal(["Q702 A/ above"], Asked(Stated(1, 400, 900), Stated(0, 400, 0)));
    }

    [Fact]
    public void CodeThatAppears_IsAbove() => Assert.Equal(["Q702 B/new above"], Asked(
        Quarter(1, "A x 100", "B x 100", "B new 40"), Quarter(0, "A x 100", "B x 100")));

    [Fact]
    public void AreaThatNobodySpokeForBefore_IsNotCompared() =>
        Assert.Empty(Asked(
            Quarter(1, "A x 100", "B x 5000"), Period(new(2025, 1, 1), 3, ["A"], "A x 100")));

    [Fact]
    public void SameCountsEverywhere_AreAskedAbout()
    {
        string[] cells = ["A x 12", "A y 7", "B x 3"];
        Assert.Equal(["Q707 /"], Asked(Quarter(3, cells), Quarter(2, "A x 11", "A y 7", "B x 3"), Quarter(1, cells)));
        Assert.Empty(Asked(Quarter(3, "A x 12", "A y 6", "B x 4"), Quarter(2, cells)));
        // What is small is the same by chance.
        Assert.Empty(Asked(Quarter(3, "A x 2"), Quarter(2, "A x 2")));
    }

    [Fact]
    public void TotalsOfAreas_AreComparedWithoutADimension()
    {
        var totals = s_spec with { By = null };
        Assert.Equal(["Q702 A/ above"], Asked(totals, Quarter(1, "A x 300"), Quarter(0, "A y 90")));
    }

    /// <summary>Two kinds of 15 may be 15 fires or 30: nobody knows, so neither is an area's total compared.</summary>
    [Fact]
    public void WhatIsNeverAddedUp_IsComparedCodeByCodeOnly()
    {
        var overlapping = s_spec with { HasTotals = false };
        Assert.Equal(["Q702 A/x above"], Asked(overlapping, Quarter(1, "A x 300"), Quarter(0, "A x 90")));
        var (now, before) = (Quarter(1, "A x 19", "A y 19", "A z 19"), Quarter(0, "A x 5", "A y 5", "A z 5"));
        Assert.Equal(["Q702 A/ above"], Asked(now, before));
        Assert.Empty(Asked(overlapping, now, before));
        (now, before) = (Quarter(1, "A x 30"), Quarter(0, "A x 30", "B x 15", "B y 15"));
        Assert.Equal(["Q703 B/"], Asked(now, before));
        Assert.Empty(Asked(overlapping, now, before));
        Assert.Equal(["Q703 B/"], Asked(
            overlapping, Quarter(1, "A x 30"), Quarter(0, "A x 30", "B x 15", "B y 25")));
        Assert.Empty(Asked(overlapping, Quarter(1), Quarter(0, "A x 19", "A y 19")));
    }

    [Fact]
    public void DatasetsWhoseCodesOverlap_HaveNoTotals() => Assert.All(
        TestDatasets.Catalog.All, spec => Assert.Equal(spec.NeverSummed.Count == 0, spec.Plausibility!.HasTotals));

    [Fact]
    public void FurthestOff_ComesFirst()
    {
        var asked = Asked(
            Quarter(1, "A x 300", "A y 3000", "A z 1000"), Quarter(0, "A x 100", "A y 100", "A z 1000"));
        Assert.Equal(["Q702 A/y above", "Q702 A/ above", "Q702 A/x above"], asked);
    }
}
