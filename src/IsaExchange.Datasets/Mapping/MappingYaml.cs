using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// YAML read with the line of every word. Every scalar is text: a code such as <c>NO</c> or <c>1E5</c> stays so.
/// </summary>
sealed class MappingYaml(string fileName)
{
    // The language is four levels deep; the representation model recurses, so depth is checked on the events first.
    const int MaxDepth = 8;

    readonly List<MappingFileFault> _faults = [];

    public IReadOnlyList<MappingFileFault> Faults => [.. _faults.OrderBy(fault => fault.Line)];

    public void Add(YamlNode at, string description, string remedy) =>
        Add((int)at.Start.Line, description, remedy);

    public void Add(int line, string description, string remedy) =>
        _faults.Add(new MappingFileFault(fileName, Math.Max(1, line), description, remedy));

    /// <summary>The root of the only document; null, with a fault, when there is none.</summary>
    public YamlMappingNode? Root(string yaml)
    {
        try
        {
            if (!IsPlain(yaml))
                return null;
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
                return root;
            Add(1, "the file is not one YAML mapping", "Start with 'dataset:' and 'columns:'.");
        }
        catch (YamlException e)
        {
            Add((int)e.Start.Line, $"not valid YAML: {e.Message}", "Correct the YAML; check indentation and quotes.");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // YamlDotNet lets these through for a tag that is no URI and for some unfinished flow mappings.
            Add(1, "not valid YAML", "Correct the YAML; check indentation, quotes, brackets and words with '!'.");
        }

        return null;
    }

    bool IsPlain(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var depth = 0;
        while (parser.MoveNext())
        {
            var line = (int)parser.Current!.Start.Line;
            depth += parser.Current.NestingIncrease;
            if (parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            {
                Add(line, "anchors and aliases are not part of the language", "Write the value out.");
                return false;
            }

            if (depth > MaxDepth)
            {
                Add(line, "nested too deeply", "See policies/mappings/README.md for the words of a mapping.");
                return false;
            }
        }

        return true;
    }

    /// <summary>The words of a mapping; a word that is not one of <paramref name="known"/> is a fault.</summary>
    public Dictionary<string, YamlNode> Words(YamlNode node, string what, params ReadOnlySpan<string> known)
    {
        var words = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        if (node is not YamlMappingNode mapping)
        {
            Add(node, $"{what} must be a mapping", $"Use the words {string.Join(", ", known.ToArray())}.");
            return words;
        }

        foreach (var (key, value) in mapping)
        {
            if (key is YamlScalarNode { Value: { } word } && known.Contains(word))
                words[word] = value;
            else
                Add(key, $"unknown word in {what}", $"Use only {string.Join(", ", known.ToArray())}.");
        }

        return words;
    }

    /// <summary>The items of a sequence; anything else is a fault.</summary>
    public IList<YamlNode> Items(YamlNode node, string what)
    {
        if (node is YamlSequenceNode sequence)
            return sequence.Children;
        Add(node, $"{what} must be a list", "Start each entry with '- '.");
        return [];
    }

    /// <summary>The text of a scalar; null, with a fault, when it is not one or is left empty without quotes.</summary>
    public string? Text(YamlNode node, string what)
    {
        if (node is YamlScalarNode { Value: { } text } scalar)
        {
            if (text.Length > 0 || scalar.Style is not ScalarStyle.Plain)
                return text;
        }

        Add(node, $"{what} must be text", "Write one value, in quotes when it is empty on purpose.");
        return null;
    }

    /// <summary>One text, or a list of them.</summary>
    public IReadOnlyList<string> Texts(YamlNode node, string what)
    {
        IEnumerable<YamlNode> nodes = node is YamlSequenceNode list ? list.Children : [node];
        return [.. nodes.Select(each => Text(each, $"a value of {what}")).OfType<string>()];
    }

    /// <summary>The text of a word that must be there.</summary>
    public string? Required(Dictionary<string, YamlNode> words, string word, YamlNode within)
    {
        if (words.TryGetValue(word, out var node))
        {
            var text = Text(node, $"'{word}'");
            if (text is not "")
                return text;
            Add(node, $"'{word}' is empty", $"Give '{word}' a value.");
            return null;
        }

        Add(within, $"'{word}' is missing", $"Add '{word}:'.");
        return null;
    }

    /// <summary>Whether a word says true; false when it is absent.</summary>
    public bool Flag(Dictionary<string, YamlNode> words, string word)
    {
        if (!words.TryGetValue(word, out var node))
            return false;
        if (node is YamlScalarNode { Value: "true" or "false" } scalar)
            return scalar.Value == "true";
        Add(node, $"'{word}' must be true or false", $"Write '{word}: true'.");
        return false;
    }
}
