using IsaExchange.Agreement;
using IsaExchange.DisclosureControl.Protection;

namespace IsaExchange.Exchange.Releasing;

/// <summary>
/// What was sent under one revision is not opened wider by a later one: it is used for a feed only when the revision
/// that it was sent under would have published as much to those who read it now.
/// </summary>
static class InputTerms
{
    /// <summary>The regime that shows every count; any other is stricter, and two others are not compared.</summary>
    const string Open = "open";

    /// <summary>Why a submission is not used, as half a sentence; null when it is.</summary>
    /// <param name="areas">The areas that it was sent for.</param>
    /// <param name="own">The revision that it was sent under; null when that one is not what was signed.</param>
    /// <param name="feed">The feed as the revision that rules describes it.</param>
    public static string? Problem(IEnumerable<string> areas, SharingAgreement? own, FeedClause feed)
    {
        if (own is null)
            return "the revision it was sent under is not what was signed";
        if (own.Feeds.FirstOrDefault(f => f.Id == feed.Id && f.Dataset == feed.Dataset) is not { } then)
            return "the revision it was sent under has no such feed";
        if (then.Regime != feed.Regime && then.Regime != Open)
            return "the revision it was sent under has another regime";
        if (then.Regime == feed.Regime && ShowsMore(Profile(feed), Profile(then)))
            return "the revision it was sent under protects more of it";
        if (feed.Tables.FirstOrDefault(t => !then.Tables.Any(o => Holds(o, t))) is { } wider)
            return $"the revision it was sent under has no table as fine as {wider.Name}";
        if (areas.Intersect(feed.Areas).Except(then.Areas).FirstOrDefault() is { } area)
            return $"the revision it was sent under does not publish {area} in this feed";

        // Whoever was no party then has joined by the rule for joining, and reads no further back than that allows.
        return feed.Readers.Except(then.Readers).FirstOrDefault(r => own.Parties.Any(p => p.Id == r)) is { } reader
            ? $"the revision it was sent under does not let {reader} read this feed"
            : null;
    }

    /// <summary>As if contributors were told: where they are not, what is agreed of them is the same in both.</summary>
    static ProtectionProfile Profile(FeedClause feed) => FeedProfile.Of(feed, hasContributors: true);

    static bool ShowsMore(ProtectionProfile now, ProtectionProfile then) => now.Threshold < then.Threshold
        || now.Contributors < then.Contributors
        || now.Width < then.Width || (now.ZerosAreShown && !then.ZerosAreShown)
        || (then.MustContainZero && !now.MustContainZero);

    static bool Holds(FeedTable old, FeedTable table) => table.Dimensions.All(old.Dimensions.Contains);
}
