using System.Globalization;
using System.Text;
using IsaExchange.Agreement.Language;

namespace IsaExchange.Fuzz.Harnesses;

/// <summary>
/// Writes a tree of YAML another way than people do: everything on one line in braces, every text in double quotes that
/// does not need to be without.
/// </summary>
static class FlowYaml
{
    public static string Write(YamlTree tree) => Append(new StringBuilder(), tree).Append('\n').ToString();

    static StringBuilder Append(StringBuilder text, YamlTree tree)
    {
        switch (tree)
        {
            case YamlList list:
                text.Append('[');
                foreach (var item in list.Items)
                    Append(text, item).Append(", ");
                return text.Append(']');
            case YamlMap map:
                text.Append('{');
                foreach (var entry in map.Entries)
                    Append(AppendQuoted(text, entry.Word).Append(" : "), entry.Value).Append(", ");
                return text.Append('}');
            case YamlText { IsPlain: true } plain when NeedsToBePlain(plain.Value):
                return text.Append(plain.Value);
            case YamlText other:
                return AppendQuoted(text, other.Value);
            default:
                throw new InvalidOperationException("A tree holds lists, maps and texts.");
        }
    }

    /// <summary>Numbers, flags and nothing mean something else in quotes.</summary>
    static bool NeedsToBePlain(string value) =>
        value is "true" or "false" or "null" or "~" || (value.Length > 0 && value.All(char.IsAsciiDigit));

    static StringBuilder AppendQuoted(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value is >= ' ' and <= '~' and not ('"' or '\\'))
                text.Append((char)rune.Value);
            else
                text.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture));
        }

        return text.Append('"');
    }
}
