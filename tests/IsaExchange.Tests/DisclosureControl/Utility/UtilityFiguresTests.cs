using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.Utility;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Utility;

/// <summary>Against figures reckoned by hand.</summary>
public class UtilityFiguresTests
{
    static readonly PublishedCell Few = new(CellStatus.Few, null, 0, 4);

    [Fact]
    public void FiveCells_HaveTheFiguresReckonedByHand()
    {
        // 0 as 0, 2 not shown, 4 as 5, 8 as 10, 26 as 25.
        var figures = UtilityFigures.Of(
            [0, 2, 4, 8, 26], [Exact(0), Few, Rounded(5), Rounded(10), Rounded(25)], top: 2);
        Assert.Equal(3 / 4.0, figures.NonZeroShown);
        Assert.Equal(38 / 40.0, figures.EventsCovered);
        Assert.Equal(new BandError(1, 4, 1, 1, 0.25), figures.Errors[0]);
        Assert.Equal(new BandError(5, 19, 1, 2, 0.25), figures.Errors[1]);
        Assert.Equal((1, 1, 1 / 26.0), (
            figures.Errors[2].Cells, figures.Errors[2].MeanAbsolute, figures.Errors[2].MeanRelative));
        Assert.Equal(new BandError(100, null, 0, 0, 0), figures.Errors[3]);

        // Ranks 1 2 3 4 5 against 1.5 1.5 3 4 5: 9.5 / sqrt(10 * 9.5).
        Assert.Equal(9.5 / Math.Sqrt(95), figures.RankCorrelation!.Value, 12);
        Assert.Equal(1, figures.TopOverlap);

        // Shares .05 .1 .2 .65 against 0 .125 .25 .625, of which .05 to 0 gives nearly all.
        var squares = 0.05 + Math.Pow(Math.Sqrt(.1) - Math.Sqrt(.125), 2)
            + Math.Pow(Math.Sqrt(.2) - Math.Sqrt(.25), 2) + Math.Pow(Math.Sqrt(.65) - Math.Sqrt(.625), 2);
        Assert.Equal(Math.Sqrt(squares / 2), figures.Hellinger!.Value, 12);
    }

    [Fact]
    public void CountsThemselves_LoseNothing()
    {
        long[] counts = [3, 0, 7, 150];
        var figures = UtilityFigures.Of(counts, [.. counts.Select(Exact)]);
        Assert.Equal((1.0, 1.0, 1.0, 1.0, 0.0), (
            figures.NonZeroShown, figures.EventsCovered, Math.Round(figures.RankCorrelation!.Value, 12),
            figures.TopOverlap, figures.Hellinger));
        Assert.All(figures.Errors, band => Assert.Equal(0, band.MeanAbsolute));
    }

    [Fact]
    public void NothingShown_HasNoOrderAndNoDistance()
    {
        var figures = UtilityFigures.Of([1, 2], [Few, Few], top: 1);
        Assert.Equal((0.0, 0.0, null, 0.0, null), (
            figures.NonZeroShown, figures.EventsCovered, figures.RankCorrelation, figures.TopOverlap,
            figures.Hellinger));
    }

    [Fact]
    public void CellsOfAnotherTable_AreRefused() =>
        Assert.Throws<ArgumentException>(() => UtilityFigures.Of([1], []));

    static PublishedCell Exact(long n) => new(CellStatus.Shown, n, n, n);

    static PublishedCell Rounded(long n) => new(CellStatus.Rounded, n, Math.Max(0, n - 4), n + 4);
}
