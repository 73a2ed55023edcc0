using YamlDotNet.RepresentationModel;

namespace IsaExchange.Datasets.Mapping;

/// <summary>Reads the mapping language; <c>policies/mappings/README.md</c> says what its words mean.</summary>
sealed class ColumnMappingReader(string fileName, MappingTables tables)
{
    internal const int MaxBytes = 1 << 20;

    readonly MappingYaml _yaml = new(fileName);
    readonly List<MappedColumn> _columns = [];
    readonly List<DroppedColumn> _drop = [];
    readonly List<SkipRule> _skip = [];
    readonly List<LackingColumn> _lacking = [];

    public ColumnMappingLoadResult Read(string yaml)
    {
        if (_yaml.Root(yaml) is not { } root)
            return new ColumnMappingLoadResult(null, _yaml.Faults);
        tables.ReportTo(_yaml);
        var words = _yaml.Words(root, "the mapping", "title", "dataset", "columns", "drop", "drop_others", "skip_when",
            "null_values", "suppressed", "blocks", "second", "lacking", "period_column");
        var title = words.TryGetValue("title", out var said) ? _yaml.Text(said, "'title'") : "";
        var dataset = _yaml.Required(words, "dataset", root);
        if (dataset is not null && !IsName(dataset, '-'))
            _yaml.Add(words["dataset"], "'dataset' is not a dataset id", "Use lower-case letters, digits and hyphens.");
        var dropOthers = _yaml.Flag(words, "drop_others");
        if (words.TryGetValue("lacking", out var lacking))
            ReadLacking(lacking);
        ReadColumns(words, root);
        if (words.TryGetValue("drop", out var drop))
            ReadDrop(drop);
        if (words.TryGetValue("skip_when", out var skip))
            ReadSkip(skip);
        var blocks = words.TryGetValue("blocks", out var ranges) ? ReadBlocks(ranges) : null;
        var second = words.TryGetValue("second", out var file) ? ReadSecond(file) : null;
        CheckOrigins(root, words);
        var decides = words.ContainsKey("period_column") ? _yaml.Required(words, "period_column", root) : null;
        if (decides is not null && !_columns.Exists(c => c.Name == decides && c.Conversion is IsoDate))
            _yaml.Add(words["period_column"], "'period_column' is no written column with a date",
                "Name the column that decides the period.");
        var (nulls, suppressed) = (Values(words, "null_values"), Values(words, "suppressed"));
        return _yaml.Faults is { Count: > 0 } faults
            ? new ColumnMappingLoadResult(null, faults)
            : new ColumnMappingLoadResult(
                new ColumnMapping
                {
                    Dataset = dataset!, Title = title!, Columns = _columns, Drop = _drop, DropOthers = dropOthers,
                    SkipWhen = _skip, NullValues = nulls, Suppressed = suppressed, Lacking = _lacking,
                    Blocks = blocks, Second = second, PeriodColumn = decides, Tables = tables.Files,
                },
                []);
    }

    void ReadColumns(Dictionary<string, YamlNode> words, YamlNode root)
    {
        if (!words.TryGetValue("columns", out var columns))
        {
            if (_lacking.Count == 0)
                _yaml.Add(root, "'columns' is missing", "List the columns of the dataset in order.");
            return;
        }

        var items = _yaml.Items(columns, "'columns'");
        if (items.Count == 0)
            _yaml.Add(columns, "'columns' is empty", "List the columns of the dataset in order.");
        var reader = new MappedColumnReader(_yaml, tables);
        foreach (var item in items)
        {
            if (reader.Read(item) is not { } column)
                continue;
            if (_columns.Exists(other => other.Name == column.Name))
                _yaml.Add(item, $"column '{column.Name}' is written twice", "Keep one of them.");
            if (_lacking.Exists(other => other.Column == column.Name))
                _yaml.Add(item, $"column '{column.Name}' is both written and lacking", "Decide which.");
            _columns.Add(column);
        }
    }

    /// <summary>Columns that need another word of the mapping, and words that need a column.</summary>
    void CheckOrigins(YamlNode root, Dictionary<string, YamlNode> words)
    {
        Pair(ColumnOrigin.BlockCode, "block_code", "blocks");
        Pair(ColumnOrigin.Tally, "tally", "second");
        if (words.ContainsKey("blocks") && words.TryGetValue("second", out var second))
            _yaml.Add(second, "'second' and 'blocks' cannot go together",
                "A record of several blocks would count the second file several times; keep one of the words.");

        void Pair(ColumnOrigin origin, string column, string word)
        {
            var needed = _columns.Exists(c => c.Origin == origin);
            if (needed != words.ContainsKey(word))
                _yaml.Add(words.GetValueOrDefault(word, root), $"'{column}' and '{word}' go together",
                    "Write both, or neither.");
        }
    }

    void ReadDrop(YamlNode drop)
    {
        foreach (var item in _yaml.Items(drop, "'drop'"))
        {
            var words = _yaml.Words(item, "a dropped column", "column", "reason");
            var column = _yaml.Required(words, "column", item);
            var reason = _yaml.Required(words, "reason", item);
            if (column is null || reason is null)
                continue;
            if (_drop.Exists(other => other.Column == column))
                _yaml.Add(item, $"'{column}' is dropped twice", "Keep one of them.");
            if (_columns.Exists(other => other.SourceColumns.Contains(column)))
                _yaml.Add(item, $"'{column}' is both mapped and dropped", "Decide whether it leaves the authority.");
            _drop.Add(new DroppedColumn(column, reason));
        }
    }

    void ReadSkip(YamlNode skip)
    {
        foreach (var item in _yaml.Items(skip, "'skip_when'"))
        {
            var words = _yaml.Words(item, "a skip rule", "column", "equals", "reason");
            var column = _yaml.Required(words, "column", item);
            var reason = _yaml.Required(words, "reason", item);
            if (!words.TryGetValue("equals", out var equals))
            {
                _yaml.Add(item, "'equals' is missing", "Say which values leave a record behind.");
                continue;
            }

            var values = _yaml.Texts(equals, "'equals'");
            if (values.Count == 0)
                _yaml.Add(equals, "'equals' has no values", "Say which values leave a record behind.");
            if (column is not null && reason is not null)
                _skip.Add(new SkipRule(column, values, reason));
        }
    }

    void ReadLacking(YamlNode lacking)
    {
        foreach (var item in _yaml.Items(lacking, "'lacking'"))
        {
            var words = _yaml.Words(item, "a lacking column", "column", "reason", "remedy");
            var column = _yaml.Required(words, "column", item);
            var reason = _yaml.Required(words, "reason", item);
            var remedy = _yaml.Required(words, "remedy", item);
            if (column is not null && reason is not null && remedy is not null)
                _lacking.Add(new LackingColumn(column, reason, remedy));
        }
    }

    RecordBlocks? ReadBlocks(YamlNode node)
    {
        var words = _yaml.Words(node, "'blocks'", "from", "ranges");
        var (columns, ranges) = (Values(words, "from"), Values(words, "ranges"));
        if (columns.Count == 0 || columns.Any(string.IsNullOrEmpty))
            _yaml.Add(node, "'from' of 'blocks' names no source columns", "Name the columns that hold codes.");
        if (RecordBlocks.Of(columns, ranges) is { } blocks)
            return blocks;
        _yaml.Add(node, "'ranges' of 'blocks' are not blocks of ICD-10",
            "Write each like X85-Y09 or T51; they must not overlap.");
        return null;
    }

    SecondFile? ReadSecond(YamlNode node)
    {
        var words = _yaml.Words(node, "'second'", "title", "key", "of");
        var title = _yaml.Required(words, "title", node);
        var key = _yaml.Required(words, "key", node);
        var of = _yaml.Required(words, "of", node);
        return title is null || key is null || of is null ? null : new SecondFile(title, key, of);
    }

    IReadOnlyList<string> Values(Dictionary<string, YamlNode> words, string word)
    {
        if (!words.TryGetValue(word, out var node))
            return [];
        var values = _yaml.Texts(node, $"'{word}'");
        if (values.Count == 0)
            _yaml.Add(node, $"'{word}' has no values", "Write one at least, or leave the word out.");
        return values;
    }

    internal static bool IsName(string text, char joint) =>
        char.IsAsciiLetterLower(text[0])
        && text.Length <= 64
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == joint);
}
