using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Suppression;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>Exact counts; what is too small is not shown, nor what would tell it through any sum of any
/// table.</summary>
/// <param name="before">What is public already: of it the exact sums are reckoned with.</param>
sealed class SuppressRegime(
    ExactCells exact, ProtectionProfile profile, IReadOnlyList<KnownSum> before) : ICellRegime
{
    bool[]? _chosen;

    /// <summary>
    /// The pattern is chosen once; what is hidden later is hidden besides. Chosen anew it would be another pattern
    /// with other cells that follow, and never settle.
    /// </summary>
    public IReadOnlyList<PublishedCell> Publish(IReadOnlySet<int> hidden, CancellationToken ct)
    {
        _chosen ??= Choose(hidden, ct);
        bool IsFew(int cell) => _chosen[cell] || hidden.Contains(cell);

        // Who knows the rule knows whether a zero can stand under the mark: where zeros are hidden it always can.
        var least = !profile.ZerosAreShown
            || Enumerable.Range(0, exact.Counts.Count).Any(i => IsFew(i) && exact.Counts[i] == 0) ? 0 : 1;
        var few = new PublishedCell(CellStatus.Few, null, least, null);
        return [.. exact.Counts.Select((n, i) => IsFew(i) ? few : Shown(i, n))];
    }

    /// <summary>Whoever knows the rule knows that fewer records than the threshold have changed under a held value.
    /// </summary>
    PublishedCell Shown(int cell, long count) => exact.Held.TryGetValue(cell, out var held)
        ? new PublishedCell(
            CellStatus.Held, held, Math.Max(0, held - profile.Threshold + 1), held + profile.Threshold - 1)
        : new PublishedCell(CellStatus.Shown, count, count, count);

    /// <summary>Also of what is public anyway: the rule of the feed is one for all of its cells.</summary>
    bool IsSmall(int cell) =>
        !exact.Missing.Contains(cell) && exact.Counts[cell] > 0 && exact.Counts[cell] < profile.Threshold;

    bool[] Choose(IReadOnlySet<int> hidden, CancellationToken ct)
    {
        var cells = exact.Sums.Select((sum, i) => new SuppressionCell(sum.Unknowns, exact.Counts[i])
        {
            IsPrimary = (IsSmall(i) || exact.FewContributors.Contains(i)) && !exact.Missing.Contains(i)
                && !exact.Public.Contains(i),
            IsForcedHidden = hidden.Contains(i) || exact.Missing.Contains(i) || IsSmall(i)
                || (exact.Counts[i] == 0 && !profile.ZerosAreShown),
        });
        var problem = new SuppressionProblem(exact.Truth.Length, [.. cells])
        {
            ZerosAreShown = profile.ZerosAreShown, AtomValues = exact.Truth, HidesDifferencesOfLeastCounts = true,
        };
        try
        {
            var known = before.Where(s => s.IsExact).Select(s => new PublicSum(s.Unknowns, s.Lo));
            return JointSuppression.Choose(problem with { AlreadyPublic = [.. known] }, ct);
        }
        catch (SuppressionImpossibleException)
        {
            // What is public tells a protected cell by itself: which one is for the check to say, and to refuse.
            return JointSuppression.Choose(problem, ct);
        }
    }
}
