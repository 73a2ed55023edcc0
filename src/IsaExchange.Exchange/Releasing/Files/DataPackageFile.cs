using System.Text.Json.Nodes;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>A Data Package (version 2 of the standard) over the CSVs of a release: their digests and their
/// columns.</summary>
static class DataPackageFile
{
    const string Profiles = "https://datapackage.org/profiles/2.0/";

    /// <param name="tables">With the CSV of each.</param>
    public static ReleaseFile Of(IReadOnlyList<(FileTable Table, ReleaseFile Csv)> tables, ReleaseNotes notes)
    {
        var package = new JsonObject
        {
            ["$schema"] = Profiles + "datapackage.json",
            ["name"] = notes.Feed,
            ["id"] = notes.Name.ToString(),
            ["title"] = notes.Title,
            ["description"] = $"{notes.Guarantee} {notes.Note}".TrimEnd(),
            ["created"] = notes.Published,
            ["resources"] = new JsonArray([.. tables.Select(t => (JsonNode)Resource(t.Table, t.Csv, notes))]),
            ["isaexchange"] = new JsonObject
            {
                ["marking"] = notes.Marking,
                ["purposes"] = JsonFile.Texts(notes.Purposes),
                ["regime"] = notes.Regime,
                ["agreement_revision"] = notes.Revision,
                ["complete"] = notes.IsComplete,
                ["caveats"] = JsonFile.Texts(notes.Caveats),
                ["utility"] = notes.Utility?.DeepClone(),
            },
        };
        return JsonFile.Of("datapackage.json", "application/json", package, 0);
    }

    static JsonObject Resource(FileTable table, ReleaseFile csv, ReleaseNotes notes) => new()
    {
        ["name"] = table.Name,
        ["type"] = "table",
        ["title"] = $"{notes.Title}: {table.Title}",
        ["path"] = csv.Name,
        ["format"] = "csv",
        ["mediatype"] = "text/csv",
        ["encoding"] = "utf-8",
        ["bytes"] = csv.Content.Length,
        ["hash"] = "sha256:" + csv.Sha256,
        ["dialect"] = new JsonObject
        {
            ["$schema"] = Profiles + "tabledialect.json",
            ["delimiter"] = ",",
            ["lineTerminator"] = "\n",
            ["quoteChar"] = "\"",
            ["doubleQuote"] = true,
            ["header"] = true,
        },
        ["schema"] = new JsonObject
        {
            ["$schema"] = Profiles + "tableschema.json",
            ["fieldsMatch"] = "equal",
            ["missingValues"] = new JsonArray(""),
            ["fields"] = new JsonArray([.. table.Columns.Select(c => (JsonNode)Field(c))]),
            ["primaryKey"] = JsonFile.Texts(table.Columns.Where(c => c.IsKey).Select(c => c.Name)),
        },
    };

    static JsonObject Field(FileColumn column)
    {
        var field = new JsonObject
        {
            ["name"] = column.Name,
            ["title"] = column.Title,
            ["type"] = column.Kind switch
            {
                ColumnKind.Day => "date",
                ColumnKind.Number => "integer",
                _ => "string",
            },
        };
        var constraints = new JsonObject();
        if (column.Kind is ColumnKind.Code or ColumnKind.Day)
            constraints["required"] = true;
        if (column.Kind is ColumnKind.Number)
            constraints["minimum"] = 0;
        if (column.Words.Count > 0)
            constraints["enum"] = JsonFile.Texts(column.Words);
        if (constraints.Count > 0)
            field["constraints"] = constraints;
        if (column.Kind is ColumnKind.CountOrMark)
            field["missingValues"] = new JsonArray(CellWords.NotShown, CellWords.NotThere);
        return field;
    }
}
