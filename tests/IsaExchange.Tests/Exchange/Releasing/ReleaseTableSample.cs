using System.Text;
using IsaExchange.Exchange.Releasing;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>Tables of releases as their files say them.</summary>
static class ReleaseTableSample
{
    const string Head = "area,area_title,month,month_title,first_day,last_day,count,value,status,lo,hi\n";

    /// <summary>Two areas and two months with their totals: one cell of each status, and numbers.</summary>
    public static ReleaseTable Table { get; } = Of(
        "X1 2026-01 10 rounded 6 14", "X1 2026-02 - few 0 7", "X1 ALL 15 rounded 11 19",
        "X2 2026-01 0 shown 0 0", "X2 2026-02 - missing 0 -", "X2 ALL - missing 0 -",
        "ALL 2026-01 5 held 5 5", "ALL 2026-02 - missing 0 -", "ALL ALL - missing 0 -");

    /// <param name="cells">Area, month, value, status, least and greatest, with a hyphen for what is not said.</param>
    public static ReleaseTable Of(params string[] cells) =>
        ReleaseTable.Parse("area-by-month", Encoding.UTF8.GetBytes(Head + string.Concat(cells.Select(Line))))!;

    static string Line(string cell)
    {
        var parts = cell.Split(' ').Select(p => p == "-" ? "" : p).ToArray();
        var count = parts[3] switch
        {
            "few" => "[c]",
            "missing" => "[x]",
            _ => parts[2],
        };
        return $"{parts[0]},\"{parts[0]}, a place\",{parts[1]},{parts[1]},2026-01-01,2026-03-31,{count},{parts[2]},"
            + $"{parts[3]},{parts[4]},{parts[5]}\n";
    }
}
