using System.Text.Json.Nodes;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.Utility;

namespace IsaExchange.Exchange.Releasing;

/// <summary>What a manifest tells of the use of its tables: only what anybody can reckon from the published cells and
/// the rule. A figure measured against the counts would be one more number that no check looks at.</summary>
static class UtilityNode
{
    public static JsonObject Of(IReadOnlyList<PublishedTable> tables, string regime)
    {
        var node = new JsonObject { ["tables"] = new JsonArray([.. tables.Select(t => (JsonNode)Table(t))]) };
        if (ExpectedDistance.Of(regime) is { } distance)
            node["expected_distance"] = new JsonObject
            {
                ["mean"] = Rounded(distance.Mean),
                ["greatest_mean"] = Rounded(distance.Greatest),
                ["at_most"] = distance.Most,
            };
        return node;
    }

    static JsonObject Table(PublishedTable table)
    {
        var figures = PublicFigures.Of(table);
        var node = new JsonObject { ["table"] = table.Name, ["cells"] = figures.Cells };
        foreach (var status in Enum.GetValues<CellStatus>())
            node[ReleaseFiles.Word(status) + "_percent"] = figures.Percent(status);
        node["interval_widths"] = new JsonArray([.. figures.Widths.Where(w => w.Cells > 0).Select(w =>
            (JsonNode)new JsonObject
            {
                ["from"] = w.From, ["to"] = w.To, ["cells"] = w.Cells, ["mean_width"] = Rounded(w.MeanWidth),
            })]);
        return node;
    }

    static decimal Rounded(double events) => Math.Round((decimal)events, 2, MidpointRounding.AwayFromZero);

    /// <summary>For readers, a sentence a table and one of the rule; none where a manifest tells nothing.</summary>
    public static IEnumerable<string> Words(JsonNode? node)
    {
        if (node is not JsonObject utility)
            yield break;
        foreach (var table in utility["tables"]!.AsArray())
        {
            var shares = Enum.GetValues<CellStatus>().Select(ReleaseFiles.Word)
                .Select(word => $"{word} {table![word + "_percent"]} %");
            var widths = table!["interval_widths"]!.AsArray().Select(
                w => $"{w!["from"]} {(w["to"] is { } to ? $"to {to}" : "or more")}: {w["mean_width"]}");
            yield return $"{table["table"]}, {table["cells"]} cells: {string.Join(", ", shares)}. "
                + $"Mean width from lo to hi, by value: {string.Join("; ", widths.DefaultIfEmpty("none"))}.";
        }

        if (utility["expected_distance"] is { } distance)
            yield return $"By the rule, not measured: a rounded number is expected {distance["mean"]} from its count "
                + $"on average over all last digits, {distance["greatest_mean"]} for the worst, and never more than "
                + $"{distance["at_most"]}.";
    }
}
