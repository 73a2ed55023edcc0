namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>How many records have come or gone in each cell of a release since an earlier one, as far as counts
/// tell.</summary>
static class CellChanges
{
    /// <param name="common">The release and those before.</param>
    /// <param name="earlier">Which of them it is compared with.</param>
    /// <returns>For each cell of the release, its tables one after another; at least so many records.</returns>
    public static long[] Since(CommonCodes common, int earlier)
    {
        var now = common.Shapes[0];
        var changes = new Dictionary<string, (IReadOnlyDictionary<string, string> Codes, long Count)>(
            StringComparer.Ordinal);
        var then = common.Shapes[earlier];
        var both = now.Axes.Select(a => a.Name).Intersect(then.Axes.Select(a => a.Name), StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);
        Add(now, both, common.LaterColumns(earlier), sign: 1, changes);
        Add(then, both, common.EarlierColumns(earlier), sign: -1, changes);
        var times = now.Time.Elements.Select(e => e[0]).ToHashSet(StringComparer.Ordinal);
        var cells = new long[now.Tables.Sum(t => t.CellCount)];
        foreach (var (codes, count) in changes.Values)
        {
            // The earlier release may be of more areas and of a longer time.
            if (count == 0 || !now.Areas.Contains(codes[ReleaseShape.Place]) || !times.Contains(codes[now.Time.Name]))
                continue;
            var first = 0;
            foreach (var table in now.Tables)
            {
                foreach (var cell in CellsOf(table, codes))
                    cells[first + cell] += Math.Abs(count);
                first += table.CellCount;
            }
        }

        return cells;
    }

    static void Add(
        ReleaseShape shape, HashSet<string> axes, IReadOnlyDictionary<string, string[]> told, int sign,
        Dictionary<string, (IReadOnlyDictionary<string, string> Codes, long Count)> changes)
    {
        List<string> key = [.. shape.Axes.Where(a => axes.Contains(a.Name)).SelectMany(
            a => told.TryGetValue(a.Name, out var columns) ? columns : a.Dimensions.Take(a.Base))];
        foreach (var atom in shape.Atoms)
        {
            var codes = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var a = 0; a < shape.Axes.Count; a++)
            {
                var (axis, element) = (shape.Axes[a], shape.Axes[a].Elements[atom.Elements[a]]);
                for (var d = 0; d < element.Length; d++)
                    codes[axis.Dimensions[d]] = element[d];
            }

            // Where its code is no more, the cells it was in are those of what became of it.
            var of = string.Join('|', key.Select(dimension => codes[dimension]));
            var (known, count) = changes.GetValueOrDefault(of);
            changes[of] = (known ?? codes, count + (sign * atom.Count));
        }
    }

    /// <summary>Every cell that includes it: its own, and all of which the total is taken.</summary>
    static List<int> CellsOf(ShapeTable table, IReadOnlyDictionary<string, string> codes)
    {
        List<int> cells = [0];
        foreach (var dimension in table.Dimensions)
        {
            var places = new List<int>();
            if (dimension.Codes.ToList().IndexOf(codes[dimension.Name]) is var at and >= 0)
                places.Add(at);
            if (dimension.TotalCode is not null)
                places.Add(dimension.Codes.Count);
            var size = dimension.Codes.Count + (dimension.TotalCode is null ? 0 : 1);
            cells = [.. cells.SelectMany(cell => places.Select(place => (cell * size) + place))];
        }

        return cells;
    }
}
