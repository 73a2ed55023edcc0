using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Rounding;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>What is said of every cell, and what the check of it found.</summary>
/// <param name="Cells">In the order of <see cref="ExactCells.Sums"/>.</param>
/// <param name="Rounds">How often cells more had to be hidden.</param>
public sealed record ProtectedCells(IReadOnlyList<PublishedCell> Cells, CheckResult Check, int Rounds)
{
    /// <summary>Tables for contributors who see through those of the check: for each protected cell of others two of
    /// both together leave a contributor's own counts as they are.</summary>
    public IReadOnlyList<WitnessTable> Insiders { get; init; } = [];
}

/// <summary>
/// Regime, check, repair: the regime says what may be shown, the check looks for a witness of every protected cell
/// against all that was ever published, and what has none makes further cells hidden, until all have one. Without
/// them nothing is published.
/// </summary>
/// <remarks>
/// The check knows every published number and not the rule by which further cells are hidden: what can be told from
/// the choice of them it does not see. The smallest that serves is chosen, so that whoever knows the rule may learn
/// something of the order of counts.
/// </remarks>
public static class TableProtection
{
    const int RoundsMax = 40;

    static readonly HashSet<string> NothingHidden = [];

    /// <param name="before">What was published of the same unknowns, in other releases and by others; what is to be
    /// protected of it stays so.</param>
    /// <param name="hidden">Identities of cells that were hidden before: they stay so.</param>
    /// <param name="limits">The time is that of everything together, all rounds included.</param>
    /// <returns>The last attempt; publish it only when its check says that it is safe.</returns>
    /// <exception cref="ArgumentException">A profile that cannot be kept, or what does not fit together.</exception>
    /// <exception cref="TimeoutException">The time was over before there was anything to check.</exception>
    public static ProtectedCells Run(
        ExactCells exact, ProtectionProfile profile, StickyRounding? rounding = null,
        IReadOnlyList<KnownSum>? before = null, IReadOnlySet<string>? hidden = null, CheckLimits? limits = null,
        CancellationToken ct = default)
    {
        ProtectionProfile.RefuseImpossible(profile);
        before ??= [];
        limits ??= new CheckLimits();
        var regime = Regime(exact, profile, rounding, before);
        var repair = new Repair(exact, hidesZerosBeside: profile.Regime == ProtectionProfile.StickyRounding);
        repair.Keep(exact.FewContributors.Select(cell => exact.Sums[cell].Identity).Concat(hidden ?? NothingHidden)
            .ToHashSet(StringComparer.Ordinal));
        using var budget = new CheckBudget(limits.SecondsMax, ct);
        var insider = exact.Contributors is { } contributors ? new InsiderCheck(contributors) : null;
        ProtectedCells? last = null;
        try
        {
            for (var round = 0; round <= RoundsMax; round++)
            {
                var cells = WithoutMissing(exact, regime.Publish(repair.Hidden, budget.Token));
                var known = Known(exact, profile, cells, before, budget.Token);
                last = Look(cells, known, round, isHasty: true);
                if (last.Check.Report.IsSafe)
                    break;
                if (repair.HideMore(last.Check.Report.Refused, cells, before))
                    continue;
                last = Look(cells, known, round, isHasty: false);
                if (last.Check.Report.IsSafe || !repair.HideMore(last.Check.Report.Refused, cells, before))
                    break;
            }
        }
        catch (OperationCanceledException) when (budget.IsOver && last is not null)
        {
            // The attempt before stands, and it was refused.
        }
        catch (OperationCanceledException late) when (budget.IsOver)
        {
            throw new TimeoutException("The time was over before there was anything to check.", late);
        }

        return last!;

        // As long as there is something left to hide, no time is spent on what a short search does not find.
        ProtectedCells Look(
            IReadOnlyList<PublishedCell> cells, AttackerKnowledge known, int round, bool isHasty)
        {
            var left = limits with { SecondsMax = budget.SecondsLeft, IsHasty = isHasty };
            var check = IntervalChecker.Check(known, left, last?.Check.Certificate ?? Certificate.Empty, ct);
            IReadOnlyList<WitnessTable> insiders = [];
            if (check.Report.IsSafe && insider is not null)
                (check, insiders) = insider.Run(known, check, left, budget, ct);
            return new ProtectedCells(cells, check, round) { Insiders = insiders };
        }
    }

    /// <summary>What this release would say, together with all that is known already.</summary>
    static AttackerKnowledge Known(
        ExactCells exact, ProtectionProfile profile, IReadOnlyList<PublishedCell> cells,
        IReadOnlyList<KnownSum> before, CancellationToken ct)
    {
        var sums = cells.Select((cell, i) => exact.Sums[i] with
        {
            Lo = cell.Lo,
            Hi = cell.Hi,
            Required = RequiredOf(exact, profile, i),
        });
        return new AttackerKnowledge([.. sums, .. before], exact.Truth, ct);
    }

    static ICellRegime Regime(
        ExactCells exact, ProtectionProfile profile, StickyRounding? rounding, IReadOnlyList<KnownSum> before) =>
        profile.Regime switch
        {
            ProtectionProfile.StickyRounding => new StickyRegime(
                exact, profile, rounding ?? throw new ArgumentNullException(nameof(rounding))),
            ProtectionProfile.Suppression => new SuppressRegime(exact, profile, before),
            ProtectionProfile.Nhs2018 => new CellByCellRegime(exact, new Nhs2018Regime()),
            ProtectionProfile.Open => new CellByCellRegime(exact, new OpenRegime()),
            _ => throw new ArgumentException($"There is no regime {profile.Regime}.", nameof(profile)),
        };

    /// <summary>What a cell must leave possible. Of one that is held it is the change that must not be told, whatever
    /// is said of the cell itself.</summary>
    public static RequiredInterval RequiredOf(ExactCells exact, ProtectionProfile profile, int cell) =>
        exact.Missing.Contains(cell) || exact.Public.Contains(cell) ? default
        : exact.Held.ContainsKey(cell) ? new RequiredInterval(profile.Width)
        : profile.RequiredOf(exact.Counts[cell], exact.FewContributors.Contains(cell));

    static IReadOnlyList<PublishedCell> WithoutMissing(ExactCells exact, IReadOnlyList<PublishedCell> cells) =>
        exact.Missing.Count == 0
            ? cells
            : [.. cells.Select((cell, i) => exact.Missing.Contains(i) ? PublishedCell.Missing : cell)];
}
