using System.Diagnostics;
using IsaExchange.DisclosureControl.Suppression;
using IsaExchange.Tests.DisclosureControl.Suppression;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Benchmarks;

/// <summary>
/// P8a: which cells to hide beside the protected ones, in three tables of a synthetic county. The peer is an R package;
/// its times and patterns were taken once, with GaussSuppression 1.2.3 on R 4.2.2 and one core of a machine like this.
/// </summary>
static class SuppressionWorkload
{
    static readonly (string Table, double PeerSeconds, string Target)[] Tables =
    [
        ("msoa_month", 23.3, "≤ 2 s"),
        ("lsoa_quarter", 45.3, "≤ 4 s"),
        ("lsoa_month", 1149, "≤ 60 s"),
    ];

    /// <exception cref="BenchmarkFaultException">The tables are missing.</exception>
    public static ResultRow[] Run(Order order, Progress progress) =>
        [.. Tables.Select(table => Run(table.Table, table.PeerSeconds, table.Target, order, progress))];

    static ResultRow Run(string name, double peerSeconds, string target, Order order, Progress progress)
    {
        var table = Read(name);
        var hidden = JointSuppression.Choose(table.Problem, CancellationToken.None);
        var ours = new List<TimeSpan>();
        for (var pair = 0; pair < order.Pairs; pair++)
        {
            var started = Stopwatch.GetTimestamp();
            hidden = JointSuppression.Choose(table.Problem, CancellationToken.None);
            ours.Add(Stopwatch.GetElapsedTime(started));
        }

        progress.Say($"p8, {name} done");
        var peer = Enumerable.Repeat(TimeSpan.FromSeconds(peerSeconds), ours.Count).ToArray();
        return ResultRow.OfTime(
            $"P8a {name}", "in process", "GaussSuppression, once", new Figures(ours, peer), target,
            FormattableString.Invariant(
                $"{table.Problem.Cells.Count:N0} cells, {table.PrimaryCount:N0} protected; ")
            + FormattableString.Invariant(
                $"{table.SecondaryCount(hidden):N0} hidden beside them, the peer {table.PeerSecondaryCount:N0}"));
    }

    static PeerTable Read(string name)
    {
        try
        {
            return PeerTable.Read(
                SharedFolders.Vectors("disclosure", "county", "table_large.csv"),
                SharedFolders.Vectors("disclosure", "county", $"table_large_gauss_{name}_t2_default_out.csv"));
        }
        catch (Exception e)
        {
            throw new BenchmarkFaultException(
                "The county tables are missing: they belong in ../shared/vectors/disclosure beside the repository, or"
                + " where ISAX_VECTORS says.", inner: e);
        }
    }
}
