using System.Globalization;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.OwnTables;
using IsaExchange.DisclosureControl.Rates;

namespace IsaExchange.Cli.Tables;

/// <summary>Which columns a table of a release and a file of residents have.</summary>
/// <param name="Area">Of the table: codes of areas.</param>
/// <param name="Total">Code that stands for all other areas of the table together; null: there is none.</param>
/// <param name="Code">Of the file of residents: codes of areas.</param>
/// <param name="Residents">Of the file of residents: how many there are.</param>
sealed record RateColumns(string Area, string? Total, string Code, string Residents);

/// <summary>A row of the table with what was added; <see cref="Rate"/> is null where there is none.</summary>
sealed record RatedRow(IReadOnlyList<string> Cells, long Residents, ResidentRate? Rate);

/// <summary>A published table with rates of the residents of its areas.</summary>
sealed record RateFiles(IReadOnlyList<string> Columns, IReadOnlyList<RatedRow> Rows)
{
    static readonly string[] OfARelease = ["value", "status", "lo", "hi"];

    /// <returns>Null, with faults, when a file cannot be read, or an area has no residents in the file.</returns>
    public static RateFiles? Read(string table, string population, RateColumns columns, ICollection<TableFault> faults)
    {
        var published = CsvTable.Read(table, faults);
        var residents = CsvTable.Read(population, faults);
        if (published is null || residents is null)
            return null;
        Require(published, [columns.Area, .. OfARelease], faults);
        Require(residents, [columns.Code, columns.Residents], faults);
        if (faults.Count > 0)
            return null;
        var byArea = ResidentsOf(published, residents, columns, faults);
        var area = published.Find(columns.Area);
        var rows = published.Rows.Where(row => byArea.ContainsKey(row.Cells[area])).Select(row => new RatedRow(
            row.Cells, byArea[row.Cells[area]],
            ResidentRate.Of(CellOf(published, row.Line, row.Cells, faults), byArea[row.Cells[area]]))).ToList();
        return faults.Count > 0 ? null : new RateFiles([.. published.Columns], rows);
    }

    static void Require(CsvTable file, string[] columns, ICollection<TableFault> faults)
    {
        foreach (var column in columns.Where(column => file.Find(column) < 0))
            faults.Add(new TableFault(file.File, 1, $"there is no column {column}"));
    }

    /// <summary>Every area of the table; what is missing in the file is named, and never taken for none.</summary>
    static Dictionary<string, long> ResidentsOf(
        CsvTable published, CsvTable residents, RateColumns columns, ICollection<TableFault> faults)
    {
        var (code, number) = (residents.Find(columns.Code), residents.Find(columns.Residents));
        var file = new Dictionary<string, (int Line, string Text)>(StringComparer.Ordinal);
        foreach (var (line, cells) in residents.Rows)
        {
            if (!file.TryAdd(cells[code], (line, cells[number])))
                faults.Add(new TableFault(residents.File, line, $"{cells[code]} stands in two rows"));
        }

        var byArea = new Dictionary<string, long>(StringComparer.Ordinal);
        var areas = published.Rows.Select(row => row.Cells[published.Find(columns.Area)])
            .Distinct(StringComparer.Ordinal).Where(area => area != columns.Total);
        foreach (var area in areas)
        {
            if (!file.TryGetValue(area, out var found))
                faults.Add(new TableFault(residents.File, 0, $"{area} has no row"));
            else if (Whole(found.Text) is { } whole)
                byArea[area] = whole;
            else
                faults.Add(new TableFault(residents.File, found.Line, $"{columns.Residents} is no whole number"));
        }

        if (columns.Total is not null)
            byArea[columns.Total] = byArea.Values.Sum();
        return byArea;
    }

    static PublishedCell CellOf(CsvTable table, int line, string[] cells, ICollection<TableFault> faults)
    {
        string Text(string column) => cells[table.Find(column)];
        var status = Text("status") switch
        {
            "shown" => CellStatus.Shown,
            "rounded" => CellStatus.Rounded,
            "held" => CellStatus.Held,
            "few" => CellStatus.Few,
            "missing" => CellStatus.Missing,
            _ => (CellStatus?)null,
        };
        var hasValue = status is CellStatus.Shown or CellStatus.Rounded or CellStatus.Held;
        var (value, lo, hi) = (Whole(Text("value")), Whole(Text("lo")), Whole(Text("hi")));
        if (status is null || hasValue != value is not null || (hasValue && lo is null))
            faults.Add(new TableFault(table.File, line, "status, value, lo and hi do not go together"));
        return new PublishedCell(status ?? CellStatus.Missing, hasValue ? value : null, lo ?? 0, hi);
    }

    static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
