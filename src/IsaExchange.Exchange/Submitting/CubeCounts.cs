using IsaExchange.Datasets.Plausibility;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Submitting;

/// <summary>A cube as the counts that periods are compared by: the month is left out, for it is another one.</summary>
static class CubeCounts
{
    const string Month = "month";

    /// <summary>Null when the cube was counted without the dimension: then nothing can be compared.</summary>
    /// <param name="row">The submission, for its period and areas.</param>
    /// <param name="cube">Its cube; null for a nil return, which says that every count is 0.</param>
    /// <param name="by">The dimension; null: totals of areas only.</param>
    public static PeriodCounts? Of(SubmissionRow row, Cube? cube, string? by)
    {
        var counts = new PeriodCounts(
            row.Name, Day(row.PeriodStart), Day(row.PeriodEnd),
            row.Areas.Split(',').ToHashSet(StringComparer.Ordinal));
        if (cube is null)
            return counts;
        var at = by is null ? -1 : cube.Dimensions.IndexOf(by);
        if (by is not null && at < 0)
            return null;
        var others = Enumerable.Range(0, cube.Dimensions.Length)
            .Where(d => d != at && cube.Dimensions[d] != Month).ToArray();
        foreach (var cell in cube.Cells)
        {
            counts.Add(
                cell.Area, at < 0 ? "" : cell.Codes[at], string.Join('\t', others.Select(d => cell.Codes[d])),
                cell.Count);
        }

        return counts;
    }

    static DateOnly Day(string iso) =>
        DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
