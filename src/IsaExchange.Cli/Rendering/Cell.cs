using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IsaExchange.Cli.Rendering;

/// <summary>
/// One value of an answer, written the same way everywhere: dates as ISO 8601, times in UTC, lists by name.
/// </summary>
static class Cell
{
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => Printable(text),
        TwoForms forms => Printable(forms.Eyes),
        bool flag => flag ? "yes" : "no",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IEnumerable<string> list => string.Join(", ", list.Select(Printable)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"A cell cannot hold a {value.GetType().Name}."),
    };

    public static void WriteJson(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case string text: json.WriteStringValue(text); break;
            case TwoForms forms: json.WriteStringValue(forms.Whole); break;
            case IEnumerable<string> list:
                json.WriteStartArray();
                foreach (var item in list) json.WriteStringValue(item);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(Text(value)); break;
        }
    }

    /// <summary>Text from elsewhere must not drive the terminal: escape sequences are shown, not obeyed.</summary>
    public static string Printable(string text)
    {
        if (!text.Any(c => char.IsControl(c) && c is not '\n')) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text) clean.Append(char.IsControl(c) && c is not '\n' ? '\uFFFD' : c);
        return clean.ToString();
    }
}
