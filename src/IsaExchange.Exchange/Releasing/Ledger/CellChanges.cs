namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>How many records have come or gone in each cell of a release since an earlier one, as far as counts
/// tell.</summary>
static class CellChanges
{
    /// <returns>For each cell of <paramref name="now"/>, its tables one after another; at least so many
    /// records.</returns>
    public static long[] Between(ReleaseShape then, ReleaseShape now)
    {
        var changes = new Dictionary<string, (IReadOnlyDictionary<string, string> Codes, long Count)>(
            StringComparer.Ordinal);
        Add(now, sign: 1, changes);
        Add(then, sign: -1, changes);
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
        ReleaseShape shape, int sign,
        Dictionary<string, (IReadOnlyDictionary<string, string> Codes, long Count)> changes)
    {
        foreach (var atom in shape.Atoms)
        {
            var codes = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var a = 0; a < shape.Axes.Count; a++)
            {
                var (axis, element) = (shape.Axes[a], shape.Axes[a].Elements[atom.Elements[a]]);
                for (var d = 0; d < element.Length; d++)
                    codes[axis.Dimensions[d]] = element[d];
            }

            var key = string.Join('|', codes.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Value));
            changes[key] = (codes, changes.GetValueOrDefault(key).Count + (sign * atom.Count));
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
