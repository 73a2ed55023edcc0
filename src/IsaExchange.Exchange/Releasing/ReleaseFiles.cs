using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing;

/// <summary>One file of a release, whole: aggregates are small.</summary>
public sealed record ReleaseFile(string Name, string MediaType, byte[] Content, long Rows)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Content));
}

/// <summary>What is kept of a file in the catalogue.</summary>
public sealed record ReleaseFileEntry(string Name, string MediaType, long Bytes, string Sha256, long Rows);

/// <summary>Writes the files of a release. RFC 4180, UTF-8, LF, a header row; one tidy table a file.</summary>
static class ReleaseFiles
{
    const string Csv = "text/csv; charset=utf-8; header=present";

    /// <summary>
    /// Columns: code and title of each dimension, first and last day, `count` for reading ([c] hidden, [x] missing),
    /// `value` for computing (empty unless shown), `status`, and the public interval `lo`, `hi`.
    /// </summary>
    public static ReleaseFile Table(PublishedTable table, DateOnly first, DateOnly last)
    {
        var text = new StringBuilder();
        foreach (var dimension in table.Dimensions)
            text.Append(dimension.Name).Append(',').Append(dimension.Name).Append("_title,");
        text.Append("first_day,last_day,count,value,status,lo,hi\n");
        var rows = 0;
        foreach (var row in table.Rows())
        {
            for (var d = 0; d < row.Codes.Count; d++)
                text.Append(Text(row.Codes[d])).Append(',').Append(Text(row.Titles[d])).Append(',');
            var (status, value, lo, hi) = row.Cell;
            text.Append(CultureInfo.InvariantCulture, $"{CreateSubmission.Iso(first)},{CreateSubmission.Iso(last)},");
            text.Append(CultureInfo.InvariantCulture, $"{Shown(status, value)},{value},{Word(status)},{lo},{hi}\n");
            rows++;
        }

        return new ReleaseFile(table.Name + ".csv", Csv, Encoding.UTF8.GetBytes(text.ToString()), rows);
    }

    public static ReleaseFile CoverageTable(Coverage coverage)
    {
        var text = new StringBuilder("area,party,status,unexplained_queries,submissions\n");
        foreach (var line in coverage.Lines)
        {
            text.Append(Text(line.Area)).Append(',').Append(Text(line.Party)).Append(',')
                .Append(Word(line.Status)).Append(',')
                .Append(
                    line.HasUnexplainedQueries ? "yes" : "no").Append(',').Append(
                        Text(string.Join(' ', line.Submissions))).Append('\n');
        }

        return new ReleaseFile("coverage.csv", Csv, Encoding.UTF8.GetBytes(text.ToString()), coverage.Lines.Count);
    }

    public static ReleaseFile Manifest(JsonObject manifest)
    {
        var options = new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return new ReleaseFile(
            "manifest.json", "application/json", Encoding.UTF8.GetBytes(manifest.ToJsonString(options) + "\n"), 1);
    }

    public static string Word(CellStatus status) => status switch
    {
        CellStatus.Shown => "shown",
        CellStatus.Rounded => "rounded",
        CellStatus.Few => "few",
        CellStatus.Held => "held",
        CellStatus.Missing => "missing",
        _ => throw new InvalidOperationException("A cell status without a word."),
    };

    public static string Word(CoverageStatus status) => status switch
    {
        CoverageStatus.Received => "received",
        CoverageStatus.Nil => "nil",
        CoverageStatus.Missing => "missing",
        _ => throw new InvalidOperationException("A coverage status without a word."),
    };

    static string Shown(CellStatus status, long? value) => status switch
    {
        CellStatus.Few => "[c]",
        CellStatus.Missing => "[x]",
        _ => value?.ToString(CultureInfo.InvariantCulture)
            ?? throw new InvalidOperationException("A shown cell without a value."),
    };

    /// <summary>Quotes where RFC 4180 asks for it; a leading formula character is defused for spreadsheets.</summary>
    static string Text(string value)
    {
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? value
            : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
