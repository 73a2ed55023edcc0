using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IsaExchange.Datasets.Specs;

/// <summary>
/// A specification as a Table Schema or Data Package (Frictionless, version 2; what readers of version 1 know means the
/// same there). What only this exchange knows stands below the property <c>isaexchange</c>, which others pass over:
/// code lists by edition, rules over several columns and the gate are not expressed.
/// </summary>
public static class TableSchemaExport
{
    const string Profiles = "https://datapackage.org/profiles/2.0/";

    static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The columns as a Table Schema.</summary>
    public static string TableSchema(DatasetSpec spec) => Written(json => Schema(json, spec));

    /// <summary>A package of one file, ID.csv, with its Table Schema.</summary>
    public static string DataPackage(DatasetSpec spec) => Written(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", Profiles + "datapackage.json");
        json.WriteString("name", spec.Id);
        json.WriteString("title", spec.Title);
        json.WriteString("description", $"{spec.LegalReference}. One record is {spec.Unit}.");
        json.WriteString("version", spec.Version);
        json.WriteStartArray("resources");
        json.WriteStartObject();
        json.WriteString("name", spec.Id);
        json.WriteString("type", "table");
        json.WriteString("path", $"{spec.Id}.csv");
        json.WriteString("format", "csv");
        json.WriteString("mediatype", "text/csv");
        json.WriteString("encoding", "utf-8");
        json.WritePropertyName("schema");
        Schema(json, spec);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void Schema(Utf8JsonWriter json, DatasetSpec spec)
    {
        json.WriteStartObject();
        json.WriteString("$schema", Profiles + "tableschema.json");
        json.WriteString("fieldsMatch", "equal");
        json.WriteStartArray("missingValues");
        json.WriteStringValue("");
        json.WriteEndArray();
        json.WriteStartArray("fields");
        foreach (var field in spec.Fields)
            Field(json, field);
        json.WriteEndArray();
        Ours(json, spec);
        json.WriteEndObject();
    }

    static void Field(Utf8JsonWriter json, FieldSpec field)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        var (type, format) = Type(field.Type);
        json.WriteString("type", type);
        if (format is not null)
            json.WriteString("format", format);
        if (field.Title.Length > 0)
            json.WriteString("title", field.Title);
        if (field.Description.Length > 0)
            json.WriteString("description", field.Description);
        Constraints(json, field);
        if (field.Categories.Count > 0)
            Categories(json, field);
        if (field.CodeList is not null || field.Sequence)
        {
            json.WriteStartObject("isaexchange");
            if (field.CodeList is { } list)
                json.WriteString("code_list", list);
            if (field.Sequence)
                json.WriteBoolean("sequence", true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    static (string Type, string? Format) Type(FieldType type) => type switch
    {
        FieldType.Date => ("date", null),
        FieldType.Month => ("yearmonth", null),
        FieldType.Time => ("time", "%H:%M"),
        FieldType.Whole => ("integer", null),
        _ => ("string", null),
    };

    static void Constraints(Utf8JsonWriter json, FieldSpec field)
    {
        json.WriteStartObject("constraints");
        if (field.Required)
            json.WriteBoolean("required", true);
        if (field.Sequence)
            json.WriteBoolean("unique", true);
        if (field.Type == FieldType.Whole)
        {
            json.WriteNumber("minimum", field.Minimum);
            if (field.Maximum != int.MaxValue)
                json.WriteNumber("maximum", field.Maximum);
        }

        if (field.Type == FieldType.Outward)
            json.WriteString("pattern", "^[A-Z]{1,2}[0-9][A-Z0-9]?$");
        else if (field.Categories.Count > 0)
        {
            json.WriteStartArray("enum");
            foreach (var category in field.Categories)
                json.WriteStringValue(category.Code);
            json.WriteEndArray();
        }
        else if (field.Type == FieldType.Code)
            json.WriteNumber("maxLength", field.MaxLength);
        json.WriteEndObject();
    }

    static void Categories(Utf8JsonWriter json, FieldSpec field)
    {
        json.WriteStartArray("categories");
        foreach (var category in field.Categories)
        {
            json.WriteStartObject();
            json.WriteString("value", category.Code);
            json.WriteString("label", category.Title);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Ours(Utf8JsonWriter json, DatasetSpec spec)
    {
        json.WriteStartObject("isaexchange");
        json.WriteString("id", spec.Id);
        json.WriteString("title", spec.Title);
        json.WriteString("version", spec.Version);
        json.WriteString("legal_basis", spec.LegalBasis);
        json.WriteString("legal_reference", spec.LegalReference);
        json.WriteString("unit", spec.Unit);
        json.WriteString("period_field", spec.PeriodField);
        if (spec.CountField is { } count)
            json.WriteString("count_field", count);
        json.WriteStartArray("dimensions");
        foreach (var dimension in spec.CubeDimensions)
            json.WriteStringValue(dimension);
        json.WriteEndArray();
        Derived(json, spec);
        if (SpecWords.Located(spec) is { } located)
            json.WriteString("located", located);
        Texts(json, "rules", SpecWords.Rules(spec).Select(r => r.Sentence));
        Texts(json, "never", spec.Never);
        Texts(json, "caveats", spec.Caveats);
        Texts(json, "unconfirmed", spec.Unconfirmed);
        json.WriteEndObject();
    }

    static void Derived(Utf8JsonWriter json, DatasetSpec spec)
    {
        json.WriteStartArray("derived");
        foreach (var derived in spec.Derived)
        {
            json.WriteStartObject();
            json.WriteString("name", derived.Name);
            json.WriteString("is", SpecWords.Made(spec, derived));
            if (derived.Starts.Count > 0)
            {
                json.WriteStartArray("starts");
                foreach (var hour in derived.Starts)
                    json.WriteNumberValue(hour);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    static string Written(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            write(json);
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
