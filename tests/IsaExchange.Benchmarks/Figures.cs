namespace IsaExchange.Benchmarks;

/// <summary>Ours and the peer's in turns, pair by pair.</summary>
sealed record Figures(IReadOnlyList<TimeSpan> Ours, IReadOnlyList<TimeSpan> Peer)
{
    /// <summary>Our time in the peer's, pair by pair, in order of size.</summary>
    public IReadOnlyList<double> Ratios { get; } = [.. Ours.Zip(Peer, (ours, peer) => ours / peer).Order()];

    /// <summary>The value at or above which lies this part of all, without inventing one between two.</summary>
    public static T At<T>(IEnumerable<T> values, double part)
    {
        var ordered = values.Order().ToArray();
        return ordered[Math.Clamp((int)Math.Ceiling(part * ordered.Length) - 1, 0, ordered.Length - 1)];
    }

    public static TimeSpan Median(IEnumerable<TimeSpan> values) => At(values, 0.5);
}
