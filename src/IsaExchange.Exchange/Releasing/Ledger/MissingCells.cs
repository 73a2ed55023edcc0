namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// Cells that rest on an area of which something is missing: missing is never zero, and never a part. A table without
/// areas rests on all of them.
/// </summary>
static class MissingCells
{
    public static HashSet<int> Of(ReleaseShape shape, Func<string, bool> isMissing)
    {
        var missing = shape.Areas.Where(isMissing).ToHashSet(StringComparer.Ordinal);
        var (cells, first) = (new HashSet<int>(), 0);
        foreach (var table in shape.Tables)
        {
            if (missing.Count > 0)
                cells.UnionWith(Of(shape, table, missing).Select(cell => first + cell));
            first += table.CellCount;
        }

        return cells;
    }

    static IEnumerable<int> Of(ReleaseShape shape, ShapeTable table, HashSet<string> missing)
    {
        var place = shape.Axes.First(a => a.Name == ReleaseShape.Place);
        var touched = table.Dimensions.Select(d => Touched(place, d.Name, d.Codes, missing)).ToArray();
        var sizes = table.Dimensions.Select(d => d.Codes.Count + (d.TotalCode is null ? 0 : 1)).ToArray();
        for (var cell = 0; cell < table.CellCount; cell++)
        {
            var (rest, isTouched) = (cell, true);
            for (var d = sizes.Length - 1; d >= 0; d--)
            {
                // Nothing but codes of places can show that a cell has nothing to do with what is missing.
                isTouched &= touched[d] is not { } codes || rest % sizes[d] == codes.Length || codes[rest % sizes[d]];
                rest /= sizes[d];
            }

            if (isTouched)
                yield return cell;
        }
    }

    /// <summary>For each code of a dimension of places whether it has to do with a missing area; null for any
    /// other.</summary>
    static bool[]? Touched(ShapeAxis place, string dimension, IReadOnlyList<string> codes, HashSet<string> missing)
    {
        var column = place.IndexOf(dimension);
        if (column < 0)
            return null;
        var touched = place.Elements.Where(e => missing.Contains(e[0])).Select(e => e[column])
            .ToHashSet(StringComparer.Ordinal);
        return [.. codes.Select(touched.Contains)];
    }
}
