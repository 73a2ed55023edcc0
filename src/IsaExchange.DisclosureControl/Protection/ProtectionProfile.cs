using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>How the tables of a feed are protected: a clause of the agreement.</summary>
/// <param name="Regime">sticky-5 or suppress.</param>
/// <param name="Threshold">Counts below it are not shown; 0: none is too small.</param>
/// <param name="Width">How far apart two possible values of a protected cell lie at least.</param>
public sealed record ProtectionProfile(string Regime, int Threshold, int Width)
{
    public const string StickyRounding = "sticky-5";
    public const string Suppression = "suppress";

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
    internal int ProtectedBelow => Threshold > 0 ? Threshold : Rounding.StickyRounding.Base;

    /// <exception cref="ArgumentException">A regime that there is not, or what cannot be promised together.</exception>
    internal static void RefuseImpossible(ProtectionProfile profile)
    {
        if (profile.Regime is not (StickyRounding or Suppression))
            throw new ArgumentException("There is no such regime: sticky-5 or suppress.", nameof(profile));
        if (profile.MustContainZero && profile.ZerosAreShown)
            throw new ArgumentException(
                "Where zeros are shown a cell that is not shown is none, so that zero cannot be a possible value.",
                nameof(profile));
    }
}
