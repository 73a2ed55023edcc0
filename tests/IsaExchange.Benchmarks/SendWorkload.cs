using IsaExchange.Benchmarks.Peers;

namespace IsaExchange.Benchmarks;

/// <summary>
/// P2: a large file from the start of isax to its receipt. Peers: the same bytes from a bare client to a service that
/// hashes and keeps them; and, for orientation, the same file grouped and counted by DuckDB.
/// </summary>
static class SendWorkload
{
    public static async Task<IEnumerable<ResultRow>> RunAsync(
        Order order, StreetQuarter quarter, MeasuredExchange exchange, Progress progress)
    {
        await using var peer = await PeerProcess.KeepingAsync(exchange.Servers, CancellationToken.None);
        progress.Say("warming up with the quarter");
        await exchange.SendAsync(quarter.File);
        await peer.SendAsync(quarter.File);

        var (ours, theirs, duckDb) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
        for (var pair = 1; pair <= order.Pairs; pair++)
        {
            ours.Add(await MeasuredExchange.TimeAsync(() => exchange.SendAsync(quarter.Large)));
            theirs.Add(await MeasuredExchange.TimeAsync(() => peer.SendAsync(quarter.Large)));
            duckDb.Add(DuckDbPass.Time(quarter.Large, quarter.LargeRecords));
            progress.Say(
                $"p2 {exchange.SetUp}, pair {pair} of {order.Pairs}: isax {ours[^1].TotalSeconds:0.00} s,"
                + $" peer {theirs[^1].TotalSeconds:0.00} s, DuckDB {duckDb[^1].TotalSeconds:0.00} s");
        }

        var bytes = new FileInfo(quarter.Large).Length;
        return
        [
            ResultRow.OfThroughput("P2 (a)", exchange.SetUp, "hash and keep", bytes, new Figures(ours, theirs), "≥ 0.8×"),
            ResultRow.OfThroughput("P2 (b)", exchange.SetUp, "DuckDB", bytes, new Figures(ours, duckDb), "–"),
        ];
    }
}
