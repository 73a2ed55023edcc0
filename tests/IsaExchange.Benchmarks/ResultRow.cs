using System.Globalization;

namespace IsaExchange.Benchmarks;

/// <summary>One line of the table, ready to be read.</summary>
sealed record ResultRow(
    string Id, string SetUp, string Against, string Ours, string Peer, string Ratio, string Target, string Absolute)
{
    const string Heading =
        "| id | set-up | peer | ours | peer's | ratio | target | absolute |\n|---|---|---|---|---|---|---|---|";

    /// <summary>How fast we are in terms of the peer: more is better.</summary>
    public static ResultRow OfThroughput(
        string id, string setUp, string against, long bytes, Figures figures, string target, string more = "")
    {
        var (ours, peer) = (Figures.Median(figures.Ours), Figures.Median(figures.Peer));
        var speeds = figures.Ratios.Select(r => 1 / r).ToArray();
        return new ResultRow(
            id, setUp, against, Seconds(ours), Seconds(peer), Middle(speeds), target,
            $"{Speed(bytes, ours)} against {Speed(bytes, peer)} MB/s; "
            + (more.Length > 0 ? more : $"slowest {Seconds(figures.Ours.Max())}"));
    }

    /// <summary>How long we take in terms of the peer: less is better.</summary>
    public static ResultRow OfTime(
        string id, string setUp, string against, Figures figures, string target, string absolute) => new(
        id, setUp, against, Seconds(Figures.Median(figures.Ours)), Seconds(Figures.Median(figures.Peer)),
        Middle(figures.Ratios), target, absolute);

    /// <summary>The same by the time of the processors, for both ends together: less is better.</summary>
    public static ResultRow OfProcessorTime(string id, string setUp, string against, Figures figures) => new(
        id, setUp, against, Seconds(Figures.Median(figures.Ours)), Seconds(Figures.Median(figures.Peer)),
        Middle(figures.Ratios), "–", "client and service, without what they keep things on");

    /// <summary>How long we take in terms of the peer: less is better. Two lines: the median and p99.</summary>
    public static ResultRow[] OfLatency(string id, string setUp, string against, Figures figures, string parts)
    {
        var (ours, peer) = (Figures.Median(figures.Ours), Figures.Median(figures.Peer));
        var (ours99, peer99) = (Figures.At(figures.Ours, 0.99), Figures.At(figures.Peer, 0.99));
        return
        [
            new ResultRow(
                $"{id} p50", setUp, against, Milliseconds(ours), Milliseconds(peer), Middle(figures.Ratios), "≤ 2×",
                parts),
            new ResultRow(
                $"{id} p99", setUp, against, Milliseconds(ours99), Milliseconds(peer99),
                Text($"{ours99 / peer99:0.0}×"), "≤ 3×", $"slowest {Milliseconds(figures.Ours.Max())}"),
        ];
    }

    /// <summary>Memory in terms of that for the smallest file.</summary>
    public static ResultRow OfMemory(string id, string setUp, string peak, double growth, string target) => new(
        id, setUp, "10 MB", peak, "–", Text($"{growth:0.00}×"), target, "peak of the service");

    /// <summary>From nothing to an answer, in terms of a program that only says hello.</summary>
    public static ResultRow OfStart(string id, Figures figures, string target) => new(
        id, "embedded", "hello", Milliseconds(Figures.Median(figures.Ours)),
        Milliseconds(Figures.Median(figures.Peer)), Middle(figures.Ratios), target,
        $"slowest {Milliseconds(figures.Ours.Max())}");

    public static string Table(IEnumerable<ResultRow> rows) => string.Join('\n', rows.Select(r =>
        $"| {r.Id} | {r.SetUp} | {r.Against} | {r.Ours} | {r.Peer} | {r.Ratio} | {r.Target} | {r.Absolute} |")
        .Prepend(Heading));

    /// <summary>The median, and where nine of ten lie.</summary>
    static string Middle(IReadOnlyList<double> ratios) => Text(
        $"{Figures.At(ratios, 0.5):0.00}× ({Figures.At(ratios, 0.05):0.00}–{Figures.At(ratios, 0.95):0.00})");

    static string Seconds(TimeSpan time) => Text($"{time.TotalSeconds:0.00} s");

    static string Milliseconds(TimeSpan time) => Text($"{time.TotalMilliseconds:0.0} ms");

    static string Speed(long bytes, TimeSpan time) => Text($"{bytes / 1e6 / time.TotalSeconds:0}");

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
