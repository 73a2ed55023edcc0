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
        bool IsFew(int cell) => hidden.Contains(cell) || exact.Counts[cell] < profile.Threshold;
        var most = hidden.All(cell => exact.Counts[cell] < profile.Threshold)
            ? Math.Max(profile.Threshold - 1, 0) : (long?)null;

        // Who knows the rule knows whether a zero can stand under the mark: below a threshold it always can.
        var least = profile.Threshold > 0
            || Enumerable.Range(0, exact.Counts.Count).Any(i => IsFew(i) && exact.Counts[i] == 0) ? 0 : 1;
        var few = new PublishedCell(CellStatus.Few, null, least, most);
        return [.. exact.Sums.Select((sum, i) => IsFew(i)
            ? few : Rounded(rounding.Round(sum.Identity, exact.Counts[i], exact.Records[i])))];
    }

    /// <summary>A multiple of 5 stands for the eight counts around it, and for itself.</summary>
    PublishedCell Rounded(long value) => new(
        CellStatus.Rounded, value, Math.Max(profile.Threshold, value - StickyRounding.Base + 1),
        value + StickyRounding.Base - 1);
}
