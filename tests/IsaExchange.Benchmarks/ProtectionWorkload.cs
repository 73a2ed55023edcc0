using System.Diagnostics;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Tests.DisclosureControl.IntervalCheck;

namespace IsaExchange.Benchmarks;

/// <summary>
/// P8: the whole way of two county tables: which cells to hide, the check with a witness of every protected cell, and
/// what has to be hidden for that besides. The peer chooses and does not check: its times were taken once, with
/// GaussSuppression 1.2.3 on R 4.2.2 and one core of a machine like this.
/// </summary>
static class ProtectionWorkload
{
    static readonly ProtectionProfile AsThePeer =
        new(ProtectionProfile.Suppression, Threshold: 3, Width: 1) { ZerosAreShown = true };

    static readonly (string Table, double PeerSeconds, int PeerHides, int PeerExposes, string Target)[] Tables =
    [
        ("msoa_month", 23.3, 2_590, 1, "≤ 5 s"),
        ("lsoa_quarter", 45.3, 3_092, 0, "≤ 10 s"),
        ("lsoa_month", 1_149, 14_655, 49, "≤ 120 s"),
    ];

    /// <exception cref="BenchmarkFaultException">A table is not safe at the end.</exception>
    public static ResultRow[] Run(Order order, Progress progress) =>
        [.. Tables.Select(table => Run(table.Table, table.PeerSeconds, (table.PeerHides, table.PeerExposes),
            table.Target, order, progress))];

    static ResultRow Run(
        string name, double peerSeconds, (int Hides, int Exposes) peer, string target, Order order, Progress progress)
    {
        var exact = CountyTables.Large.Exact($"county/table_large_gauss_{name}_t2_default_out.csv");
        var ours = new List<TimeSpan>();
        ProtectedCells? release = null;
        for (var pair = 0; pair < order.Pairs; pair++)
        {
            var started = Stopwatch.GetTimestamp();
            release = TableProtection.Run(exact, AsThePeer);
            ours.Add(Stopwatch.GetElapsedTime(started));
            if (!release.Check.Report.IsSafe)
                throw new BenchmarkFaultException($"p8: {name} is not safe.");
        }

        progress.Say($"p8, {name} checked");
        var hidden = exact.Counts.Zip(release!.Cells)
            .Count(c => c.First is 0 or > 2 && c.Second.Status == CellStatus.Few);
        var peers = Enumerable.Repeat(TimeSpan.FromSeconds(peerSeconds), ours.Count).ToArray();
        return ResultRow.OfTime(
            $"P8 {name}", "in process", "GaussSuppression, once, unchecked", new Figures(ours, peers), target,
            FormattableString.Invariant(
                $"{exact.Counts.Count:N0} cells, {release.Check.Report.ProtectedCells:N0} protected; ")
            + FormattableString.Invariant(
                $"{hidden:N0} hidden beside them and 0 exposed, the peer {peer.Hides:N0} and {peer.Exposes}"));
    }
}
