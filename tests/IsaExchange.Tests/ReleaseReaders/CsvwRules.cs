using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sylvan.Data.Csv;

namespace IsaExchange.Tests.ReleaseReaders;

/// <summary>
/// What W3C's Recommendations of 17 December 2015 demand of a table, its CSV and the metadata beside it, for the part
/// of them that a release uses; anything beyond that part is a fault here. A fault is named by the test of W3C's suite
/// (manifest-validation.jsonld of w3c/csvw) that a validator has to refuse or warn of, or by the section of "Metadata
/// Vocabulary for Tabular Data" or "Model for Tabular Data and Metadata on the Web".
/// </summary>
static partial class CsvwRules
{
    static readonly string[] OfTable = ["@context", "@type", "url", "notes", "dialect", "tableSchema"];
    static readonly string[] OfSchema = ["@type", "columns", "primaryKey"];
    static readonly string[] OfColumn = ["@type", "titles", "name", "datatype", "null", "required"];
    static readonly string[] OfDatatype = ["base", "format", "minimum"];

    /// <summary>Property of a dialect, the kinds of JSON it may be, and W3C's test of it.</summary>
    static readonly (string Name, JsonValueKind[] Kinds, string Test)[] OfDialect =
    [
        ("delimiter", [JsonValueKind.String], "test060"),
        ("doubleQuote", [JsonValueKind.True, JsonValueKind.False], "test061"),
        ("encoding", [JsonValueKind.String], "test062"),
        ("header", [JsonValueKind.True, JsonValueKind.False], "test063"),
        ("headerRowCount", [JsonValueKind.Number], "test065"),
        ("lineTerminators", [JsonValueKind.String, JsonValueKind.Array], "test066"),
        ("quoteChar", [JsonValueKind.String, JsonValueKind.Null], "test067"),
        ("skipBlankRows", [JsonValueKind.True, JsonValueKind.False], "test068"),
        ("trim", [JsonValueKind.True, JsonValueKind.False, JsonValueKind.String], "test072"),
    ];

    public static IReadOnlyList<string> Faults(JsonElement table, string csvName, string csv)
    {
        var faults = new List<string>();
        Context(table, faults);
        Known(table, OfTable, "test093", faults);
        if (table.TryGetProperty("@type", out var type) && type.GetString() != "Table")
            faults.Add("test084");
        if (!Is(table, "url", JsonValueKind.String))
            faults.Add("test090");
        else if (table.GetProperty("url").GetString() != csvName)
            faults.Add("test117");
        if (table.TryGetProperty("notes", out var notes) && notes.ValueKind != JsonValueKind.Array)
            faults.Add("Metadata 5.4.2 notes");
        Dialect(table, faults);
        if (!Is(table, "tableSchema", JsonValueKind.Object))
            return [.. faults, "test107"];
        var schema = table.GetProperty("tableSchema");
        Known(schema, OfSchema, "test093", faults);
        if (!Is(schema, "columns", JsonValueKind.Array))
            return [.. faults, "test100"];
        List<JsonElement> columns = [.. schema.GetProperty("columns").EnumerateArray()];
        if (columns.Exists(c => c.ValueKind != JsonValueKind.Object))
            return [.. faults, "test096"];
        foreach (var column in columns)
            Column(column, faults);
        List<string> names = [.. columns.Where(c => Is(c, "name", JsonValueKind.String))
            .Select(c => c.GetProperty("name").GetString()!)];
        if (names.Distinct(StringComparer.Ordinal).Count() != columns.Count)
            faults.Add("Metadata 5.6 name");
        List<string?> key = schema.TryGetProperty("primaryKey", out var keys)
            ? [.. keys.EnumerateArray().Select(k => k.GetString())]
            : [];
        if (key.Exists(k => !names.Contains(k!)))
            faults.Add("test105");
        return faults.Count > 0 ? faults : Rows(columns, [.. key.Select(k => names.IndexOf(k!))], csv);
    }

    static void Context(JsonElement table, List<string> faults)
    {
        if (!Is(table, "@context", JsonValueKind.Array)
            || table.GetProperty("@context").EnumerateArray().ToList() is not [var vocabulary, var local]
            || vocabulary.GetString() != "http://www.w3.org/ns/csvw")
            faults.Add("Metadata 5.2 @context");
        else if (!LanguageCode().IsMatch(local.GetProperty("@language").GetString()!))
            faults.Add("test073");
    }

    /// <summary>Properties with a prefix are common ones, which anybody may add; the rest must be of the
    /// specification.</summary>
    static void Known(JsonElement of, string[] names, string fault, List<string> faults)
    {
        foreach (var property in of.EnumerateObject())
        {
            if (property.Name.Split(':') is [var prefix, _])
                Common(prefix, property.Value, faults);
            else if (!names.Contains(property.Name))
                faults.Add(fault);
        }
    }

    /// <summary>Metadata 5.8: what a common property may hold.</summary>
    static void Common(string prefix, JsonElement value, List<string> faults)
    {
        if (prefix is not ("dc" or "dcat" or "schema" or "skos" or "xsd"))
            faults.Add("Metadata 5.8 prefix");
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("@value", out var inner))
            return;
        if (value.EnumerateObject().Any(p => p.Name is not ("@value" or "@type" or "@language"))
            || inner.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            faults.Add("Metadata 5.8 @value");
    }

    static void Dialect(JsonElement table, List<string> faults)
    {
        if (!table.TryGetProperty("dialect", out var dialect))
            return;
        if (dialect.ValueKind != JsonValueKind.Object)
        {
            faults.Add("test106");
            return;
        }

        foreach (var property in dialect.EnumerateObject())
        {
            var rule = Array.Find(OfDialect, r => r.Name == property.Name);
            if (rule.Name is null)
                faults.Add("test093");
            else if (!rule.Kinds.Contains(property.Value.ValueKind))
                faults.Add(rule.Test);
        }
    }

    static void Column(JsonElement column, List<string> faults)
    {
        Known(column, OfColumn, "test093", faults);
        if (!Is(column, "titles", JsonValueKind.String))
            faults.Add("test111");
        if (!Is(column, "name", JsonValueKind.String) || !ColumnName().IsMatch(column.GetProperty("name").GetString()!))
            faults.Add("test114");
        if (column.TryGetProperty("required", out var required)
            && required.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            faults.Add("Metadata 5.7 required");
        if (column.TryGetProperty("null", out var nulls) && nulls.ValueKind is not (JsonValueKind.String
            or JsonValueKind.Array))
            faults.Add("Metadata 5.7 null");
        var datatype = column.GetProperty("datatype");
        if (datatype.ValueKind == JsonValueKind.Object)
            Known(datatype, OfDatatype, "Metadata 5.11 datatypes", faults);
        if (Base(datatype) is not ("string" or "date" or "integer"))
            faults.Add("Metadata 5.11 datatypes");
    }

    static List<string> Rows(List<JsonElement> columns, List<int> key, string csv)
    {
        var faults = new List<string>();
        using var reader = CsvDataReader.Create(new StringReader(csv), new CsvDataReaderOptions
        {
            Delimiter = ',', HasHeaders = false, HeaderComparer = StringComparer.Ordinal,
        });
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var isHeader = true;
        while (reader.Read())
        {
            var cells = Enumerable.Range(0, reader.RowFieldCount).Select(reader.GetString).ToList();
            if (cells.Count != columns.Count)
                faults.Add("test091");
            else if (isHeader && !cells.SequenceEqual(columns.Select(c => c.GetProperty("titles").GetString())))
                faults.Add("test124");
            else if (!isHeader)
            {
                for (var at = 0; at < cells.Count; at++)
                    Cell(columns[at], cells[at], faults);
                if (!keys.Add(string.Join('|', key.Select(k => cells[k]))))
                    faults.Add("Model 6.6 primary key");
            }

            isHeader = false;
        }

        return faults;
    }

    /// <summary>Model 6.4, parsing cells: null, then required, then base and format.</summary>
    static void Cell(JsonElement column, string cell, List<string> faults)
    {
        string[] nulls = column.TryGetProperty("null", out var said)
            ? [.. said.EnumerateArray().Select(n => n.GetString()!)]
            : [""];
        var isRequired = column.TryGetProperty("required", out var required) && required.GetBoolean();
        if (nulls.Contains(cell))
        {
            if (isRequired)
                faults.Add("test125");
            return;
        }

        var datatype = column.GetProperty("datatype");
        var format = datatype.ValueKind == JsonValueKind.Object && datatype.TryGetProperty("format", out var f)
            ? f.GetString()!
            : null;
        var isRight = Base(datatype) switch
        {
            "date" => DateOnly.TryParseExact(cell, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "integer" => long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)
                && n >= datatype.GetProperty("minimum").GetInt64(),
            _ => format is null || Regex.IsMatch(
                cell, format, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
        };
        if (!isRight)
            faults.Add("Model 6.4 datatype");
    }

    static string? Base(JsonElement datatype) => datatype.ValueKind == JsonValueKind.String
        ? datatype.GetString()
        : datatype.GetProperty("base").GetString();

    static bool Is(JsonElement of, string name, JsonValueKind kind) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == kind;

    /// <summary>Metadata 5.6: a variable name of URI templates (RFC 6570), not starting with an underscore.</summary>
    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_]*$")]
    private static partial Regex ColumnName();

    [GeneratedRegex("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    private static partial Regex LanguageCode();
}
