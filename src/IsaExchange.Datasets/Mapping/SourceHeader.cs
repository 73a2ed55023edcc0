namespace IsaExchange.Datasets.Mapping;

/// <summary>Where in the source each column of the mapping is found; made from the header of the first input.</summary>
sealed class SourceHeader
{
    SourceHeader(string[] names, string[] titles, string[] dropped) =>
        (Names, Titles, Dropped) = (names, titles, dropped);

    public string[] Names { get; }

    /// <summary>What reports call the source fields: the name, or the number where the name may be a value.</summary>
    public string[] Titles { get; }

    /// <summary>For each column of the mapping the 0-based source fields it is made of.</summary>
    public required int[][] Columns { get; init; }

    /// <summary>For each skip rule of the mapping the 0-based source field.</summary>
    public required int[] Skips { get; init; }

    /// <summary>The source fields that hold codes of blocks.</summary>
    public required int[] Codes { get; init; }

    /// <summary>The source field that records of the second file name; -1 when there is none.</summary>
    public required int Key { get; init; }

    /// <summary>Whether a value of the source field is written, or decides what is.</summary>
    public bool IsMapped(int field) => Array.Exists(Columns, c => c.Contains(field)) || Codes.Contains(field);

    public string[] Dropped { get; }

    /// <summary>Null, with faults, when the header is not what the mapping says.</summary>
    public static SourceHeader? Read(ColumnMapping mapping, string[] names, string input, MappingFaults faults)
    {
        var before = faults.Count;
        var columns = mapping.Columns.Select(column => column.SourceColumns.Select(Find).ToArray()).ToArray();
        var skips = mapping.SkipWhen.Select(rule => Find(rule.Column)).ToArray();
        var codes = (mapping.Blocks?.Columns ?? []).Select(Find).ToArray();
        var key = mapping.Second is { } second ? Find(second.Of) : -1;
        // A file without a header shows its first record here. Names from the file are only repeated once every column
        // that the mapping reads was found: then it is a header, and no record's values end up in a message. Where the
        // mapping reads none, only names that it says itself are repeated.
        if (faults.Count > before)
            return null;
        var isHeader = Array.Exists(columns, c => c.Length > 0) || skips.Length > 0 || codes.Length > 0 || key >= 0;
        var drop = mapping.Drop.Select(column => column.Column).ToHashSet(StringComparer.Ordinal);
        string[] titles =
            [.. names.Select((name, at) => isHeader || drop.Contains(name) ? Shown(name, at) : Number(at))];
        var dropped = new List<string>();
        for (var field = 0; field < names.Length; field++)
        {
            if (Array.IndexOf(names, names[field]) < field)
                Fault(MappingFaultKind.RepeatedColumn, field, "a column name occurs twice", "Rename one of them.");
            else if (Array.Exists(columns, fields => fields.Contains(field)) || codes.Contains(field))
                continue;
            else if (mapping.DropOthers || drop.Contains(names[field]) || skips.Contains(field) || field == key)
                dropped.Add(titles[field]);
            else
                Fault(MappingFaultKind.UnmentionedColumn, field, "the mapping does not mention this column",
                    "Map it, or list it under 'drop' with the reason.");
        }

        return faults.Count > before ? null : new SourceHeader(names, titles, [.. dropped])
            {
                Columns = columns, Skips = skips, Codes = codes, Key = key,
            };

        int Find(string column)
        {
            var field = Array.IndexOf(names, column);
            if (field < 0)
                faults.AddForHeader(MappingFaultKind.MissingColumn, input, column, 0,
                    $"the header has no column '{column}'", "Export that column, or correct the mapping.");
            return field;
        }

        void Fault(MappingFaultKind kind, int field, string what, string remedy) =>
            faults.AddForHeader(kind, input, titles[field], field + 1, what, remedy);
    }

    static string Shown(string name, int field) =>
        name.Length is 0 or > 64 || name.Any(char.IsControl) ? Number(field) : name;

    static string Number(int field) => $"number {field + 1}";
}
