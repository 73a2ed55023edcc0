using System.Buffers;

namespace IsaExchange.Cli.Rendering;

/// <summary>
/// Answers as CSV (RFC 4180, header row, UTF-8). Text that a spreadsheet would run as a formula is defused.
/// </summary>
static class CsvAnswer
{
    static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");
    static readonly SearchValues<char> StartsFormula = SearchValues.Create("=+-@\t\r");

    public static void Write(TextWriter target, Listing listing)
    {
        WriteRecord(target, listing.Columns.Select(c => c.Key));
        foreach (var row in listing.Rows) WriteRecord(target, row.Select(Field));
    }

    static void WriteRecord(TextWriter target, IEnumerable<string> fields)
    {
        target.Write(string.Join(',', fields.Select(Quoted)));
        target.Write("\r\n");
    }

    static string Field(object? value) => value switch
    {
        string text => Defused(Cell.Text(text)),
        TwoForms forms => Defused(Cell.Text(forms.Whole)),
        IEnumerable<string> list => Defused(string.Join(' ', list.Select(Cell.Printable))),
        _ => Cell.Text(value),
    };

    static string Defused(string text) => text.Length > 0 && StartsFormula.Contains(text[0]) ? "'" + text : text;

    static string Quoted(string field) =>
        field.AsSpan().ContainsAny(NeedsQuotes)
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;
}
