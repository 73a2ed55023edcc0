using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>The <c>list.yaml</c> of a code list as the import reads and writes it.</summary>
sealed record CodeListImportList(
    string Id, string Title, string Publisher, string? ParentList, IReadOnlyList<CodeListImportList.Edition> Editions)
{
    /// <summary>How codes of one edition answer those of another.</summary>
    public IReadOnlyList<Mapping> Mappings { get; init; } = [];

    /// <summary>A mapping between editions: its file beside list.yaml.</summary>
    public sealed record Mapping(string From, string To, string File, string Source, string Sha256);

    /// <summary>One edition: its file beside list.yaml and the days on which it is in force, both included.</summary>
    public sealed record Edition(
        string Name, string File, DateOnly ValidFrom, DateOnly? ValidTo, string Source, string Sha256)
    {
        /// <summary>Ids of the lists that its codes are part of besides, with a comma between.</summary>
        public string PartOf { get; init; } = "";

        public bool Overlaps(Edition other) =>
            ValidFrom <= (other.ValidTo ?? DateOnly.MaxValue) && other.ValidFrom <= (ValidTo ?? DateOnly.MaxValue);
    }

    static readonly string[] ListWords = ["id", "title", "publisher", "parent_list", "editions", "mappings"];
    static readonly string[] MappingWords = ["from", "to", "file", "source", "sha256"];
    static readonly string[] EditionWords =
        ["edition", "file", "valid_from", "valid_to", "source", "sha256", "part_of"];

    /// <summary>Null when the text is not a list.yaml that an import wrote.</summary>
    public static CodeListImportList? Parse(string yaml)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is not [{ RootNode: YamlMappingNode root }] || !HasOnly(root, ListWords))
                return null;
            var editions = Child(root, "editions") is YamlSequenceNode list
                ? list.Children.Select(ParseEdition).ToArray()
                : [null];
            var mappings = Child(root, "mappings") is YamlSequenceNode maps
                ? maps.Children.Select(ParseMapping).ToArray()
                : [];
            return editions.Contains(null) || mappings.Contains(null)
                ? null
                : new CodeListImportList(Text(root, "id"), Text(root, "title"), Text(root, "publisher"),
                    Optional(root, "parent_list"), editions!) { Mappings = mappings! };
        }
        catch (Exception e) when (e is FormatException or YamlException or ArgumentException
            or InvalidOperationException or InvalidCastException)
        {
            return null;
        }
    }

    static Edition? ParseEdition(YamlNode node) =>
        node is YamlMappingNode map && HasOnly(map, EditionWords)
            ? new Edition(Text(map, "edition"), Text(map, "file"), Day(Text(map, "valid_from")),
                Optional(map, "valid_to") is { } last ? Day(last) : null, Text(map, "source"), Text(map, "sha256"))
            {
                PartOf = Ids(map, "part_of"),
            }
            : null;

    static string Ids(YamlMappingNode map, string word) => Child(map, word) switch
    {
        null => "",
        YamlSequenceNode ids => string.Join(',', ids.Children.Select(id => ((YamlScalarNode)id).Value)),
        _ => throw new FormatException($"'{word}' is no list"),
    };

    static Mapping? ParseMapping(YamlNode node) =>
        node is YamlMappingNode map && HasOnly(map, MappingWords)
            ? new Mapping(Text(map, "from"), Text(map, "to"), Text(map, "file"), Text(map, "source"),
                Text(map, "sha256"))
            : null;

    static bool HasOnly(YamlMappingNode map, string[] words) =>
        map.Children.Keys.All(key => key is YamlScalarNode { Value: { } word } && words.Contains(word));

    static string Text(YamlMappingNode map, string word) =>
        Optional(map, word) ?? throw new FormatException($"'{word}' is missing");

    static string? Optional(YamlMappingNode map, string word) =>
        (Child(map, word) as YamlScalarNode)?.Value;

    static YamlNode? Child(YamlMappingNode map, string word) =>
        map.Children.TryGetValue(new YamlScalarNode(word), out var child) ? child : null;

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public string ToYaml()
    {
        var yaml = new StringBuilder();
        Line(yaml, "id", Id);
        Line(yaml, "title", Title);
        Line(yaml, "publisher", Publisher);
        if (ParentList is not null)
            Line(yaml, "parent_list", ParentList);
        yaml.Append("editions:\n");
        foreach (var edition in Editions)
        {
            Line(yaml, "  - edition", edition.Name);
            Line(yaml, "    file", edition.File);
            yaml.Append(CultureInfo.InvariantCulture, $"    valid_from: {edition.ValidFrom:yyyy-MM-dd}\n");
            if (edition.ValidTo is { } last)
                yaml.Append(CultureInfo.InvariantCulture, $"    valid_to: {last:yyyy-MM-dd}\n");
            Line(yaml, "    source", edition.Source);
            Line(yaml, "    sha256", edition.Sha256);
            if (edition.PartOf.Length > 0)
                yaml.Append("    part_of: [\"").AppendJoin("\", \"", edition.PartOf.Split(',')).Append("\"]\n");
        }

        if (Mappings.Count > 0)
            yaml.Append("mappings:\n");
        foreach (var mapping in Mappings)
        {
            Line(yaml, "  - from", mapping.From);
            Line(yaml, "    to", mapping.To);
            Line(yaml, "    file", mapping.File);
            Line(yaml, "    source", mapping.Source);
            Line(yaml, "    sha256", mapping.Sha256);
        }

        return yaml.ToString();
    }

    // Always quoted: an edition named 2018-12 or a title with a colon stays text for every YAML reader.
    static void Line(StringBuilder yaml, string word, string text) =>
        yaml.Append(word).Append(": \"")
            .Append(text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))
            .Append("\"\n");
}
