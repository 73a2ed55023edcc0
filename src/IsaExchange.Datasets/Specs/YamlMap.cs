using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Datasets.Specs;

/// <summary>
/// A YAML mapping read strictly: each word is asked for once, what nobody asked for is refused with its line.
/// A fault never stops the reading, so that one run lists all of them.
/// </summary>
public sealed class YamlMap
{
    readonly YamlMappingNode _node;
    readonly string _file;
    readonly List<SpecFault> _faults;
    readonly HashSet<string> _asked = [];

    YamlMap(YamlMappingNode node, string file, List<SpecFault> faults)
    {
        _node = node;
        _file = file;
        _faults = faults;
    }

    /// <summary>The single document of a file; null (with a fault) when it is not one mapping.</summary>
    public static YamlMap? Root(string yaml, string file, List<SpecFault> faults)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root)
                return new YamlMap(root, file, faults);
            faults.Add(new(file, 1, "The file is not one YAML mapping.", "Write words and values, one per line."));
        }
        catch (YamlException e)
        {
            faults.Add(new(file, (int)e.Start.Line, "This is not readable YAML: " + e.Message, "Correct the syntax."));
        }
        catch (ArgumentException e)
        {
            faults.Add(new(file, 0, "This is not readable YAML: " + e.Message, "Write each word once."));
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet lets it through for some unfinished brackets.
            faults.Add(new(file, 0, "This is not readable YAML: a bracket is never closed.", "Close it."));
        }

        return null;
    }

    public int Line => (int)_node.Start.Line;

    /// <summary>Every word of a mapping whose words are names; with it all of them are asked for.</summary>
    public IReadOnlyList<string> Words()
    {
        List<string> words = [.. _node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "")];
        _asked.UnionWith(words);
        return words;
    }

    public string Text(string word)
    {
        var text = OptionalText(word);
        if (text is null && !_node.Children.ContainsKey(new YamlScalarNode(word)))
            Fault(Line, $"'{word}' is missing.", $"Add '{word}'.");
        return text ?? "";
    }

    public string? OptionalText(string word)
    {
        if (Find(word) is not { } node)
            return null;
        if (node is YamlScalarNode { Value.Length: > 0 } scalar)
            return scalar.Value;
        Fault((int)node.Start.Line, $"'{word}' must be a text that is not empty.", "Write one value.");
        return null;
    }

    public int Whole(string word, int otherwise)
    {
        if (OptionalText(word) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        Fault(LineOf(word), $"'{word}' must be a whole number.", "Write digits only.");
        return otherwise;
    }

    public List<int> Wholes(string word)
    {
        var numbers = new List<int>();
        foreach (var text in Texts(word))
        {
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
            else
                Fault(LineOf(word), $"An entry of '{word}' must be a whole number.", "Write digits only.");
        }

        return numbers;
    }

    public bool Flag(string word)
    {
        if (OptionalText(word) is not { } text)
            return false;
        if (text is not ("true" or "false"))
            Fault(LineOf(word), $"'{word}' must be true or false.", "Write true or false.");
        return text == "true";
    }

    public DateOnly? Date(string word)
    {
        if (OptionalText(word) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        Fault(LineOf(word), $"'{word}' must be a date.", "Write it as yyyy-MM-dd.");
        return null;
    }

    public YamlMap? Map(string word)
    {
        if (Find(word) is not { } node)
            return null;
        if (node is YamlMappingNode map)
            return new YamlMap(map, _file, _faults);
        Fault((int)node.Start.Line, $"'{word}' must hold words and values.", "Indent its words below it.");
        return null;
    }

    public List<YamlMap> Maps(string word)
    {
        var maps = new List<YamlMap>();
        foreach (var item in Items(word))
        {
            if (item is YamlMappingNode map)
                maps.Add(new YamlMap(map, _file, _faults));
            else
                Fault((int)item.Start.Line, $"An entry of '{word}' must hold words and values.", "Write word: value.");
        }

        return maps;
    }

    public List<string> Texts(string word)
    {
        var texts = new List<string>();
        foreach (var item in Items(word))
        {
            if (item is YamlScalarNode { Value.Length: > 0 } scalar)
                texts.Add(scalar.Value);
            else
                Fault((int)item.Start.Line, $"An entry of '{word}' must be a text.", "Write one value per entry.");
        }

        return texts;
    }

    /// <summary>Call when every known word was asked for.</summary>
    public void RefuseOtherWords()
    {
        foreach (var key in _node.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } word } || !_asked.Contains(word))
                Fault((int)key.Start.Line, $"'{key}' is not a word of this file.", Others());
        }
    }

    string Others() => $"Remove it, or use one of: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.";

    public void Fault(int line, string message, string remedy) => _faults.Add(new(_file, line, message, remedy));

    public int LineOf(string word) => (int)(Find(word)?.Start.Line ?? _node.Start.Line);

    IList<YamlNode> Items(string word)
    {
        if (Find(word) is not { } node)
            return [];
        if (node is YamlSequenceNode list)
            return list.Children;
        Fault((int)node.Start.Line, $"'{word}' must be a list.", "Write its entries with a dash, one per line.");
        return [];
    }

    YamlNode? Find(string word)
    {
        _asked.Add(word);
        return _node.Children.TryGetValue(new YamlScalarNode(word), out var node) ? node : null;
    }
}
