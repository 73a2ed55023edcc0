using IsaExchange.DisclosureControl.IntervalCheck;
using static System.FormattableString;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>How the tables of a feed are protected: a clause of the agreement.</summary>
/// <param name="Regime">One of <see cref="Regimes"/>; nothing is published under any other word.</param>
/// <param name="Threshold">Counts below it are not shown; 0: none is too small.</param>
/// <param name="Width">How far apart two possible values of a protected cell lie at least.</param>
public sealed record ProtectionProfile(string Regime, int Threshold, int Width)
{
    public const string StickyRounding = "sticky-5";
    public const string Suppression = "suppress";
    public const string Nhs2018 = "nhs-2018";
    public const string Open = "open";

    public static IReadOnlyList<string> Regimes { get; } = [StickyRounding, Suppression, Nhs2018, Open];

    /// <summary>
    /// All small-area tables: every count is rounded, and two possible values of any from 1 to 4 lie at least 3 apart.
    /// Whoever adds records of their own to a cell of n learns n and its offset together, which leaves as many values
    /// as that sum and 1, five at most.
    /// </summary>
    public static ProtectionProfile Standard { get; } = new(StickyRounding, 0, 3);

    /// <summary>
    /// Of persons: below ten nothing is shown, two possible values lie at least 5 apart, and one of them is zero: that
    /// there is anybody at all is not told.
    /// </summary>
    public static ProtectionProfile Sensitive { get; } = new(StickyRounding, 10, 5) { MustContainZero = true };

    /// <summary>
    /// Coarse tables with exact numbers: below five nothing is shown, zeros neither. A protected cell may be as great
    /// as five, so that none can be told from those that are hidden for the sake of others.
    /// </summary>
    public static ProtectionProfile Headline { get; } = new(Suppression, 5, 3) { MustReachThreshold = true };

    /// <summary>As health bodies publish: zero is shown, 1 to 7 are not, all else is the nearest 5.</summary>
    public static ProtectionProfile Health { get; } = new(Nhs2018, 8, 3) { ZerosAreShown = true };

    /// <summary>Every count as it is: for what is public at this level anyway.</summary>
    public static ProtectionProfile Exact { get; } = new(Open, 0, 0) { ZerosAreShown = true };

    /// <summary>The profile of a regime of which nothing more is agreed; null for a word that is none.</summary>
    public static ProtectionProfile? Find(string regime) => regime switch
    {
        StickyRounding => Standard,
        Suppression => Headline,
        Nhs2018 => Health,
        Open => Exact,
        _ => null,
    };

    /// <summary>Whether zero is shown as such; where it is not, a count that is not shown may be zero.</summary>
    public bool ZerosAreShown { get; init; }

    /// <summary>Of each protected cell the threshold is a possible value, or more.</summary>
    public bool MustReachThreshold { get; init; }

    /// <summary>Of each protected cell zero is a possible value. It cannot be promised where zeros are shown as such:
    /// the two together are refused.</summary>
    public bool MustContainZero { get; init; }

    /// <summary>What must stay possible of a protected cell.</summary>
    public RequiredInterval Required => new(Width, MustReachThreshold ? Threshold : 0, MustContainZero);

    /// <summary>Smallest count that needs no protection.</summary>
    internal int ProtectedBelow =>
        Regime == StickyRounding ? Math.Max(Threshold, Rounding.StickyRounding.Base) : Threshold;

    /// <summary>Cells of fewer contributors are not shown; 0: the dataset does not tell who contributes.</summary>
    public int Contributors { get; init; }

    /// <summary>What must stay possible of a cell that holds so many: nothing, if it needs no protection.</summary>
    /// <param name="fewContributors">Whether too few contribute to it; then it is protected whatever it holds, but not
    /// so that it could hold nothing.</param>
    public RequiredInterval RequiredOf(long count, bool fewContributors = false) =>
        count > 0 && count < ProtectedBelow ? Required
        : fewContributors ? new RequiredInterval(Width) : default;

    /// <summary>In plain words for readers of a release: what is promised, and what is not.</summary>
    public string Guarantee => Words([]);

    /// <param name="outside">Names of the outside tables that are taken as known.</param>
    public string GuaranteeBeside(IReadOnlyList<string> outside) => Words(outside);

    string Words(IReadOnlyList<string> outside) => Regime switch
    {
        StickyRounding => "Every count is rounded at random to a multiple of 5, up or down by at most 4, and a cell is "
            + "always rounded the same way, totals on their own, so that columns may not add up. "
            + (Threshold > 0 ? Invariant($"Counts below {Threshold}, zero among them, are not shown. ") : "")
            + Invariant($"For every count from 1 to {ProtectedBelow - 1} ") + Promise(outside),
        Suppression => Invariant($"Counts are exact. Those from 1 to {Threshold - 1} are not shown, ")
            + (ZerosAreShown ? "" : "zeros neither, ") + "nor what would tell them. For each of them "
            + Promise(outside),
        Nhs2018 => "Zero is shown, counts from 1 to 7 are not, nor what would tell them, and every other count is "
            + "within 2 of the multiple of 5 shown. For every count from 1 to 7 " + Promise(outside),
        _ => "Counts are exact: only for counts that are public at this level anyway. Not shown is only what another "
            + "feed of the same records has to protect.",
    };

    string Promise(IReadOnlyList<string> outside) =>
        Invariant($"two possible values at least {Width} apart agree with every table ever published ")
        + "of this dataset under this agreement, which was checked before publication. "
        + (Contributors == 0 ? ""
            : Invariant($"Cells of fewer than {Contributors} contributors, or of which one holds ")
                + Invariant($"{Protection.Contributors.DominantPercent} % or more, are not shown and protected in the ")
                + "same way; nor does any single contributor, who knows its own counts, learn those of others. ")
        + (outside.Count == 0 ? "What is known from elsewhere, "
            : $"What others have published is taken as known: {string.Join("; ", outside)}; counts that it tells by "
                + "itself are public already and not protected. What else is known from elsewhere, ")
        + "and which value is likelier, is not covered.";

    /// <exception cref="ArgumentException">A regime that there is not, or what cannot be promised together.</exception>
    internal static void RefuseImpossible(ProtectionProfile profile)
    {
        if (!Regimes.Contains(profile.Regime))
            throw new ArgumentException($"There is no such regime: {string.Join(", ", Regimes)}.", nameof(profile));
        if (profile.MustContainZero && profile.ZerosAreShown)
            throw new ArgumentException(
                "Where zeros are shown a cell that is not shown is none, so that zero cannot be a possible value.",
                nameof(profile));
    }
}
