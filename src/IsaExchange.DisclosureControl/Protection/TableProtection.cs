using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Rounding;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>What is said of every cell, and what the check of it found.</summary>
/// <param name="Cells">In the order of <see cref="ExactCells.Sums"/>.</param>
/// <param name="Rounds">How often cells more had to be hidden.</param>
public sealed record ProtectedCells(IReadOnlyList<PublishedCell> Cells, CheckResult Check, int Rounds);

/// <summary>
/// Regime, check, repair: the regime says what may be shown, the check looks for a witness of every protected cell
/// against all that was ever published, and what has none makes further cells hidden, until all have one. Without
/// them nothing is published.
/// </summary>
/// <remarks>
/// The check knows every published number and not the rule by which further cells are hidden: what can be told from
/// the choice of them it does not see.
/// </remarks>
public static class TableProtection
{
    const int RoundsMax = 40;

    /// <param name="before">What was published of the same unknowns, in other releases and by others.</param>
    /// <param name="hidden">Identities of cells that were hidden before: they stay so.</param>
    /// <returns>The last attempt; publish it only when its check says that it is safe.</returns>
    public static ProtectedCells Run(
        ExactCells exact, ProtectionProfile profile, StickyRounding? rounding = null,
        IReadOnlyList<KnownSum>? before = null, IReadOnlySet<string>? hidden = null, CheckLimits? limits = null,
        CancellationToken ct = default)
    {
        var regime = Regime(exact, profile, rounding);
        var repair = new Repair(exact, hidesZerosBeside: profile.Regime == ProtectionProfile.StickyRounding);
        repair.Keep(hidden ?? new HashSet<string>(StringComparer.Ordinal));
        for (var round = 0; ; round++)
        {
            var cells = WithoutMissing(exact, regime.Publish(repair.Hidden, ct));
            var sums = cells.Select((cell, i) => exact.Sums[i] with
            {
                Lo = cell.Lo,
                Hi = cell.Hi,
                ProtectedWidth = exact.Missing.Contains(i) ? 0 : profile.WidthOf(exact.Counts[i]),
            });
            var known = new AttackerKnowledge([.. sums, .. before ?? []], exact.Truth);
            var check = IntervalChecker.Check(known, limits, ct);
            if (check.Report.IsSafe || round == RoundsMax || !repair.HideMore(check.Report.Refused, cells))
                return new ProtectedCells(cells, check, round);
        }
    }

    static ICellRegime Regime(ExactCells exact, ProtectionProfile profile, StickyRounding? rounding) =>
        profile.Regime switch
        {
            ProtectionProfile.StickyRounding => new StickyRegime(
                exact, profile, rounding ?? throw new ArgumentNullException(nameof(rounding))),
            ProtectionProfile.Suppression => new SuppressRegime(exact, profile),
            ProtectionProfile.Nhs2018 => new CellByCellRegime(exact, new Nhs2018Regime()),
            ProtectionProfile.Open => new CellByCellRegime(exact, new OpenRegime()),
            _ => throw new ArgumentException($"There is no regime {profile.Regime}.", nameof(profile)),
        };

    static IReadOnlyList<PublishedCell> WithoutMissing(ExactCells exact, IReadOnlyList<PublishedCell> cells) =>
        exact.Missing.Count == 0
            ? cells
            : [.. cells.Select((cell, i) => exact.Missing.Contains(i) ? PublishedCell.Missing : cell)];
}
