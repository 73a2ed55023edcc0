using IsaExchange.Agreement;
using IsaExchange.DisclosureControl.Protection;

namespace IsaExchange.Exchange.Releasing;

/// <summary>How a feed's tables are protected: its regime, and what its clause says beyond.</summary>
static class FeedProfile
{
    /// <summary>Cells of fewer contributors are not shown, where a dataset names them and nothing is agreed.</summary>
    const int ContributorsLeast = 3;

    /// <param name="feed">The clause.</param>
    /// <param name="hasContributors">Whether its dataset tells who contributes the records.</param>
    /// <exception cref="ExchangeException">The regime is none that this exchange has: then nothing may be
    /// published.</exception>
    public static ProtectionProfile Of(FeedClause feed, bool hasContributors)
    {
        var profile = Of(feed);
        return hasContributors && feed.Regime != ProtectionProfile.Open
            ? profile with { Contributors = feed.Protection?.Contributors ?? ContributorsLeast } : profile;
    }

    static ProtectionProfile Of(FeedClause feed)
    {
        var usual = ProtectionProfile.Find(feed.Regime) ?? throw ExchangeException.Precondition(
            "UNKNOWN_REGIME", $"Feed {feed.Id} names a disclosure regime that this exchange does not have.");
        return feed.Protection is not { } own ? usual : usual with
        {
            Threshold = own.Threshold ?? usual.Threshold,
            Width = own.Width ?? usual.Width,
            ZerosAreShown = own.ZerosAreShown ?? usual.ZerosAreShown,

            // Below a threshold zeros stand under the mark too: that there is anybody at all is not told.
            MustContainZero = feed.Regime == ProtectionProfile.StickyRounding && own.Threshold > 0,
        };
    }
}
