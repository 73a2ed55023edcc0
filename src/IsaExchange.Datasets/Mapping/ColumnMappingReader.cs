using System.Text;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Datasets.Mapping;

/// <summary>Reads the mapping language; <c>policies/mappings/README.md</c> says what its words mean.</summary>
sealed class ColumnMappingReader(string fileName)
{
    internal const int MaxBytes = 1 << 20;

    static readonly string[] Conversions = ["map", "date", "time"];
    static readonly string[] Origins = ["from", "outward_of", "constant", "sequence"];

    readonly MappingYaml _yaml = new(fileName);
    readonly List<MappedColumn> _columns = [];
    readonly List<DroppedColumn> _drop = [];
    readonly List<SkipRule> _skip = [];

    public ColumnMappingLoadResult Read(string yaml)
    {
        if (_yaml.Root(yaml) is not { } root)
            return new ColumnMappingLoadResult(null, _yaml.Faults);
        var words = _yaml.Words(root, "the mapping", "title", "dataset", "columns", "drop", "drop_others", "skip_when");
        var title = words.TryGetValue("title", out var said) ? _yaml.Text(said, "'title'") : "";
        var dataset = _yaml.Required(words, "dataset", root);
        if (dataset is not null && !IsName(dataset, '-'))
            _yaml.Add(words["dataset"], "'dataset' is not a dataset id", "Use lower-case letters, digits and hyphens.");
        var dropOthers = _yaml.Flag(words, "drop_others");
        ReadColumns(words, root);
        if (words.TryGetValue("drop", out var drop))
            ReadDrop(drop);
        if (words.TryGetValue("skip_when", out var skip))
            ReadSkip(skip);
        return _yaml.Faults is { Count: > 0 } faults
            ? new ColumnMappingLoadResult(null, faults)
            : new ColumnMappingLoadResult(
                new ColumnMapping(dataset!, title!, _columns, _drop, dropOthers, _skip), []);
    }

    void ReadColumns(Dictionary<string, YamlNode> words, YamlNode root)
    {
        if (!words.TryGetValue("columns", out var columns))
        {
            _yaml.Add(root, "'columns' is missing", "List the columns of the dataset in order.");
            return;
        }

        var items = _yaml.Items(columns, "'columns'");
        if (items.Count == 0)
            _yaml.Add(columns, "'columns' is empty", "List the columns of the dataset in order.");
        foreach (var item in items)
            ReadColumn(item);
    }

    void ReadColumn(YamlNode item)
    {
        var words = _yaml.Words(item, "a column", ["name", "otherwise", .. Origins, .. Conversions]);
        var name = _yaml.Required(words, "name", item);
        if (name is null)
            return;
        if (!IsName(name, '_'))
            _yaml.Add(item, "'name' is not a column name", "Use lower-case letters, digits and underscores.");
        if (_columns.Exists(column => column.Name == name))
            _yaml.Add(item, $"column '{name}' is written twice", "Keep one of them.");
        var origins = Array.FindAll(Origins, words.ContainsKey);
        if (origins is not [var origin])
        {
            var choice = string.Join(", ", Origins);
            _yaml.Add(item, $"column '{name}' needs exactly one of {choice}", "Say where its value comes from.");
            return;
        }

        if (ReadOrigin(words, name, origin) is var (kind, text) && ReadConversion(words, item, origin) is { } how)
            _columns.Add(new MappedColumn(name, kind, text, how, ReadOtherwise(words)));
    }

    (ColumnOrigin Kind, string Text)? ReadOrigin(Dictionary<string, YamlNode> words, string name, string origin)
    {
        var node = words[origin];
        if (origin == "sequence")
        {
            if (!_yaml.Flag(words, "sequence"))
                _yaml.Add(node, $"'sequence' of column '{name}' can only be true", "Write 'sequence: true'.");
            return (ColumnOrigin.Sequence, "");
        }

        if (_yaml.Text(node, $"'{origin}'") is not { } text)
            return null;
        if (origin == "constant")
            return (ColumnOrigin.Constant, text);
        if (text.Length > 0)
            return (ColumnOrigin.Source, text);
        _yaml.Add(node, $"'{origin}' names no source column", "Write the source column's name.");
        return null;
    }

    FieldConversion? ReadConversion(Dictionary<string, YamlNode> words, YamlNode item, string origin)
    {
        var conversions = Array.FindAll(Conversions, words.ContainsKey);
        if (conversions.Length > 0 && origin != "from")
            _yaml.Add(item, "map, date and time go only with 'from'", $"Remove them from beside '{origin}'.");
        else if (conversions.Length > 1)
            _yaml.Add(item, "a column has at most one of map, date, time", "Keep one of them.");
        else if (words.TryGetValue("otherwise", out var otherwise) && conversions is [] && origin != "outward_of")
            _yaml.Add(otherwise, "'otherwise' has nothing to convert", "Use it with map, date, time or outward_of.");
        else if (conversions is [var conversion])
            return ReadConversion(words[conversion], conversion);
        else
            return origin == "outward_of" ? new OutwardCode() : new AsItIs();
        return null;
    }

    FieldConversion? ReadConversion(YamlNode node, string conversion)
    {
        if (conversion == "map")
            return ReadMap(node);
        if (_yaml.Text(node, $"'{conversion}'") is not { } format)
            return null;
        FieldConversion? made = conversion == "date" ? IsoDate.For(format) : ClockTime.For(format);
        if (made is null)
        {
            var needs = conversion == "date" ? "yyyy and M, MM or MMM" : "H or HH, and mm";
            _yaml.Add(node, $"'{conversion}' is not a format that can be read exactly",
                $"Use d dd M MM MMM yyyy H HH mm ss with / - . : T or spaces between; it needs {needs}.");
        }

        return made;
    }

    MappedValues? ReadMap(YamlNode node)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node is not YamlMappingNode { Children.Count: > 0 } map)
        {
            _yaml.Add(node, "'map' has no values", "Write one 'source value: code' a line.");
            return null;
        }

        foreach (var (key, value) in map)
        {
            if (_yaml.Text(key, "a value of 'map'") is { } from && _yaml.Text(value, "a code of 'map'") is { } to)
                pairs.Add(from, to);
        }

        return new MappedValues(pairs);
    }

    byte[]? ReadOtherwise(Dictionary<string, YamlNode> words)
    {
        if (!words.TryGetValue("otherwise", out var node) || _yaml.Text(node, "'otherwise'") is not { } text)
            return null;
        return text == "error" ? null : Encoding.UTF8.GetBytes(text);
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
            if (_columns.Exists(other => other.SourceColumn == column))
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

            IEnumerable<YamlNode> nodes = equals is YamlSequenceNode list ? list.Children : [equals];
            var values = nodes.Select(node => _yaml.Text(node, "a value of 'equals'")).OfType<string>().ToArray();
            if (values.Length == 0)
                _yaml.Add(equals, "'equals' has no values", "Say which values leave a record behind.");
            if (column is not null && reason is not null)
                _skip.Add(new SkipRule(column, values, reason));
        }
    }

    static bool IsName(string text, char joint) =>
        char.IsAsciiLetterLower(text[0])
        && text.Length <= 64
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == joint);
}
