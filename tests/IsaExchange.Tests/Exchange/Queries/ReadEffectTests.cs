using IsaExchange.Agreement;
using IsaExchange.Datasets.Plausibility;
using IsaExchange.Exchange;
using Xunit;

namespace IsaExchange.Tests.Exchange.Queries;

/// <summary>The counts of a submission beside those before.</summary>
public sealed class ReadEffectTests
{
    static PeriodCounts Counts(int month, string area, params (string Code, int Count)[] cells)
    {
        var start = new DateOnly(2026, month, 1);
        var counts = new PeriodCounts($"{month}", start, start.AddMonths(1), area.Split(','));
        foreach (var (code, count) in cells)
            counts.Add(area.Split(',')[0], code, "", count);
        return counts;
    }

    [Fact]
    public void Codes_AddUpToTheirArea_WithTheRecordsThatStateNoneLast()
    {
        var effect = ReadEffect.Beside(
            Counts(5, "A", ("y", 3), ("", 7), ("x", 2)), Counts(5, "A", ("x", 1)), [Counts(4, "A", ("", 4))], "kind",
            hasTotals: true);
        Assert.Equal(
            [("", false, 12, 1L, 4L), ("x", false, 2, 1L, 0L), ("y", false, 3, 0L, 0L), ("", true, 7, 0L, 4L)],
            effect.Select(c => (c.Code, c.IsNotStated, c.Count, c.Replaced, c.Before)));
        Assert.Equal(effect[0].Count, effect.Skip(1).Sum(c => c.Count));
    }

    [Fact]
    public void AreaWhoseCodesOverlap_HasNoTotal() => Assert.Equal(
        ["x", "y"],
        ReadEffect.Beside(Counts(5, "A", ("y", 3), ("x", 2)), null, [], "kind", hasTotals: false)
            .Select(c => c.Code));

    [Fact]
    public void EachArea_SaysWhichPeriodItIsBeside()
    {
        var effect = ReadEffect.Beside(
            Counts(5, "A,B,C"), null, [Counts(4, "A"), Counts(3, "A,B")], null, hasTotals: true);
        static InformationPeriod Month(int month) => new(new(2026, month, 1), new(2026, month + 1, 1));
        Assert.Equal(
            [("A", Month(4)), ("B", Month(3)), ("C", (InformationPeriod?)null)],
            effect.Select(c => (c.Area, c.PeriodBefore)));
    }
}
