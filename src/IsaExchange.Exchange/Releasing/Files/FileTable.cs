using System.Globalization;
using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>What the cells of a column are; in every format they are the same.</summary>
enum ColumnKind
{
    /// <summary>A <see cref="string"/>, never null: of a code list, or one of the column's words.</summary>
    Code,

    /// <summary>A <see cref="string"/>, never null, for reading.</summary>
    Text,

    /// <summary>A <see cref="DateOnly"/>, never null.</summary>
    Day,

    /// <summary>A <see cref="long"/> that may be null.</summary>
    Number,

    /// <summary>A <see cref="long"/>, or the <see cref="string"/> of a mark.</summary>
    CountOrMark,
}

/// <summary>One column of a table of a release.</summary>
/// <param name="Name">In the header row; a letter, then letters, digits and underscores.</param>
/// <param name="Title">What it is, in words.</param>
sealed record FileColumn(string Name, string Title, ColumnKind Kind)
{
    /// <summary>The closed list of what can stand there; empty when it is open.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether no two rows have the same values in all of the columns of which this is said.</summary>
    public bool IsKey { get; init; }
}

/// <summary>
/// A table ready to be written, the same for every format. Its rows are made anew each time they are asked for, so that
/// a writer holds one at a time.
/// </summary>
/// <param name="Name">Of its files, without what follows the dot.</param>
/// <param name="RowCount">So many rows come.</param>
/// <param name="Rows">One cell a column, as <see cref="ColumnKind"/> says.</param>
sealed record FileTable(
    string Name, string Title, IReadOnlyList<FileColumn> Columns, int RowCount, IEnumerable<object?[]> Rows)
{
    /// <summary>The classifications; empty for the coverage.</summary>
    public IReadOnlyList<TableDimension> Dimensions { get; init; } = [];

    /// <summary>
    /// Code and title of each dimension, first and last day, `count` for reading, `value` for computing (empty where
    /// there is none), `status`, and the public interval `lo`, `hi`.
    /// </summary>
    public static FileTable Of(PublishedTable table, ReleaseNotes notes)
    {
        List<FileColumn> columns = [];
        foreach (var dimension in table.Dimensions)
        {
            columns.Add(new FileColumn(dimension.Name, Words(dimension.Name) + ": code", ColumnKind.Code)
            {
                IsKey = true,
            });
            columns.Add(new FileColumn(dimension.Name + "_title", Words(dimension.Name), ColumnKind.Text));
        }

        columns.AddRange(
        [
            new("first_day", "First day of the period", ColumnKind.Day),
            new("last_day", "Last day of the period", ColumnKind.Day),
            new("count", "Count for reading, or the mark that stands for it", ColumnKind.CountOrMark),
            new("value", "Count for computing; empty where none is shown", ColumnKind.Number),
            new("status", "What is said of the count", ColumnKind.Code) { Words = CellWords.Statuses },
            new("lo", "Least count that agrees with what is said", ColumnKind.Number),
            new("hi", "Greatest count that agrees with what is said; empty where unbounded", ColumnKind.Number),
        ]);
        var rows = table.Rows().Select(row => Cells(row, notes));
        return new FileTable(table.Name, Words(table.Name), columns, Size(table), rows)
        {
            Dimensions = table.Dimensions,
        };
    }

    /// <summary>Who has sent what for which area, and who has not.</summary>
    public static FileTable Of(Coverage coverage)
    {
        var lines = coverage.Lines;
        FileColumn[] columns =
        [
            new("area", "Area: code", ColumnKind.Code) { IsKey = true },
            new("party", "Authority", ColumnKind.Code) { IsKey = true },
            new("status", "How its part stands", ColumnKind.Code)
            {
                Words = [.. Enum.GetValues<CoverageStatus>().Select(CellWords.Of)],
            },
            new("unexplained_queries", "Whether a query of it is open", ColumnKind.Code) { Words = ["yes", "no"] },
            new("submissions", "Submissions used, with a blank between", ColumnKind.Text),
        ];
        return new FileTable("coverage", "Coverage", columns, lines.Count, lines.Select(line => new object?[]
        {
            line.Area, line.Party, CellWords.Of(line.Status), line.HasUnexplainedQueries ? "yes" : "no",
            string.Join(' ', line.Submissions),
        }));
    }

    static int Size(PublishedTable table) => table.Dimensions.Aggregate(
        1, (size, d) => checked(size * (d.Codes.Count + (d.TotalCode is null ? 0 : 1))));

    static object?[] Cells(PublishedRow row, ReleaseNotes notes)
    {
        var dimensions = row.Codes.Count;
        var cells = new object?[(2 * dimensions) + 7];
        for (var d = 0; d < dimensions; d++)
            (cells[2 * d], cells[(2 * d) + 1]) = (row.Codes[d], row.Titles[d]);
        var (status, value, lo, hi) = row.Cell;
        var at = 2 * dimensions;
        (cells[at], cells[at + 1]) = (notes.FirstDay, notes.LastDay);
        cells[at + 2] = CellWords.Shown(row.Cell);
        (cells[at + 3], cells[at + 4], cells[at + 5], cells[at + 6]) = (value, CellWords.Of(status), lo, hi);
        return cells;
    }

    /// <summary>A name of the agreement, as one says it.</summary>
    static string Words(string name)
    {
        var words = name.Replace('_', ' ').Replace('-', ' ');
        return words.Length == 0
            ? words
            : char.ToUpper(words[0], CultureInfo.InvariantCulture) + words[1..];
    }
}
