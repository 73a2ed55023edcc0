using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// What each cell of a release is of, in words that mean the same in every release: days or months from and to, areas,
/// and codes. What stands for all of a dimension is left out, but never the period or the areas.
/// </summary>
static class CellIdentities
{
    public static IEnumerable<string> Of(ReleaseShape shape) => shape.Tables.SelectMany(t => Of(shape, t));

    static IEnumerable<string> Of(ReleaseShape shape, ShapeTable table)
    {
        var sizes = table.Dimensions.Select(d => d.Codes.Count + (d.TotalCode is null ? 0 : 1)).ToArray();
        var position = new int[sizes.Length];
        var (areas, times) = (Areas(shape.Areas), new Dictionary<string, string>(StringComparer.Ordinal));
        for (var cell = 0; cell < table.CellCount; cell++)
        {
            yield return Of(shape, table, position, areas, times);
            for (var d = sizes.Length - 1; d >= 0 && ++position[d] == sizes[d]; d--)
                position[d] = 0;
        }
    }

    static string Of(
        ReleaseShape shape, ShapeTable table, int[] position, string areas, Dictionary<string, string> times)
    {
        var words = new List<string>();
        var time = "";
        foreach (var (dimension, at) in table.Dimensions.Zip(position))
        {
            if (at == dimension.Codes.Count)
                continue;
            var code = dimension.Codes[at];
            if (shape.Time.IndexOf(dimension.Name) is var column and >= 0)
                time = times.TryGetValue(code, out var known) ? known : times[code] = Span(shape, column, code);
            else
                words.Add($"{dimension.Name}={code}");
            if (dimension.Name == ReleaseShape.Place)
                areas = "";
        }

        if (time.Length == 0)
            time = times.TryGetValue("", out var all) ? all : times[""] = Span(shape, 0, null);
        words.Sort(StringComparer.Ordinal);
        return $"{time};{areas}{string.Join(';', words)}";
    }

    /// <summary>From the first to the last of what it is made of.</summary>
    static string Span(ReleaseShape shape, int column, string? code)
    {
        if (shape.Time.Name == ReleaseShape.Period)
            return $"{shape.FirstDay}..{shape.LastDay}";
        var months = shape.Time.Elements.Where(e => code is null || e[column] == code).Select(e => e[0])
            .Order(StringComparer.Ordinal).ToList();
        return months.Count == 0 ? "none" : $"{months[0]}..{months[^1]}";
    }

    static string Areas(IReadOnlyList<string> areas) =>
        "areas=" + Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join(',', areas.Order(StringComparer.Ordinal)))))[..16] + ";";
}
