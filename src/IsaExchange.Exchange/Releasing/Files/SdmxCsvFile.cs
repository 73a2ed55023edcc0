using System.Globalization;
using System.Text;
using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>
/// SDMX-CSV 2.0: the columns of the field guide of sdmx-twg/sdmx-csv, first those that name the structure. The dataflow
/// is AGREEMENT:FEED_TABLE; its components are the dimensions of the table, TIME_PERIOD, OBS_VALUE, and as attributes
/// OBS_STATUS, CONF_STATUS, LO and HI. Each release replaces the one before it.
/// </summary>
static class SdmxCsvFile
{
    const string MediaType = "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8";

    /// <summary>Of the structure, which is as old as these columns; a release has a number and no version.</summary>
    const string Version = "1.0.0";

    /// <summary>A table with it has months as its time periods, and no dimension of that name.</summary>
    internal const string Month = "month";

    public static ReleaseFile Of(PublishedTable table, ReleaseNotes notes)
    {
        var months = table.Dimensions.ToList().FindIndex(d => d.Name == Month);
        var text = new StringBuilder("STRUCTURE,STRUCTURE_ID,ACTION,").AppendJoin(',', Columns(table)).Append('\n');
        var head = $"dataflow,{Id(notes.Name.Agreement)}:{Id(notes.Feed)}_{Id(table.Name)}({Version}),R";
        var (whole, rows) = (Period(notes.FirstDay, notes.LastDay), 0);
        foreach (var row in table.Rows())
        {
            text.Append(head);
            for (var d = 0; d < row.Codes.Count; d++)
            {
                if (d != months)
                    text.Append(',').Append(CsvFile.Text(row.Codes[d]));
            }

            var (status, value, lo, hi) = row.Cell;
            var (observation, confidentiality) = CellWords.Sdmx(status);
            var period = months < 0 || row.Codes[months] == table.Dimensions[months].TotalCode
                ? whole
                : row.Codes[months];
            text.Append(
                CultureInfo.InvariantCulture, $",{period},{value},{observation},{confidentiality},{lo},{hi}\n");
            rows++;
        }

        return new ReleaseFile(
            table.Name + ".sdmx.csv", MediaType, Encoding.UTF8.GetBytes(text.ToString()), rows);
    }

    /// <summary>A month, quarter or year of the calendar as SDMX writes it, and anything else as a range of
    /// days.</summary>
    internal static string Period(DateOnly first, DateOnly last)
    {
        var (end, year) = (last.AddDays(1), first.Year.ToString("0000", CultureInfo.InvariantCulture));
        if (first.Day == 1 && first.AddMonths(1) == end)
            return first.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        if (first.Day == 1 && first.Month % 3 == 1 && first.AddMonths(3) == end)
            return string.Create(CultureInfo.InvariantCulture, $"{year}-Q{(first.Month + 2) / 3}");
        if (first is { Day: 1, Month: 1 } && first.AddYears(1) == end)
            return year;
        var days = end.DayNumber - first.DayNumber;
        return string.Create(CultureInfo.InvariantCulture, $"{first:yyyy-MM-dd}/P{days}D");
    }

    /// <summary>Those that tell of an observation: its dimensions, its time, and what is said of it.</summary>
    internal static IReadOnlyList<string> Columns(PublishedTable table) =>
    [
        .. table.Dimensions.Where(d => d.Name != Month).Select(d => Id(d.Name)),
        "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "LO", "HI",
    ];

    /// <summary>Identifiers of SDMX are written in capitals, with underscores.</summary>
    static string Id(string name) => name.Replace('-', '_').ToUpperInvariant();
}
