using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.DisclosureControl.Utility;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Utility;

public class PublicFiguresTests
{
    [Fact]
    public void Figures_AreThoseOfThePublishedCells()
    {
        PublishedCell[] cells =
        [
            new(CellStatus.Rounded, 5, 1, 9), new(CellStatus.Rounded, 0, 0, 4), new(CellStatus.Rounded, 10, 6, 14),
            new(CellStatus.Few, null, 0, 9), new(CellStatus.Held, 120, 116, null), PublishedCell.Missing,
        ];
        var figures = PublicFigures.Of(new PublishedTable(
            "t", [new TableDimension("a", ["A", "B", "C", "D", "E", "F"], ["", "", "", "", "", ""], null)], cells));
        Assert.Equal(6, figures.Cells);
        Assert.Equal(
            [0m, 50m, 16.7m, 16.7m, 16.7m], Enum.GetValues<CellStatus>().Select(figures.Percent));
        Assert.Equal(
            [new WidthBand(0, 4, 1, 4), new(5, 19, 2, 8), new(20, 99, 0, 0), new(100, null, 0, 0)], figures.Widths);
    }

    /// <summary>Added up over all counts and offsets, as the rule itself rounds.</summary>
    [Fact]
    public void ExpectedDistance_IsThatOfTheRule()
    {
        var distances = Enumerable.Range(100, 5).Select(n =>
            Enumerable.Range(0, 5).Select(o => Math.Abs((5.0 * ((n + o) / 5)) - n)).ToList()).ToList();
        var sticky = ExpectedDistance.Of(ProtectionProfile.StickyRounding);
        Assert.NotNull(sticky);
        Assert.Equal(distances.Average(d => d.Average()), sticky.Mean, 9);
        Assert.Equal(distances.Max(d => d.Average()), sticky.Greatest, 9);
        Assert.Equal(distances.Max(d => d.Max()), sticky.Most);
        Assert.Equal(new ExpectedDistance(1.2, 2, 2), ExpectedDistance.Of(ProtectionProfile.Nhs2018));
        Assert.Null(ExpectedDistance.Of(ProtectionProfile.Suppression));
        Assert.Null(ExpectedDistance.Of(ProtectionProfile.Open));
    }
}
