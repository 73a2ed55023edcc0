using System.Globalization;
using IsaExchange.Datasets.Specs;
using IsaExchange.DisclosureControl.OwnTables;

namespace IsaExchange.Cli.Tables;

/// <summary>A specification and the files that it names, as tables to be checked. No fault holds a count.</summary>
sealed class PublicationFiles
{
    const int SpecBytesMax = 1 << 20;
    const int FaultsMax = 200;

    readonly Dictionary<TableWords, CsvTable> _files = new(ReferenceEqualityComparer.Instance);
    readonly List<TableFault> _faults = [];
    readonly string _folder;
    readonly string? _table;

    PublicationFiles(string folder, string? table) => (_folder, _table) = (folder, table);

    /// <param name="table">The file of the table that names none; null where all name theirs.</param>
    /// <returns>Null, with faults, when something cannot be read.</returns>
    public static (Publication? Publication, IReadOnlyList<TableFault> Faults) Read(string spec, string? table)
    {
        var name = Path.GetFileName(spec);
        if (new FileInfo(spec).Length > SpecBytesMax)
            return (null, [new TableFault(name, 0, "too long for a specification")]);
        var specFaults = new List<SpecFault>();
        var words = PublicationSpec.Parse(File.ReadAllText(spec), name, specFaults);
        if (words is null)
            return (null, [.. specFaults.Select(f => new TableFault(f.File, f.Line, $"{f.Message} {f.Remedy}"))]);
        var files = new PublicationFiles(Path.GetDirectoryName(Path.GetFullPath(spec))!, table);
        var publication = files.Read(words, name);
        return (files._faults.Count == 0 ? publication : null, [.. files._faults.Take(FaultsMax)]);
    }

    Publication? Read(PublicationSpec spec, string name)
    {
        var isGiven = _table is not null;
        if (isGiven != spec.Tables.Any(t => t.File is null))
        {
            _faults.Add(new TableFault(name, isGiven ? 0 : spec.Tables.First(t => t.File is null).Line, isGiven
                ? "every table names its file: none is left for the one named with the verb"
                : "'file' is missing, and none was named with the verb"));
            return null;
        }

        foreach (var words in All(spec))
            Open(words);
        if (_faults.Count > 0)
            return null;
        List<Classification> classifications = [.. spec.Dimensions.Select(d => Classify(d, spec, name))];
        if (_faults.Count > 0)
            return null;
        return new Publication(
            classifications, [.. spec.Tables.Select(Table)], [.. spec.Outside.Select(Table)],
            spec.Counts is null ? null : Table(spec.Counts), spec.ProtectBelow, spec.Width);
    }

    static IEnumerable<TableWords> All(PublicationSpec spec) =>
        spec.Tables.Concat(spec.Outside).Concat(spec.Counts is null ? [] : [spec.Counts]);

    void Open(TableWords words)
    {
        var path = words.File is null ? _table! : Path.Combine(_folder, words.File);
        if (CsvTable.Read(path, _faults) is not { } file)
            return;
        _files[words] = file;
        string?[] named = [.. words.Columns.Select(c => c.Column), words.Published, words.Lo, words.Hi, words.Truth];
        foreach (var column in named.OfType<string>().Where(column => file.Find(column) < 0))
            _faults.Add(new TableFault(file.File, 1, $"there is no column {column}"));
    }

    Classification Classify(DimensionWords dimension, PublicationSpec spec, string name)
    {
        if (dimension.Levels is { } levels)
            return Classification.Of(
                dimension.Name, dimension.Total, Path.GetFileName(levels), Lookup(dimension, levels), _faults);
        var codes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var words in All(spec))
        {
            foreach (var (_, column) in words.Columns.Where(c => c.Dimension == dimension.Name))
            {
                var at = _files[words].Find(column);
                codes.UnionWith(_files[words].Rows.Select(row => row.Cells[at]));
            }
        }

        if (dimension.Total is not null)
            codes.Remove(dimension.Total);
        return Classification.Of(
            dimension.Name, dimension.Total, name, [.. codes.Select(code => new LookupRow(0, [code]))], _faults);
    }

    List<LookupRow> Lookup(DimensionWords dimension, string levels)
    {
        if (CsvTable.Read(Path.Combine(_folder, levels), _faults) is not { } file)
            return [];
        int[] columns = [.. dimension.LevelColumns.Select(file.Find)];
        foreach (var column in dimension.LevelColumns.Where(c => file.Find(c) < 0))
            _faults.Add(new TableFault(file.File, 1, $"there is no column {column}"));
        return columns.Contains(-1)
            ? [] : [.. file.Rows.Select(row => new LookupRow(row.Line, [.. columns.Select(c => row.Cells[c])]))];
    }

    OwnTable Table(TableWords words)
    {
        var file = _files[words];
        int[] codes = [.. words.Columns.Select(c => file.Find(c.Column))];
        var rows = new List<OwnRow>();
        foreach (var (line, cells) in file.Rows)
        {
            var (lo, hi) = Said(words, file, line, cells);
            var truth = words.Truth is null ? null : Number(file, line, cells[file.Find(words.Truth)], words.Truth);
            rows.Add(new OwnRow(line, [.. codes.Select(c => cells[c])], lo, hi, truth));
        }

        return new OwnTable(
            words.Name, file.File, [.. words.Columns.Select(c => c.Dimension)], rows, words.Absent);
    }

    (long Lo, long? Hi) Said(TableWords words, CsvTable file, int line, string[] cells)
    {
        if (words.Lo is not null && words.Hi is not null)
        {
            var top = cells[file.Find(words.Hi)];
            return (Number(file, line, cells[file.Find(words.Lo)], words.Lo) ?? 0,
                top.Length == 0 ? null : Number(file, line, top, words.Hi));
        }

        if (words.Published is null)
            return (0, null);
        var said = cells[file.Find(words.Published)];
        if (said == words.Mark)
            return (words.MarkLo, words.MarkHi);
        if (said == words.Missing || Number(file, line, said, words.Published) is not { } number)
            return (0, null);
        return (Math.Max(0, number - words.RoundedWithin), number + words.RoundedWithin);
    }

    long? Number(CsvTable file, int line, string text, string column)
    {
        // Sums of a million of them still fit.
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= 1_000_000_000_000)
            return number;
        _faults.Add(new TableFault(file.File, line, $"{column} is neither a whole number nor a mark"));
        return null;
    }
}
