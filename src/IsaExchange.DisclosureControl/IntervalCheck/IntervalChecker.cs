using System.Diagnostics;

namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>Limits of a check. What is not decided within them is refused.</summary>
/// <param name="SecondsMax">After so long what is undecided stays so.</param>
/// <param name="Seed">Of every random choice: the same knowledge and seed give the same tables.</param>
public sealed record CheckLimits(double SecondsMax = 600, int Seed = 20260401);

/// <summary>
/// Looks for a witness of every protected cell: two whole-number tables, both in agreement with everything known, that
/// lie as far apart in that cell as is required. What has no witness is refused. It shares nothing with the regimes
/// that made the numbers.
/// </summary>
public static class IntervalChecker
{
    public static CheckResult Check(AttackerKnowledge known, CheckLimits? limits = null, CancellationToken ct = default)
    {
        limits ??= new CheckLimits();
        var clock = Stopwatch.StartNew();
        var search = new Search(known, limits.Seed);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(limits.SecondsMax));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            search.Run(stop.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            // Out of time: what is undecided stays so, and is refused.
        }

        var result = search.ToResult(clock.Elapsed.TotalSeconds);

        // Whoever says that a cell is protected must be able to show it: what the search has found is added up again.
        var refused = result.Report.Refused.Select(r => Certificate.WithoutWitness(r.Name));
        if (!result.Certificate.Verify(known).SequenceEqual(refused, StringComparer.Ordinal))
            throw new InvalidOperationException("The interval check found witnesses that are none.");
        return result;
    }
}
