using System.Globalization;
using System.Text;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>CSV as RFC 4180 has it: UTF-8, a header row, commas, and LF at the end of each row.</summary>
static class CsvFile
{
    public const string MediaType = "text/csv; charset=utf-8; header=present";

    public static string NameOf(FileTable table) => table.Name + ".csv";

    public static ReleaseFile Of(FileTable table)
    {
        var text = new StringBuilder().AppendJoin(',', table.Columns.Select(c => c.Name)).Append('\n');
        foreach (var row in table.Rows)
        {
            for (var at = 0; at < row.Length; at++)
            {
                if (at > 0)
                    text.Append(',');
                Append(text, row[at]);
            }

            text.Append('\n');
        }

        return new ReleaseFile(
            NameOf(table), MediaType, Encoding.UTF8.GetBytes(text.ToString()), table.RowCount);
    }

    public static void Append(StringBuilder text, object? cell)
    {
        switch (cell)
        {
            case null: break;
            case long number: text.Append(CultureInfo.InvariantCulture, $"{number}"); break;
            case DateOnly day: text.Append(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}"); break;
            case string said: text.Append(Text(said)); break;
            default: throw new InvalidOperationException("A cell of a kind that no table has.");
        }
    }

    /// <summary>
    /// Quotes where RFC 4180 asks for it, and where a reader of CSVW would take a row for a comment; a leading formula
    /// character is defused for spreadsheets.
    /// </summary>
    public static string Text(string value)
    {
        if (IsFormulaLike(value))
            value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 && !value.StartsWith('#')
            ? value
            : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>Whether a spreadsheet could take it for a formula.</summary>
    public static bool IsFormulaLike(string value) =>
        value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r';
}
