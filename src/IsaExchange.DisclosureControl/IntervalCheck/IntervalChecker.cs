namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>Limits of a check. What is not decided within them is refused.</summary>
/// <param name="SecondsMax">All of a check ends within so long; what is undecided then stays so.</param>
/// <param name="Seed">Of every random choice: where the time suffices the same knowledge and seed give the same tables
/// and figures.</param>
public sealed record CheckLimits(double SecondsMax = 600, int Seed = 20260401)
{
    /// <summary>So many parts are searched side by side; 0: as many as there are processors. Nothing but the time
    /// depends on it.</summary>
    public int Threads { get; init; }

    /// <summary>What only a search of a whole large part could decide is refused undecided: for whoever would sooner
    /// hide another cell than wait for minutes.</summary>
    public bool IsHasty { get; init; }
}

/// <summary>
/// Looks for a witness of every protected cell: two whole-number tables, both in agreement with everything known, that
/// lie as far apart in that cell as is required. What has no witness is refused. It shares nothing with the regimes
/// that made the numbers.
/// </summary>
public static class IntervalChecker
{
    /// <summary>Part of the time that is for the search; the rest is for adding up what it found.</summary>
    const double SearchShare = 0.9;

    public static CheckResult Check(
        AttackerKnowledge known, CheckLimits? limits = null, CancellationToken ct = default) =>
        Check(known, limits, Certificate.Empty, ct);

    /// <param name="earlier">Tables to begin with, such as those of a check when less was hidden. Nothing is believed
    /// of them: those that do not agree with what is known now are passed over.</param>
    /// <param name="known">What the attacker has.</param>
    /// <param name="limits">Those of <see cref="CheckLimits"/> unless given.</param>
    public static CheckResult Check(
        AttackerKnowledge known, CheckLimits? limits, Certificate earlier, CancellationToken ct = default)
    {
        limits ??= new CheckLimits();
        using var whole = new CheckBudget(limits.SecondsMax, ct);
        using var budget = new CheckBudget(limits.SecondsMax * SearchShare, whole.Token);
        var search = new Search(known, limits, budget);
        try
        {
            search.Run(earlier.Tables);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Out of time: what is undecided stays so, and is refused.
        }

        var result = search.ToResult(whole.Seconds);
        try
        {
            RefuseFalseWitnesses(known, result, whole.Token);
            return result with { Report = result.Report with { Seconds = whole.Seconds } };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // No time was left to add up what the search has found: it counts for nothing.
            return new Search(known, limits, budget).ToResult(whole.Seconds);
        }
    }

    /// <summary>
    /// Whoever says that a cell is protected must be able to show it: what the search has found is added up again.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is none: an error in this program.</exception>
    static void RefuseFalseWitnesses(AttackerKnowledge known, CheckResult result, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var refused = result.Report.Refused.Select(r => Certificate.WithoutWitness(r.Name));
        if (!result.Certificate.Verify(known, ct).SequenceEqual(refused, StringComparer.Ordinal))
            throw new InvalidOperationException("The interval check found witnesses that are none.");
    }
}
