using System.Globalization;
using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>
/// Reads the tables of a release back from each of its files, as a reader of that format would, and compares every cell
/// with what was checked: no format may say another number than the rest. What cannot be read is refused too.
/// </summary>
static class ReadBack
{
    static readonly string[] CellColumns = ["first_day", "last_day", "count", "value", "status", "lo", "hi"];

    /// <param name="tables">As checked.</param>
    /// <param name="firstDay">Of the release's period.</param>
    /// <param name="lastDay">Of the release's period.</param>
    /// <param name="files">All that are to be published.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="InvalidOperationException">A file does not say what was checked: nothing may be published.
    /// </exception>
    public static async Task RequireAsync(
        IReadOnlyList<PublishedTable> tables, DateOnly firstDay, DateOnly lastDay, IReadOnlyList<ReleaseFile> files,
        CancellationToken ct)
    {
        var (days, sheet) = (new[] { Text(firstDay), Text(lastDay) }, 0);
        var book = files.Single(f => f.Name.EndsWith(".xlsx", StringComparison.Ordinal));
        var whole = SdmxCsvFile.Period(firstDay, lastDay);
        foreach (var table in tables)
        {
            List<PublishedRow> rows = [.. table.Rows()];
            string[] columns = [.. table.Dimensions.Select(d => d.Name), .. CellColumns];
            IEnumerable<string[]> Expected(Func<string, string> written) =>
                rows.Select(row => (string[])[.. row.Codes.Select(written), .. days, .. Cells(row.Cell)]);

            var file = Named(files, table.Name + ".csv");
            Require(file, await ReadAsync(file, () => Task.FromResult(ReadTable.OfCsv(file.Content))), columns,
                Expected(code => CsvFile.IsFormulaLike(code) ? "'" + code : code));
            var parquet = Named(files, table.Name + ".parquet");
            Require(parquet, await ReadAsync(parquet, () => ReadTable.OfParquetAsync(parquet.Content, ct)), columns,
                Expected(code => code));
            var sdmx = Named(files, table.Name + ".sdmx.csv");
            Require(sdmx, await ReadAsync(sdmx, () => Task.FromResult(ReadTable.OfCsv(sdmx.Content))),
                SdmxCsvFile.Columns(table), rows.Select(row => Observation(table, row, whole)));
            if (!WorkbookFile.Fits(rows.Count))
                continue;
            var place = ++sheet;
            var name = table.Name[..Math.Min(table.Name.Length, SheetWriter.NameKept)];
            Require(
                book, await ReadAsync(book, () => Task.FromResult(ReadTable.OfSheet(book.Content, place, name))),
                columns, Expected(CellText.Of));
        }
    }

    static string[] Cells(PublishedCell cell) =>
    [
        Text(CellWords.Shown(cell)), Text(cell.Value), CellWords.Of(cell.Status), Text(cell.Lo), Text(cell.Hi),
    ];

    /// <summary>As <see cref="SdmxCsvFile.Columns"/> names them.</summary>
    static string[] Observation(PublishedTable table, PublishedRow row, string whole)
    {
        var (codes, period) = (new List<string>(), whole);
        for (var d = 0; d < row.Codes.Count; d++)
        {
            if (table.Dimensions[d].Name != SdmxCsvFile.Month)
                codes.Add(CsvFile.IsFormulaLike(row.Codes[d]) ? "'" + row.Codes[d] : row.Codes[d]);
            else if (row.Codes[d] != table.Dimensions[d].TotalCode)
                period = row.Codes[d];
        }

        var (observation, confidentiality) = CellWords.Sdmx(row.Cell.Status);
        return
        [
            .. codes, period, Text(row.Cell.Value), observation, confidentiality, Text(row.Cell.Lo),
            Text(row.Cell.Hi),
        ];
    }

    static void Require(
        ReleaseFile file, ReadTable read, IReadOnlyList<string> columns, IEnumerable<string[]> expected)
    {
        List<int> places = [.. columns.Select(c => read.Columns.ToList().IndexOf(c))];
        var at = 0;
        var isSame = !places.Contains(-1);
        foreach (var cells in expected)
        {
            isSame = isSame && at < read.Rows.Count
                && places.Select(p => read.Rows[at][p]).SequenceEqual(cells, StringComparer.Ordinal);
            at++;
        }

        if (!isSame || at != read.Rows.Count)
            throw Wrong(file.Name);
    }

    /// <summary>What a library says of a file that it cannot read may hold a cell of it, and goes no further.</summary>
    static async Task<ReadTable> ReadAsync(ReleaseFile file, Func<Task<ReadTable>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw Wrong(file.Name);
        }
    }

    static ReleaseFile Named(IReadOnlyList<ReleaseFile> files, string name) =>
        files.SingleOrDefault(f => f.Name == name) ?? throw Wrong(name);

    static InvalidOperationException Wrong(string file) => new($"{file} does not say what was checked.");

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Text(object? cell) => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";
}
