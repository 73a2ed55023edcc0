using IsaExchange.Datasets.Specs;
using IsaExchange.DisclosureControl.OwnTables;

namespace IsaExchange.Cli.Tables;

/// <summary>What a specification says of one file: which column is what, and what its marks mean.</summary>
sealed record TableWords
{
    public required int Line { get; init; }

    public required string Name { get; init; }

    /// <summary>Null: the file that was named with the verb.</summary>
    public required string? File { get; init; }

    /// <summary>Dimension and column.</summary>
    public required IReadOnlyList<(string Dimension, string Column)> Columns { get; init; }

    public string? Published { get; init; }

    public string? Lo { get; init; }

    public string? Hi { get; init; }

    /// <summary>Stands for a count that is not shown, which is from <see cref="MarkLo"/> to
    /// <see cref="MarkHi"/>.</summary>
    public string? Mark { get; init; }

    public long MarkLo { get; init; }

    /// <summary>Null: nothing is said above.</summary>
    public long? MarkHi { get; init; }

    /// <summary>Stands for a count that nobody has.</summary>
    public string? Missing { get; init; }

    /// <summary>A published number lies so far from the count at most; 0: it is the count.</summary>
    public long RoundedWithin { get; init; }

    /// <summary>Column of the true counts; of a counts file its only number.</summary>
    public string? Truth { get; init; }

    public AbsentRows Absent { get; init; }

    public static TableWords Of(YamlMap map, int number, string fallbackName)
    {
        var columns = map.Map("columns");
        var words = new TableWords
        {
            Line = map.Line,
            Name = map.OptionalText("name") ?? (number == 0 ? fallbackName : $"{fallbackName} {number + 1}"),
            File = map.OptionalText("file"),
            Columns = columns is null ? [] : [.. columns.Words().Select(d => (d, columns.Text(d)))],
            Published = map.OptionalText("published"),
            Lo = map.OptionalText("lo"),
            Hi = map.OptionalText("hi"),
            Mark = map.OptionalText("mark"),
            MarkLo = map.Whole("mark_lo", 0),
            MarkHi = map.OptionalText("mark_hi") is null ? null : map.Whole("mark_hi", 0),
            Missing = map.OptionalText("missing"),
            RoundedWithin = map.Whole("rounded_within", 0),
            Truth = map.OptionalText("truth"),
            Absent = AbsentOf(map),
        };
        words.RefuseContradictions(map);
        map.RefuseOtherWords();
        return words;
    }

    /// <summary>True counts alone: a column for each dimension, and the one with the count.</summary>
    public static TableWords OfCounts(YamlMap map)
    {
        var columns = map.Map("columns");
        var words = new TableWords
        {
            Line = map.Line,
            Name = "counts",
            File = map.Text("file"),
            Columns = columns is null ? [] : [.. columns.Words().Select(d => (d, columns.Text(d)))],
            Truth = map.Text("count"),
        };
        words.RequireColumns(map);
        map.RefuseOtherWords();
        return words;
    }

    static AbsentRows AbsentOf(YamlMap map)
    {
        switch (map.OptionalText("absent"))
        {
            case null: return AbsentRows.Unexplained;
            case "zero": return AbsentRows.Zero;
            case "unknown": return AbsentRows.Unknown;
            default:
                map.Fault(map.LineOf("absent"), "'absent' is zero or unknown.", "Say what a row left out says.");
                return AbsentRows.Unexplained;
        }
    }

    void RequireColumns(YamlMap map)
    {
        if (Columns.Count == 0)
            map.Fault(Line, "'columns' is missing.", "Name the column of each dimension, for example area: area_code.");
    }

    void RefuseContradictions(YamlMap map)
    {
        RequireColumns(map);
        if ((Published is null) == (Lo is null && Hi is null))
            map.Fault(Line, "What is published is not said, or twice.", "Name 'published', or 'lo' and 'hi'.");
        else if (Published is null && (Lo is null || Hi is null))
            map.Fault(Line, "'lo' and 'hi' go together.", "Name both columns; an empty hi says nothing above.");
        if (Published is null && (Mark ?? Missing) is not null)
            map.Fault(Line, "Marks are those of 'published'.", "With 'lo' and 'hi' leave them out.");
        if (MarkLo < 0 || MarkHi < MarkLo || RoundedWithin < 0)
            map.Fault(Line, "'mark_lo', 'mark_hi' and 'rounded_within' are 0 or more, in order.", "Correct them.");
    }
}
