namespace IsaExchange.Cli.Rendering;

/// <summary>
/// Decides which columns of a table may take several lines. Left to itself the library shows nothing at all when
/// columns that may not wrap are wider than the screen.
/// </summary>
static class ColumnWidths
{
    const int Padding = 3;

    // A wrapped column keeps at least about this much.
    const int Wrapping = 24;

    /// <returns>Positions of the columns: sentences always, then the widest until the rest fits.</returns>
    public static HashSet<int> Wrapped(Listing listing, int width)
    {
        var natural = listing.Columns.Select((column, i) => Natural(listing, column, i)).ToArray();
        var wrapped = listing.Columns.Index().Where(c => c.Item.Wraps).Select(c => c.Index).ToHashSet();
        var candidates = new Stack<int>(listing.Columns.Index()
            .Where(c => c.Item is { Detail: false, Number: false, Wraps: false } && natural[c.Index] > Wrapping)
            .Select(c => c.Index).OrderBy(i => natural[i]));
        while (Total(listing, natural, wrapped) > width && candidates.TryPop(out var widest)) wrapped.Add(widest);
        if (Total(listing, natural, wrapped) > width) wrapped.UnionWith(Enumerable.Range(0, listing.Columns.Count));
        return wrapped;
    }

    static int Total(Listing listing, int[] natural, HashSet<int> wrapped) => listing.Columns.Index()
        .Where(c => !c.Item.Detail)
        .Sum(c => Padding + (wrapped.Contains(c.Index) ? Math.Min(natural[c.Index], Wrapping) : natural[c.Index]));

    static int Natural(Listing listing, Column column, int i) =>
        Math.Max(column.Heading.Length, listing.Rows.Max(row => Cell.Text(row[i]).Length));
}
