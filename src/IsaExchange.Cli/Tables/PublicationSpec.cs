using IsaExchange.Datasets.Specs;

namespace IsaExchange.Cli.Tables;

/// <summary>A dimension that several files may have a column of.</summary>
/// <param name="Total">Code that stands for all of it; null: none does.</param>
/// <param name="Levels">File with a row for each finest code; null: all codes but the total are finest ones.</param>
/// <param name="LevelColumns">Its columns, the finest first.</param>
sealed record DimensionWords(
    string Name, int Line, string? Total, string? Levels, IReadOnlyList<string> LevelColumns);

/// <summary>The specification of tables to be checked together, as its author wrote it.</summary>
sealed record PublicationSpec(
    IReadOnlyList<DimensionWords> Dimensions, IReadOnlyList<TableWords> Tables, IReadOnlyList<TableWords> Outside,
    TableWords? Counts, int ProtectBelow, int Width)
{
    /// <summary>Null, with faults, when it cannot be understood.</summary>
    public static PublicationSpec? Parse(string yaml, string file, List<SpecFault> faults)
    {
        if (YamlMap.Root(yaml, file, faults) is not { } root)
            return null;
        var spec = new PublicationSpec(
            [.. DimensionsOf(root)],
            [.. root.Maps("tables").Select((map, i) => TableWords.Of(map, i, "table"))],
            [.. root.Maps("outside").Select((map, i) => TableWords.Of(map, i, "outside"))],
            root.Map("counts") is { } counts ? TableWords.OfCounts(counts) : null,
            root.Whole("protect_below", 0), root.Whole("width", 3));
        root.RefuseOtherWords();
        spec.RefuseContradictions(root);
        return faults.Count == 0 ? spec : null;
    }

    static IEnumerable<DimensionWords> DimensionsOf(YamlMap root)
    {
        if (root.Map("dimensions") is not { } dimensions)
            yield break;
        foreach (var name in dimensions.Words())
        {
            if (dimensions.Map(name) is not { } map)
                continue;
            var levels = map.Map("levels");
            var words = new DimensionWords(
                name, map.Line, map.OptionalText("total"), levels?.Text("file"), levels?.Texts("columns") ?? []);
            if (levels is not null && words.LevelColumns.Count < 2)
                levels.Fault(levels.Line, "'columns' of levels are two or more.", "Name them, the finest first.");
            levels?.RefuseOtherWords();
            map.RefuseOtherWords();
            yield return words;
        }
    }

    void RefuseContradictions(YamlMap root)
    {
        void Fault(int line, string message, string remedy) => root.Fault(line, message, remedy);
        if (Dimensions.Count == 0)
            Fault(1, "'dimensions' is missing.", "Name each dimension, with its 'total' if it has one.");
        if (Tables.Count == 0)
            Fault(1, "'tables' is missing.", "Name at least one table.");
        if (ProtectBelow < 1)
            Fault(root.LineOf("protect_below"), "'protect_below' is 1 or more.", "Counts below it are protected.");
        if (Width < 1)
            Fault(root.LineOf("width"), "'width' is 1 or more.", "Two possible values lie so far apart at least.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in Tables.Concat(Outside))
        {
            if (!names.Add(table.Name))
                Fault(table.Line, $"Two tables are called {table.Name}.", "Give each a 'name' of its own.");
            var strange = table.Columns.Where(c => Dimensions.All(d => d.Name != c.Dimension)).ToList();
            foreach (var (dimension, _) in strange)
                Fault(table.Line, $"'{dimension}' is no dimension.", "Name it under 'dimensions', or correct it.");
        }

        foreach (var table in Outside.Where(t => t.File is null))
            Fault(table.Line, "'file' is missing.", "Name the file of an outside table.");
        if (Tables.Count(t => t.File is null) > 1)
            Fault(1, "Several tables have no 'file'.", "One at most is the file named with the verb.");
    }
}
