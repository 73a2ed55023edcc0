using IsaExchange.DisclosureControl.Rounding;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>
/// Every count rounded at random to a multiple of 5, totals on their own; what is too small, or would tell another
/// cell, is not shown. One mark for both: which it is would be a number itself.
/// </summary>
sealed class StickyRegime(ExactCells exact, ProtectionProfile profile, StickyRounding rounding) : ICellRegime
{
    public IReadOnlyList<PublishedCell> Publish(IReadOnlySet<int> hidden, CancellationToken ct)
    {
        var few = new PublishedCell(
            CellStatus.Few, null, 0, hidden.Count == 0 ? Math.Max(profile.Threshold - 1, 0) : null);
        return [.. exact.Sums.Select((sum, i) => hidden.Contains(i) || exact.Counts[i] < profile.Threshold
            ? few : Rounded(rounding.Round(sum.Identity, exact.Counts[i], exact.Records[i])))];
    }

    /// <summary>A multiple of 5 stands for the eight counts around it, and for itself.</summary>
    PublishedCell Rounded(long value) => new(
        CellStatus.Rounded, value, Math.Max(profile.Threshold, value - StickyRounding.Base + 1),
        value + StickyRounding.Base - 1);
}
