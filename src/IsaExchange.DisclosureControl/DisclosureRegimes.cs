namespace IsaExchange.DisclosureControl;

/// <summary>A rule from one exact count to what may be said of it. The agreement names it for each feed.</summary>
public interface IDisclosureRegime
{
    /// <summary>The word used in agreements and manifests.</summary>
    string Id { get; }

    /// <summary>In one sentence for readers of a release: what it promises, and what it does not.</summary>
    string Guarantee { get; }

    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    PublishedCell Publish(long exactCount);
}

/// <summary>The regimes that can be named in an agreement; any other word is refused by whoever looks it up.</summary>
public static class DisclosureRegimes
{
    static readonly IDisclosureRegime[] All = [new OpenRegime(), new Nhs2018Regime()];

    public static IReadOnlyList<string> Ids { get; } = [.. All.Select(regime => regime.Id)];

    /// <summary>Null when there is no such regime: then nothing may be published.</summary>
    public static IDisclosureRegime? Find(string id) => Array.Find(All, regime => regime.Id == id);

    internal static void RefuseNegative(long exactCount)
    {
        // The framework's own guard would print the count.
        if (exactCount < 0)
            throw new ArgumentOutOfRangeException(nameof(exactCount), "A count cannot be negative.");
    }
}
