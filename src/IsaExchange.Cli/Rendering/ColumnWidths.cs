namespace IsaExchange.Cli.Rendering;

/// <summary>
/// Decides which columns of a table may take several lines. Left to itself the library shows nothing at all when
/// columns that may not wrap are wider than the screen.
/// </summary>
static class ColumnWidths
{
    const int Padding = 3;

    // What a wrapped column keeps: comfortable at first, then whatever lets the rest stand.
    static readonly int[] Floors = [24, 12];

    /// <returns>Positions of the columns: sentences always, then the widest until the rest fits. Null when there are
    /// too many columns for the screen, however they wrap.</returns>
    public static HashSet<int>? Wrapped(Listing listing, int width)
    {
        var natural = listing.Columns.Select((column, i) => Natural(listing, column, i)).ToArray();
        var wrapped = listing.Columns.Index().Where(c => c.Item.Wraps).Select(c => c.Index).ToHashSet();
        foreach (var floor in Floors)
        {
            var candidates = new Stack<int>(listing.Columns.Index()
                .Where(c => c.Item is { Detail: false, Number: false, Wraps: false } && natural[c.Index] > floor)
                .Select(c => c.Index).OrderBy(i => natural[i]));
            while (!Fits(floor) && candidates.TryPop(out var widest)) wrapped.Add(widest);
            if (Fits(floor)) return wrapped;
        }
        return null;

        bool Fits(int floor) => width >= listing.Columns.Index()
            .Where(c => !c.Item.Detail)
            .Sum(c => Padding + (wrapped.Contains(c.Index) ? Math.Min(natural[c.Index], floor) : natural[c.Index]));
    }

    static int Natural(Listing listing, Column column, int i) =>
        Math.Max(column.Heading.Length, listing.Rows.Max(row => Cell.Text(row[i]).Length));
}
