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
        progress.Say("warming up");
        await exchange.SendAsync(quarter.Large);
        await peer.SendAsync(quarter.Large);

        var (ours, theirs, duckDb) = (new List<Cost>(), new List<Cost>(), new List<TimeSpan>());
        for (var pair = 1; pair <= order.Pairs; pair++)
        {
            ours.Add(await exchange.SendAsync(quarter.Large));
            theirs.Add(await peer.SendAsync(quarter.Large));
            duckDb.Add(DuckDbPass.Time(quarter.Large, quarter.LargeRecords));
            progress.Say(
                $"p2 {exchange.SetUp}, pair {pair} of {order.Pairs}: isax {ours[^1]},"
                + $" peer {theirs[^1]}, DuckDB {duckDb[^1].TotalSeconds:0.00} s");
        }

        var bytes = new FileInfo(quarter.Large).Length;
        TimeSpan[] our = [.. ours.Select(c => c.Wall)];
        return
        [
            ResultRow.OfThroughput(
                "P2 (a)", exchange.SetUp, "hash and keep", bytes, new Figures(our, [.. theirs.Select(c => c.Wall)]),
                "≥ 0.8×"),
            ResultRow.OfProcessorTime(
                "P2 (a) CPU", exchange.SetUp, "hash and keep",
                new Figures([.. ours.Select(c => c.Processor)], [.. theirs.Select(c => c.Processor)])),
            ResultRow.OfThroughput("P2 (b)", exchange.SetUp, "DuckDB", bytes, new Figures(our, duckDb), "–"),
        ];
    }
}
