using System.Globalization;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Datasets.Mapping;

/// <summary>Reads one written column of a mapping.</summary>
sealed class MappedColumnReader(MappingYaml yaml, MappingTables tables)
{
    const int LongestPart = 200;

    static readonly string[] Conversions = ["map", "map_from", "edition", "date", "time", "time_band", "round_down"];
    static readonly string[] Origins = ["from", "join", "outward_of", "constant", "sequence", "block_code", "tally"];

    /// <summary>Words that change what is read from the source before it is converted.</summary>
    static readonly string[] Readings = ["split", "empty"];

    /// <summary>Null, with faults, when it is not a column.</summary>
    public MappedColumn? Read(YamlNode item)
    {
        var words = yaml.Words(
            item, "a column", ["name", "otherwise", "with", "match", .. Readings, .. Origins, .. Conversions]);
        var name = yaml.Required(words, "name", item);
        if (name is null)
            return null;
        if (!ColumnMappingReader.IsName(name, '_'))
            yaml.Add(item, "'name' is not a column name", "Use lower-case letters, digits and underscores.");
        var origins = Array.FindAll(Origins, words.ContainsKey);
        if (origins is not [var origin])
        {
            var choice = string.Join(", ", Origins);
            yaml.Add(item, $"column '{name}' needs exactly one of {choice}", "Say where its value comes from.");
            return null;
        }

        CheckWords(words, item, origin);
        return origin switch
        {
            "constant" => yaml.Text(words[origin], "'constant'") is { } text
                ? new() { Name = name, Origin = ColumnOrigin.Constant, Constant = Encoding.UTF8.GetBytes(text) }
                : null,
            "sequence" => True(words, name, origin, ColumnOrigin.Sequence),
            "block_code" => True(words, name, origin, ColumnOrigin.BlockCode),
            "tally" => Tally(words[origin], name),
            _ => Source(words, item, name, origin),
        };
    }

    MappedColumn? Source(Dictionary<string, YamlNode> words, YamlNode item, string name, string origin)
    {
        var columns = origin == "join"
            ? yaml.Texts(words[origin], "'join'")
            : yaml.Text(words[origin], $"'{origin}'") is { } one ? [one] : [];
        if (columns.Any(string.IsNullOrEmpty) || (origin == "join" && columns.Count < 2))
            yaml.Add(words[origin], $"'{origin}' names no source column",
                origin == "join" ? "Name two source columns at least." : "Write the source column's name.");
        if (Conversion(words, item, origin) is not { } conversion || columns.Count == 0)
            return null;
        return new MappedColumn
        {
            Name = name,
            Origin = ColumnOrigin.Source,
            SourceColumns = columns,
            Joint = words.TryGetValue("with", out var with) ? Bytes(with, "'with'") : [],
            Part = words.TryGetValue("split", out var split) ? Part(split) : null,
            Empty = words.TryGetValue("empty", out var empty) ? Bytes(empty, "'empty'") : null,
            Conversion = conversion,
            Otherwise = Otherwise(words),
        };
    }

    MappedColumn True(Dictionary<string, YamlNode> words, string name, string origin, ColumnOrigin kind)
    {
        if (!yaml.Flag(words, origin))
            yaml.Add(words[origin], $"'{origin}' of column '{name}' can only be true", $"Write '{origin}: true'.");
        return new() { Name = name, Origin = kind };
    }

    MappedColumn? Tally(YamlNode node, string name)
    {
        if (node is not YamlMappingNode { Children.Count: > 0 } map)
        {
            yaml.Add(node, "'tally' counts nothing", "Write the columns of the second file and the values that count.");
            return null;
        }

        var conditions = new List<TallyCondition>();
        foreach (var (key, value) in map)
        {
            if (yaml.Text(key, "a column of 'tally'") is { } column)
                conditions.Add(TallyCondition.Of(column, yaml.Texts(value, "a column of 'tally'")));
        }

        return new() { Name = name, Origin = ColumnOrigin.Tally, Tally = conditions };
    }

    void CheckWords(Dictionary<string, YamlNode> words, YamlNode item, string origin)
    {
        var conversions = Array.FindAll(Conversions, words.ContainsKey);
        var reads = origin is "from" or "join";
        if (conversions.Length > 0 && !reads)
            yaml.Add(item, $"{string.Join(", ", Conversions)} go only with 'from' or 'join'",
                $"Remove them from beside '{origin}'.");
        else if (conversions.Length > 1)
            yaml.Add(item, $"a column has at most one of {string.Join(", ", Conversions)}", "Keep one of them.");
        else if (words.TryGetValue("otherwise", out var otherwise) && conversions is [] && origin != "outward_of")
            yaml.Add(otherwise, "'otherwise' has nothing to convert", "Use it with map, date, time or outward_of.");
        foreach (var word in Array.FindAll(Readings, words.ContainsKey))
        {
            if (!reads && (word != "empty" || origin != "outward_of"))
                yaml.Add(words[word], $"'{word}' goes only with a source column", $"Remove it from beside '{origin}'.");
        }

        if (words.TryGetValue("with", out var with) && origin != "join")
            yaml.Add(with, "'with' goes only with 'join'", "Remove it.");
        if (words.TryGetValue("match", out var match) && conversions is not (["map"] or ["map_from"]))
            yaml.Add(match, "'match' goes only with map and map_from", "Remove it.");
    }

    FieldConversion? Conversion(Dictionary<string, YamlNode> words, YamlNode item, string origin)
    {
        var conversions = Array.FindAll(Conversions, words.ContainsKey);
        if (conversions.Length > 1)
            return null;
        if (conversions is not [var conversion])
            return origin == "outward_of" ? new OutwardCode() : new AsItIs();
        var node = words[conversion];
        return conversion switch
        {
            "map" => Map(node, Loose(words)),
            "map_from" => tables.Read(node, Loose(words)),
            "edition" => tables.ReadEdition(node),
            "date" => Date(node),
            "round_down" => RoundDown(node),
            "time" => Time(node, conversion),
            _ => Time(node, conversion) is { } clock ? new TimeBand(clock) : null,
        };
    }

    ClockTime? Time(YamlNode node, string word)
    {
        if (yaml.Text(node, $"'{word}'") is not { } format)
            return null;
        var clock = ClockTime.For(format);
        if (clock is null)
            yaml.Add(node, $"'{word}' is not a format that can be read exactly", Letters("H or HH, and mm"));
        return clock;
    }

    IsoDate? Date(YamlNode node)
    {
        var formats = yaml.Texts(node, "'date'");
        if (IsoDate.For([.. formats]) is not { } date)
        {
            yaml.Add(node, "'date' is not a format that can be read exactly", Letters("yyyy and M, MM, MMM or MMMM"));
            return null;
        }

        if (IsoDate.AreAmbiguous(formats))
            yaml.Add(node, "two formats of 'date' read one text as two days", "Keep one, or prepare the files apart.");
        return date;
    }

    static string Letters(string needs) =>
        $"Use d dd M MM MMM MMMM yyyy H HH mm ss with / - . : T or spaces between; it needs {needs}.";

    RoundedDown? RoundDown(YamlNode node)
    {
        if (Number(node, "'round_down'", 1_000_000) is not { } step)
            return null;
        return new RoundedDown(step);
    }

    int? Number(YamlNode node, string what, int most)
    {
        if (yaml.Text(node, what) is { } text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number <= most)
            return number;
        yaml.Add(node, $"{what} must be a whole number, 1 to {most}", "Write digits only.");
        return null;
    }

    bool Loose(Dictionary<string, YamlNode> words)
    {
        if (!words.TryGetValue("match", out var node) || yaml.Text(node, "'match'") is not { } match)
            return false;
        if (match is not ("loose" or "exact"))
            yaml.Add(node, "'match' is loose or exact", "Write one of them; without the word it is exact.");
        return match == "loose";
    }

    MappedValues? Map(YamlNode node, bool loose)
    {
        var values = new MappedValues("one of the values that 'map' lists", loose);
        if (node is not YamlMappingNode { Children.Count: > 0 } map)
        {
            yaml.Add(node, "'map' has no values", "Write one 'source value: code' a line.");
            return null;
        }

        foreach (var (key, value) in map)
        {
            if (yaml.Text(key, "a value of 'map'") is { } from && yaml.Text(value, "a code of 'map'") is { } to
                && !values.TryAdd(from, to))
                yaml.Add(key, "a value of 'map' stands above with another code", "Keep one of them.");
        }

        return values;
    }

    FieldPart? Part(YamlNode node)
    {
        var words = yaml.Words(node, "'split'", "by", "part", "start", "length");
        if (words is { Count: 2 } && words.TryGetValue("by", out var by) && words.TryGetValue("part", out var part))
        {
            if (Bytes(by, "'by'") is { Length: > 0 } separator && Number(part, "'part'", LongestPart) is { } number)
                return new FieldPart(separator, number, 0);
            yaml.Add(node, "'split' has nothing to split by", "Write a separator and the number of the part.");
        }
        else if (words is { Count: 2 } && words.TryGetValue("start", out var start)
            && words.TryGetValue("length", out var length))
        {
            if (Number(start, "'start'", LongestPart) is { } first
                && Number(length, "'length'", LongestPart) is { } count)
                return new FieldPart([], first, count);
        }
        else
            yaml.Add(node, "'split' needs 'by' and 'part', or 'start' and 'length'", "Say which part is used.");
        return null;
    }

    byte[] Bytes(YamlNode node, string what) => yaml.Text(node, what) is { } text ? Encoding.UTF8.GetBytes(text) : [];

    byte[]? Otherwise(Dictionary<string, YamlNode> words)
    {
        if (!words.TryGetValue("otherwise", out var node) || yaml.Text(node, "'otherwise'") is not { } text)
            return null;
        return text == "error" ? null : Encoding.UTF8.GetBytes(text);
    }
}
