using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.OwnTables;

/// <summary>A table as sums over the finest counts: the complete grid of the codes that it has.</summary>
sealed class TableSums(IReadOnlyList<Classification> classifications, ICollection<TableFault> faults)
{
    const int CellsMax = 4_000_000;

    readonly Dictionary<CheckedDimension, Dictionary<string, int>> _places = [];
    readonly int[] _finest = [.. classifications.Select(c => c.Count)];

    /// <param name="first">Position of the table's first sum among all.</param>
    /// <returns>By cell: the sum, and the row that it is from; null where the table has no row for it.</returns>
    public List<(KnownSum Sum, OwnRow? Row)> Of(OwnTable table, int first)
    {
        if (Dimensions(table) is not { } dimensions)
            return [];
        var cells = dimensions.Aggregate(1L, (n, d) => Math.Min(n * d.Codes.Count, CellsMax + 1L));
        if (cells > CellsMax)
        {
            faults.Add(new TableFault(table.File, 0, $"more than {CellsMax} combinations of its codes"));
            return [];
        }

        var rows = new OwnRow?[cells];
        foreach (var row in table.Rows)
        {
            var at = Place(dimensions, row);
            if (rows[at] is { } before)
                faults.Add(new TableFault(table.File, row.Line, $"the same codes as in line {before.Line}"));
            rows[at] = row;
        }

        var absent = rows.Count(row => row is null);
        if (absent > 0 && table.Absent == AbsentRows.Unexplained)
            faults.Add(new TableFault(table.File, 0, $"{absent} of {cells} combinations of its codes have no row: say"
                + " what that says, 'absent: zero' or 'absent: unknown'"));
        var nothing = new CellStatement(0, table.Absent == AbsentRows.Zero ? 0 : null);
        var said = rows.Select(row => row is null ? nothing : new CellStatement(row.Lo, row.Hi));
        return [.. new CheckedTable(table.Name, dimensions, [.. said]).Sums(_finest, first).Zip(rows)];
    }

    List<CheckedDimension>? Dimensions(OwnTable table)
    {
        var dimensions = new List<CheckedDimension>();
        for (var d = 0; d < table.Dimensions.Count; d++)
        {
            var at = classifications.ToList().FindIndex(c => c.Name == table.Dimensions[d]);
            var unknown = table.Rows.Where(row => classifications[at].Find(row.Codes[d]) is null).ToList();
            foreach (var row in unknown)
                faults.Add(new TableFault(table.File, row.Line, $"{row.Codes[d]} is no code of {table.Dimensions[d]}"));
            if (unknown.Count > 0)
                return null;
            var present = table.Rows.Select(row => row.Codes[d]).Distinct(StringComparer.Ordinal).ToList();
            dimensions.Add(new CheckedDimension(table.Dimensions[d], at, classifications[at].Checked(present)));
        }

        return dimensions;
    }

    int Place(List<CheckedDimension> dimensions, OwnRow row)
    {
        var at = 0;
        for (var d = 0; d < dimensions.Count; d++)
        {
            if (!_places.TryGetValue(dimensions[d], out var places))
            {
                _places[dimensions[d]] = places = dimensions[d].Codes.Select((c, i) => (c.Code, i))
                    .ToDictionary(x => x.Code, x => x.i, StringComparer.Ordinal);
            }

            at = (at * dimensions[d].Codes.Count) + places[row.Codes[d]];
        }

        return at;
    }
}
