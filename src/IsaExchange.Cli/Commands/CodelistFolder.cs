using System.Globalization;
using System.Text;
using IsaExchange.Cli.Wire;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Cli.Commands;

/// <summary>An edition as list.yaml names it.</summary>
sealed record ListedEdition(string Edition, string File, DateOnly ValidFrom, DateOnly? ValidTo, string Source);

/// <summary>The folder of a code list: list.yaml and one file an edition.</summary>
sealed record CodelistFolder(
    string Folder, string Id, string Title, string Publisher, string? ParentList, IReadOnlyList<ListedEdition> Editions)
{
    const string IndexFile = "list.yaml";

    /// <summary>Reads list.yaml; null when the list is new.</summary>
    public static CodelistFolder? Read(string folder)
    {
        var path = Path.Combine(folder, IndexFile);
        if (!File.Exists(path)) return null;
        try
        {
            using var reader = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(reader);
            var root = (YamlMappingNode)yaml.Documents[0].RootNode;
            return new CodelistFolder(folder, Text(root, "id"), Text(root, "title"), Text(root, "publisher"),
                root.Children.ContainsKey("parent_list") ? Text(root, "parent_list") : null,
                [.. ((YamlSequenceNode)root["editions"]).Cast<YamlMappingNode>().Select(Edition)]);
        }
        catch (Exception e) when (e is YamlException or InvalidCastException or KeyNotFoundException or FormatException
            or ArgumentException)
        {
            throw new VerbException(ExitCode.ValidationErrors, $"{path} is not the index of a code list", "correct it first", e);
        }
    }

    /// <summary>
    /// With an edition added, or replaced where one has its name. The edition in force until then ends the day before.
    /// </summary>
    public CodelistFolder With(ListedEdition added)
    {
        var others = Editions.Where(e => e.Edition != added.Edition)
            .Select(e => e.ValidTo is null && e.ValidFrom < added.ValidFrom ? e with { ValidTo = added.ValidFrom.AddDays(-1) } : e);
        return this with { Editions = [.. others.Append(added).OrderBy(e => e.ValidFrom)] };
    }

    /// <summary>Writes the edition's file, then the index that names it: a crash between leaves a file nobody reads.</summary>
    public async Task Write(ListedEdition edition, IReadOnlyList<PublishedCode> codes, CancellationToken stop)
    {
        var csv = new StringBuilder("code,title,parent\n");
        foreach (var code in codes)
            csv.Append(Field(code.Code)).Append(',').Append(Field(code.Title)).Append(',').Append(Field(code.Parent)).Append('\n');
        await ArrivingFile.WriteText(Path.Combine(Folder, edition.File), csv.ToString(), stop);
        await ArrivingFile.WriteText(Path.Combine(Folder, IndexFile), Index(), stop);
    }

    string Index()
    {
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"id: {Id}\ntitle: {Quoted(Title)}\npublisher: {Quoted(Publisher)}\n");
        if (ParentList is not null) yaml.Append(CultureInfo.InvariantCulture, $"parent_list: {ParentList}\n");
        yaml.Append("editions:\n");
        foreach (var e in Editions)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  - edition: {Quoted(e.Edition)}\n    file: {Quoted(e.File)}\n");
            yaml.Append(CultureInfo.InvariantCulture, $"    valid_from: {e.ValidFrom:yyyy-MM-dd}\n");
            if (e.ValidTo is { } to) yaml.Append(CultureInfo.InvariantCulture, $"    valid_to: {to:yyyy-MM-dd}\n");
            yaml.Append(CultureInfo.InvariantCulture, $"    source: {Quoted(e.Source)}\n");
        }
        return yaml.ToString();
    }

    static ListedEdition Edition(YamlMappingNode node) => new(
        Text(node, "edition"), Text(node, "file"), Day(Text(node, "valid_from")),
        node.Children.ContainsKey("valid_to") ? Day(Text(node, "valid_to")) : null, Text(node, "source"));

    static string Text(YamlMappingNode node, string word) => ((YamlScalarNode)node[word]).Value ?? "";

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;
}
