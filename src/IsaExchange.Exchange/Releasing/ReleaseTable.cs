using System.Globalization;
using System.Text;
using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing;

/// <summary>A table of a release, read back from its file: what its readers were given, and nothing else.</summary>
public sealed class ReleaseTable
{
    const string TitleEnd = "_title";

    ReleaseTable(string name, IReadOnlyList<string> dimensions, IReadOnlyList<PublishedRow> rows) =>
        (Name, Dimensions, Rows) = (name, dimensions, rows);

    public string Name { get; }

    public IReadOnlyList<string> Dimensions { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<PublishedRow> Rows { get; }

    /// <summary>Columns are found by their names: dimensions are those that have a title beside them.</summary>
    /// <returns>Null when the file is another one, such as the coverage.</returns>
    /// <exception cref="InvalidDataException">It is a table and cannot be read.</exception>
    public static ReleaseTable? Parse(string name, ReadOnlySpan<byte> csv)
    {
        var records = ReleaseCsv.Records(Encoding.UTF8.GetString(csv));
        var head = records.Count == 0 ? [] : records[0];
        var dimensions = head.Where(column => head.Contains(column + TitleEnd)).ToList();
        int At(string column) => Array.IndexOf(head, column);
        var (status, value, lo, hi) = (At("status"), At("value"), At("lo"), At("hi"));
        if (dimensions.Count == 0 || status < 0 || value < 0 || lo < 0 || hi < 0)
            return null;
        var codes = dimensions.ConvertAll(At);
        var titles = dimensions.ConvertAll(d => At(d + TitleEnd));
        return new ReleaseTable(name, dimensions, [.. records.Skip(1).Select(record => new PublishedRow(
            [.. codes.Select(at => record[at])],
            [.. titles.Select(at => record[at])],
            new PublishedCell(
                ReleaseFiles.Status(record[status]), Number(record[value]), Number(record[lo]) ?? 0,
                Number(record[hi]))))]);
    }

    static long? Number(string cell) => cell.Length == 0 ? null : long.Parse(cell, CultureInfo.InvariantCulture);
}
