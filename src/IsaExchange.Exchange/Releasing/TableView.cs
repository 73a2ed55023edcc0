using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing;

/// <summary>A line of a view: one cell, or one for each column; null where the filter left the cell out.</summary>
public sealed record TableViewRow(
    IReadOnlyList<string> Codes, IReadOnlyList<string> Titles, IReadOnlyList<PublishedCell?> Cells);

/// <summary>
/// Published cells chosen by a filter and laid out with one dimension in the columns. It moves cells and computes none:
/// a total is there when it was published.
/// </summary>
/// <param name="Dimensions">Of the codes of a row.</param>
/// <param name="Columns">Code and title; none without a pivot.</param>
public sealed record TableView(
    IReadOnlyList<string> Dimensions, IReadOnlyList<(string Code, string Title)> Columns,
    IReadOnlyList<TableViewRow> Rows)
{
    /// <param name="table">All of its cells.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="pivot">Dimension for the columns; empty: none.</param>
    /// <param name="columnsMax">Columns that a pivot may have.</param>
    /// <exception cref="ExchangeException">INVALID_ARGUMENT: the pivot is no dimension, or too wide.</exception>
    public static TableView Of(ReleaseTable table, TableFilter filter, string pivot, int columnsMax)
    {
        var chosen = table.Rows.Where(filter.Chooses);
        if (pivot.Length == 0)
            return new TableView(
                table.Dimensions, [], [.. chosen.Select(r => new TableViewRow(r.Codes, r.Titles, [r.Cell]))]);
        var at = table.Dimensions.ToList().IndexOf(pivot);
        if (at < 0)
            throw ExchangeException.Invalid(
                "UNKNOWN_DIMENSION",
                $"The table has no such dimension to pivot by. It has {string.Join(", ", table.Dimensions)}.");
        return Pivoted(table, [.. chosen], at, columnsMax);
    }

    static TableView Pivoted(ReleaseTable table, List<PublishedRow> chosen, int at, int columnsMax)
    {
        var used = chosen.Select(r => r.Codes[at]).ToHashSet(StringComparer.Ordinal);
        if (used.Count > columnsMax)
            throw ExchangeException.Invalid(
                "PIVOT_TOO_WIDE",
                $"The pivot would have {used.Count} columns; {columnsMax} is the most. Filter first.");

        // In the order of the table, of which a filter takes away and changes nothing.
        var columns = table.Rows.Where(r => used.Contains(r.Codes[at])).DistinctBy(r => r.Codes[at])
            .Select(r => (Code: r.Codes[at], Title: r.Titles[at])).ToList();
        var place = columns.Index().ToDictionary(c => c.Item.Code, c => c.Index, StringComparer.Ordinal);
        var rows = new List<TableViewRow>();
        var cellsOf = new Dictionary<string, PublishedCell?[]>(StringComparer.Ordinal);
        foreach (var row in chosen)
        {
            string[] codes = [.. Without(row.Codes, at)];

            // No code holds a line end: the file they come from has none in its cells.
            var key = string.Join('\n', codes);
            if (!cellsOf.TryGetValue(key, out var cells))
            {
                cellsOf[key] = cells = new PublishedCell?[columns.Count];
                rows.Add(new TableViewRow(codes, [.. Without(row.Titles, at)], cells));
            }

            cells[place[row.Codes[at]]] = row.Cell;
        }

        return new TableView([.. Without(table.Dimensions, at)], columns, rows);
    }

    static IEnumerable<string> Without(IReadOnlyList<string> all, int at) => all.Where((_, i) => i != at);
}
