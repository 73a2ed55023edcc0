using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog;

/// <summary>
/// The one way to write a JSON value (RFC 8785), for what is hashed: objects with sorted keys, arrays, strings,
/// booleans, null and integers of at most 2^53. Any other number is refused: money, shares and measures are strings.
/// </summary>
public static class CanonicalJson
{
    public const int DepthMax = 64;

    /// <summary>Largest magnitude that a JSON number carries exactly everywhere.</summary>
    public const long IntegerMax = 1L << 53;

    /// <summary>The value in UTF-8. Two equal values always give the same bytes.</summary>
    /// <exception cref="LogFormatException">
    /// A number that is no such integer, a repeated key, a lone surrogate, too deep; the message names the place.
    /// </exception>
    public static byte[] Write(JsonNode? node)
    {
        var text = new StringBuilder();
        try
        {
            WriteNode(node, text, depth: 0);
            return StrictText.Utf8.GetBytes(text.ToString());
        }
        catch (EncoderFallbackException e)
        {
            throw new LogFormatException("Canonical JSON holds Unicode text only: there is a lone surrogate.", e);
        }
    }

    /// <summary>Reads JSON of any spelling; repeated keys, comments and trailing commas are refused.</summary>
    /// <exception cref="LogFormatException">Not JSON.</exception>
    public static JsonNode? Parse(string json)
    {
        var strict = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DepthMax };
        try
        {
            return JsonNode.Parse(json, nodeOptions: null, strict);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // The reader's own message would quote the text.
            throw new LogFormatException("The text is not JSON in Unicode, repeats a key, or nests too deep.");
        }
    }

    static void WriteNode(JsonNode? node, StringBuilder text, int depth)
    {
        if (depth >= DepthMax && node is (JsonObject or JsonArray))
            throw new LogFormatException($"Canonical JSON nests at most {DepthMax} deep.");
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                WriteObject(members, text, depth);
                break;
            case JsonArray items:
                text.Append('[');
                for (var i = 0; i < items.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",");
                    WriteNode(items[i], text, depth + 1);
                }

                text.Append(']');
                break;
            default:
                WriteValue(node.AsValue(), text);
                break;
        }
    }

    static void WriteObject(JsonObject members, StringBuilder text, int depth)
    {
        List<KeyValuePair<string, JsonNode?>> sorted;
        try
        {
            sorted = [.. members];
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new LogFormatException("A JSON object repeats a key, or a key is not Unicode text.", e);
        }

        // RFC 8785 3.2.3: by UTF-16 code units, which is what ordinal comparison does.
        sorted.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        text.Append('{');
        for (var i = 0; i < sorted.Count; i++)
        {
            text.Append(i == 0 ? "" : ",");
            WriteString(sorted[i].Key, text);
            text.Append(':');
            WriteNode(sorted[i].Value, text, depth + 1);
        }

        text.Append('}');
    }

    static void WriteValue(JsonValue value, StringBuilder text)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            case JsonValueKind.Null:
                text.Append("null");
                break;
            case JsonValueKind.Number:
                WriteInteger(value, text);
                break;
            case JsonValueKind.String:
                WriteString(StringOf(value), text);
                break;
            default:
                throw new LogFormatException($"At {value.GetPath()}: not a JSON value.");
        }
    }

    static void WriteInteger(JsonValue value, StringBuilder text)
    {
        var written = value.ToJsonString();
        if (written == "-0"
            || !long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            || integer is > IntegerMax or < -IntegerMax)
        {
            throw new LogFormatException(
                $"At {value.GetPath()}: canonical JSON has integers of at most 2^53; write others as strings.");
        }

        text.Append(integer.ToString(CultureInfo.InvariantCulture));
    }

    static string StringOf(JsonValue value)
    {
        try
        {
            if (value.TryGetValue<string>(out var text))
                return text;
            // A date, a GUID and the like are held as themselves and become text when written.
            using var json = JsonDocument.Parse(value.ToJsonString());
            return json.RootElement.GetString() ?? "";
        }
        catch (InvalidOperationException e)
        {
            throw new LogFormatException($"At {value.GetPath()}: a string is not Unicode text.", e);
        }
    }

    // RFC 8785 3.2.2.2: two-letter escapes where JSON has them, lower-case \u00xx for other controls, nothing else.
    static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
