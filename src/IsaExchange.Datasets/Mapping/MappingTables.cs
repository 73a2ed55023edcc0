using System.Text;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Reading;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// The tables that a mapping takes codes from: a CSV beside it, a code list of the partnership, or what became of the
/// codes of one edition in another.
/// </summary>
/// <param name="folder">Folder of the mapping; null when it is not a file.</param>
/// <param name="lists">The partnership's code lists; null when none were given.</param>
sealed class MappingTables(string? folder, MappingLists? lists)
{
    const int MaxBytes = 64 << 20;

    static readonly string[] ListColumns = ["code", "title", "parent"];

    readonly List<string> _files = [];
    CodeListCatalog? _catalog;
    MappingYaml? _yaml;

    MappingYaml Yaml => _yaml ?? throw new InvalidOperationException("The faults of a mapping need its file.");

    /// <summary>The files that tables were read from.</summary>
    public IReadOnlyList<string> Files => _files;

    public void ReportTo(MappingYaml yaml) => _yaml = yaml;

    /// <summary><c>map_from: { file | list [, edition], from, to }</c>; null with a fault.</summary>
    public MappedValues? Read(YamlNode node, bool loose)
    {
        var words = Yaml.Words(node, "'map_from'", "file", "list", "edition", "from", "to");
        var (from, to) = (Yaml.Required(words, "from", node), Yaml.Required(words, "to", node));
        if (words.ContainsKey("file") == words.ContainsKey("list"))
        {
            Yaml.Add(node, "'map_from' needs one of file and list", "Say where the codes stand.");
            return null;
        }

        if (from is null || to is null)
            return null;
        if (Yaml.Required(words, words.ContainsKey("file") ? "file" : "list", node) is not { } name)
            return null;
        if (words.ContainsKey("list"))
            return OfList(node, words, name, from, to, loose);
        if (words.TryGetValue("edition", out var edition))
            Yaml.Add(edition, "a file has no edition", "Remove the word.");
        return OfFile(node, name, from, to, loose);
    }

    /// <summary><c>edition: { from: LIST@EDITION, to: LIST@EDITION }</c>; null with a fault.</summary>
    public MappedValues? ReadEdition(YamlNode node)
    {
        var words = Yaml.Words(node, "'edition'", "from", "to");
        var (from, to) = (Yaml.Required(words, "from", node)?.Split('@'), Yaml.Required(words, "to", node)?.Split('@'));
        if (from is null || to is null)
            return null;
        if (from is not [var list, var earlier] || to is not [var other, var later] || list != other)
        {
            Yaml.Add(node, "'edition' must lead from one edition of a list to another", "Write it like reasons@2006.");
            return null;
        }

        if (List(node, list) is not { } found)
            return null;
        if (found.Mapping(earlier, later) is not { } mapping)
        {
            Yaml.Add(node, $"code list '{list}' has no mapping from edition {earlier} to {later}",
                "Add it to the list, or import it: isax codelist import-mapping.");
            return null;
        }

        var values = new MappedValues($"a code of '{list}', edition {earlier}, that became one code of {later}", false);
        foreach (var code in mapping.Codes)
        {
            if (mapping.Find(code) is { } successor)
                values.TryAdd(code, successor);
        }

        return values;
    }

    CodeList? List(YamlNode node, string list)
    {
        if (lists is null)
            Yaml.Add(node, "the mapping uses a code list, and none were given", "Say whose: --partnership.");
        else if ((_catalog ??= lists.Load()).Find(list) is { } found)
            return found;
        else
            Yaml.Add(node, $"there is no code list '{list}' without faults", "Import it: isax codelist import.");
        return null;
    }

    MappedValues? OfList(
        YamlNode node, Dictionary<string, YamlNode> words, string list, string from, string to, bool loose)
    {
        if (!ListColumns.Contains(from) || !ListColumns.Contains(to))
        {
            Yaml.Add(node, "a code list has the columns code, title and parent", "Use two of them.");
            return null;
        }

        if (List(node, list) is not { } found)
            return null;
        var named = words.ContainsKey("edition") ? Yaml.Required(words, "edition", node) : null;
        if (named is null && lists!.On is null)
        {
            Yaml.Add(node, $"which edition of '{list}' is used follows from the period", "Say --period.");
            return null;
        }

        if ((named is null ? found.Find(lists!.On!.Value) : found.Find(named)) is not { } edition)
        {
            Yaml.Add(node, $"code list '{list}' has no such edition, or none in force at the end of the period",
                "Import it: isax codelist import.");
            return null;
        }

        // A code without a parent or title has none to give: it is like one that the list does not know.
        var values = new MappedValues($"one that '{list}', edition {edition.Edition}, gives a {to} for", loose);
        for (var i = 0; i < edition.Count; i++)
        {
            if (Of(edition, i, from) is { Length: > 0 } value && Of(edition, i, to) is { Length: > 0 } code
                && !values.TryAdd(value, code))
                Yaml.Add(node, $"'{list}' has one {from} with two {to}s", "Map by the code, or match exactly.");
        }

        return values;
    }

    static string Of(CodeListEdition edition, int i, string column) => column switch
    {
        "code" => edition.Code(i),
        "title" => edition.Title(i),
        _ => edition.Parent(i) ?? "",
    };

    MappedValues? OfFile(YamlNode node, string name, string from, string to, bool loose)
    {
        if (Path.GetFileName(name) != name)
        {
            Yaml.Add(node, "the file of 'map_from' is not of the mapping's own folder",
                "Put it beside the mapping, and write its name alone.");
            return null;
        }

        var path = Path.Combine(folder ?? "", name);
        if (folder is null || !File.Exists(path) || new FileInfo(path).Length > MaxBytes)
        {
            Yaml.Add(node, "the file of 'map_from' is not there, or larger than 64 MiB",
                "Put it beside the mapping, or correct its name.");
            return null;
        }

        var values = new MappedValues($"one of the values that {name} lists", loose);
        _files.Add(path);
        using var content = File.OpenRead(path);
        using var records = new CsvRecords(content);
        var (keys, codes) = (-1, -1);
        while (records.Read())
        {
            if (records.Fault != CsvFault.None)
                At(records, "is not a record of RFC 4180 in UTF-8");
            else if (records.Number == 0)
            {
                (keys, codes) = (Column(records, from), Column(records, to));
                if (keys < 0 || codes < 0)
                    return Missing(node, name, keys < 0 ? from : to);
            }
            else if (Math.Max(keys, codes) >= records.FieldCount)
                At(records, "has fewer fields than the header");
            else if (!values.TryAdd(Text(records, keys), Text(records, codes)))
                At(records, "gives a value that stands above another code");
        }

        if (values.Count == 0)
            Yaml.Add(node, $"{name} lists no values", "Write one value and its code a line.");
        return values;

        // The file is the authority's own and may hold words of people: its lines are named, never repeated.
        void At(CsvRecords at, string what) =>
            Yaml.Add(node, $"line {at.Line} of {name} {what}", "Correct it.");
    }

    MappedValues? Missing(YamlNode node, string name, string column)
    {
        Yaml.Add(node, $"{name} has no column '{column}'", "Correct the name.");
        return null;
    }

    static int Column(CsvRecords records, string name)
    {
        for (var i = 0; i < records.FieldCount; i++)
        {
            if (Text(records, i) == name)
                return i;
        }

        return -1;
    }

    static string Text(CsvRecords records, int field) => Encoding.UTF8.GetString(records.Field(field));
}
