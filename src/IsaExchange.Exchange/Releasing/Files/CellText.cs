using System.Globalization;
using System.Text;
using System.Xml;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>Text as a cell of a workbook holds it (ECMA-376, ST_Xstring).</summary>
static class CellText
{
    /// <summary>
    /// What XML cannot hold, and a carriage return, which XML would change, are written _xHHHH_; so is the underscore
    /// of a text that by itself would be read as one of those.
    /// </summary>
    public static string Of(string text)
    {
        StringBuilder? escaped = null;
        for (var at = 0; at < text.Length; at++)
        {
            var isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (isPair || (XmlConvert.IsXmlChar(text[at]) && text[at] != '\r' && !IsEscape(text, at)))
            {
                var length = isPair ? 2 : 1;
                escaped?.Append(text, at, length);
                at += length - 1;
                continue;
            }

            escaped ??= new StringBuilder(text, 0, at, text.Length + 8);
            escaped.Append(CultureInfo.InvariantCulture, $"_x{(int)text[at]:X4}_");
        }

        return escaped?.ToString() ?? text;
    }

    static bool IsEscape(string text, int at) =>
        text[at] == '_' && at + 6 < text.Length && text[at + 1] == 'x' && text[at + 6] == '_'
        && text.Substring(at + 2, 4).All(char.IsAsciiHexDigit);
}
