using System.Text;

namespace IsaExchange.Exchange.Releasing;

/// <summary>Reads CSV as releases write it: RFC 4180, LF, the last record ended.</summary>
static class ReleaseCsv
{
    /// <exception cref="InvalidDataException">It ends within a record, or a record is not as wide as the first.
    /// </exception>
    public static IReadOnlyList<string[]> Records(string text)
    {
        var (records, record, cell) = (new List<string[]>(), new List<string>(), new StringBuilder());
        var isQuoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (isQuoted && c == '"' && at + 1 < text.Length && text[at + 1] == '"')
                cell.Append(text[++at]);
            else if (c == '"')
                isQuoted = !isQuoted;
            else if (isQuoted || c is not (',' or '\n'))
                cell.Append(c);
            else
            {
                record.Add(cell.ToString());
                cell.Clear();
                if (c == ',')
                    continue;
                records.Add([.. record]);
                record.Clear();
            }
        }

        if (isQuoted || record.Count > 0 || cell.Length > 0 || records.Exists(r => r.Length != records[0].Length))
            throw new InvalidDataException("A file of a release that is no table.");
        return records;
    }
}
