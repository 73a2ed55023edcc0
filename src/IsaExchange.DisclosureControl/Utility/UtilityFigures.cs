namespace IsaExchange.DisclosureControl.Utility;

/// <summary>How far published numbers lie from the counts, among cells of one size.</summary>
/// <param name="From">Least true count of the band.</param>
/// <param name="To">Greatest; null: there is none.</param>
/// <param name="Cells">So many of them have a number.</param>
/// <param name="MeanAbsolute">Mean distance from the count, in events; 0 without cells.</param>
/// <param name="MeanRelative">Mean of the distance divided by the count.</param>
public sealed record BandError(long From, long? To, int Cells, double MeanAbsolute, double MeanRelative);

/// <summary>
/// What protection has cost those who read the table. CONFIDENTIAL until so many cells stand behind each figure that
/// none can be told from it.
/// </summary>
/// <param name="NonZeroShown">Of the cells that are not empty, the share with a number.</param>
/// <param name="EventsCovered">Of all events, the share in cells with a number.</param>
/// <param name="RankCorrelation">Spearman's, between counts and published numbers, equal ones sharing their rank; null
/// where either is the same everywhere.</param>
/// <param name="TopOverlap">Of the largest cells by their counts, the share that is among as many largest by what is
/// published.</param>
/// <param name="Hellinger">Distance of the two distributions over cells, from 0 (the same) to 1; null where either is
/// empty.</param>
public sealed record UtilityFigures(
    double NonZeroShown, double EventsCovered, IReadOnlyList<BandError> Errors, double? RankCorrelation,
    double TopOverlap, double? Hellinger)
{
    static readonly (long From, long? To)[] Bands = [(1, 4), (5, 19), (20, 99), (100, null)];

    /// <param name="counts">True counts of inner cells: totals would count events twice.</param>
    /// <param name="cells">What is published of each. What is not shown is read as its least possible count.</param>
    /// <param name="top">How many cells are looked at as the largest.</param>
    /// <exception cref="ArgumentException">Not as many cells as counts, or none.</exception>
    public static UtilityFigures Of(IReadOnlyList<long> counts, IReadOnlyList<PublishedCell> cells, int top = 20)
    {
        if (counts.Count != cells.Count || counts.Count == 0)
            throw new ArgumentException("Not as many cells as counts, or none.", nameof(cells));
        long[] read = [.. cells.Select(cell => cell.Value ?? cell.Lo)];
        var (nonZero, events, shown, covered) = (0, 0L, 0, 0L);
        for (var i = 0; i < cells.Count; i++)
        {
            (nonZero, events) = (nonZero + (counts[i] > 0 ? 1 : 0), events + counts[i]);
            if (cells[i].Value is not null && counts[i] > 0)
                (shown, covered) = (shown + 1, covered + counts[i]);
        }

        return new UtilityFigures(
            nonZero == 0 ? 1 : (double)shown / nonZero, events == 0 ? 1 : (double)covered / events,
            [.. Bands.Select(band => ErrorOf(band.From, band.To, counts, cells))],
            Correlation(Ranks(counts), Ranks(read)), Overlap(counts, read, Math.Min(top, counts.Count)),
            HellingerOf(counts, read));
    }

    static BandError ErrorOf(long from, long? to, IReadOnlyList<long> counts, IReadOnlyList<PublishedCell> cells)
    {
        var (number, absolute, relative) = (0, 0.0, 0.0);
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i].Value is not { } value || counts[i] < from || counts[i] > (to ?? long.MaxValue))
                continue;
            var error = Math.Abs((double)(value - counts[i]));
            (number, absolute, relative) = (number + 1, absolute + error, relative + (error / counts[i]));
        }

        return new BandError(from, to, number, absolute / Math.Max(number, 1), relative / Math.Max(number, 1));
    }

    static double[] Ranks(IReadOnlyList<long> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        var ranks = new double[order.Length];
        for (var first = 0; first < order.Length;)
        {
            var next = first;
            while (next < order.Length && values[order[next]] == values[order[first]])
                next++;
            for (var i = first; i < next; i++)
                ranks[order[i]] = (first + next + 1) / 2.0;
            first = next;
        }

        return ranks;
    }

    static double? Correlation(double[] a, double[] b)
    {
        var mean = (a.Length + 1) / 2.0;
        var (both, left, right) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            var (x, y) = (a[i] - mean, b[i] - mean);
            (both, left, right) = (both + (x * y), left + (x * x), right + (y * y));
        }

        return left > 0 && right > 0 ? both / Math.Sqrt(left * right) : null;
    }

    /// <summary>Of equal cells the first are taken.</summary>
    static double Overlap(IReadOnlyList<long> counts, IReadOnlyList<long> read, int top)
    {
        IEnumerable<int> Largest(IReadOnlyList<long> values) =>
            Enumerable.Range(0, values.Count).OrderByDescending(i => values[i]).Take(top);
        return (double)Largest(counts).Intersect(Largest(read)).Count() / top;
    }

    static double? HellingerOf(IReadOnlyList<long> counts, IReadOnlyList<long> read)
    {
        double all = counts.Sum(), published = read.Sum();
        if (all <= 0 || published <= 0)
            return null;
        var squares = counts.Zip(read, (n, v) => Math.Pow(Math.Sqrt(n / all) - Math.Sqrt(v / published), 2)).Sum();
        return Math.Sqrt(squares / 2);
    }
}
