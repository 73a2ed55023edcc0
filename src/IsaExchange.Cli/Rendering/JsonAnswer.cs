using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IsaExchange.Cli.Rendering;

/// <summary>
/// Answers as JSON: a listing is an array, a card an object, several parts one object with a member each.
/// </summary>
static class JsonAnswer
{
    static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(Listing listing) => Written(json => Write(json, listing));

    public static string Of(Card card) => Written(json => Write(json, card));

    public static string Of(IReadOnlyList<(string Key, object Part)> parts) => Written(json =>
    {
        json.WriteStartObject();
        foreach (var (key, part) in parts)
        {
            json.WritePropertyName(key);
            if (part is Listing listing) Write(json, listing);
            else if (part is Card card) Write(json, card);
            else Cell.WriteJson(json, part);
        }
        json.WriteEndObject();
    });

    static void Write(Utf8JsonWriter json, Listing listing)
    {
        json.WriteStartArray();
        foreach (var row in listing.Rows)
        {
            json.WriteStartObject();
            for (var i = 0; i < row.Length; i++)
            {
                json.WritePropertyName(listing.Columns[i].Key);
                Cell.WriteJson(json, row[i]);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void Write(Utf8JsonWriter json, Card card)
    {
        json.WriteStartObject();
        foreach (var (field, value) in card.Fields)
        {
            json.WritePropertyName(field.Key);
            Cell.WriteJson(json, value);
        }
        json.WriteEndObject();
    }

    static string Written(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
