using System.Text.Json.Nodes;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>
/// What stands beside a CSV and tells of it: metadata as "Metadata Vocabulary for Tabular Data" (W3C, 2015) has it. A
/// reader that knows it finds it by its name, reads days and numbers as such, and the marks of `count` as null.
/// </summary>
static class CsvwFile
{
    public static ReleaseFile Of(FileTable table, ReleaseNotes notes)
    {
        var metadata = new JsonObject
        {
            ["@context"] = new JsonArray("http://www.w3.org/ns/csvw", new JsonObject { ["@language"] = "en" }),
            ["@type"] = "Table",
            ["url"] = CsvFile.NameOf(table),
            ["dc:title"] = $"{notes.Title}: {table.Title}",
            ["dc:identifier"] = notes.Name.ToString(),
            ["dc:issued"] = new JsonObject { ["@value"] = notes.Published, ["@type"] = "xsd:dateTime" },
            ["dc:accessRights"] = notes.Marking,
            ["dc:rights"] = Rights(notes),
            ["dc:description"] = notes.Guarantee,
            ["notes"] = new JsonArray([.. notes.Lines().Select(line => (JsonNode)new JsonObject
            {
                ["dc:title"] = line.What,
                ["dc:description"] = line.Says,
            })]),
            ["dialect"] = new JsonObject
            {
                ["encoding"] = "utf-8",
                ["delimiter"] = ",",
                ["quoteChar"] = "\"",
                ["doubleQuote"] = true,
                ["header"] = true,
                ["headerRowCount"] = 1,
                ["lineTerminators"] = new JsonArray("\n"),
                ["skipBlankRows"] = false,
                ["trim"] = false,
            },
            ["tableSchema"] = new JsonObject
            {
                ["columns"] = new JsonArray([.. table.Columns.Select(c => (JsonNode)Column(c))]),
                ["primaryKey"] = JsonFile.Texts(table.Columns.Where(c => c.IsKey).Select(c => c.Name)),
            },
        };
        return JsonFile.Of(
            CsvFile.NameOf(table) + "-metadata.json", "application/csvm+json", metadata, 0);
    }

    static string Rights(ReleaseNotes notes)
    {
        var rights = $"For these purposes only: {string.Join(", ", notes.Purposes)}.";
        return notes.Onward is { } onward ? $"{rights} To others: {onward}" : rights;
    }

    static JsonObject Column(FileColumn column)
    {
        var json = new JsonObject
        {
            // What the header row says; a reader compares it with that.
            ["titles"] = column.Name,
            ["name"] = column.Name,
            ["dc:description"] = column.Title,
            ["datatype"] = Datatype(column),
        };
        if (column.Kind is ColumnKind.CountOrMark)
            json["null"] = new JsonArray(CellWords.NotShown, CellWords.NotThere);
        if (column.Kind is ColumnKind.Code or ColumnKind.Day)
            json["required"] = true;
        return json;
    }

    static JsonNode Datatype(FileColumn column) => column.Kind switch
    {
        ColumnKind.Day => new JsonObject { ["base"] = "date", ["format"] = "yyyy-MM-dd" },
        ColumnKind.Number => new JsonObject { ["base"] = "integer", ["minimum"] = 0 },
        ColumnKind.Code when column.Words.Count > 0 => new JsonObject
        {
            ["base"] = "string", ["format"] = $"^({string.Join('|', column.Words)})$",
        },
        _ => "string",
    };
}
