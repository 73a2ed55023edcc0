using System.Text.Json;
using System.Text.Json.Nodes;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>Others' test vectors of transparency logs; see MANIFEST.md beside them.</summary>
static class VectorFiles
{
    public static JsonNode Derived(string file) =>
        JsonNode.Parse(File.ReadAllText(SharedFolders.Vectors("tlog", "derived", file)))!;

    public static IEnumerable<(string File, JsonNode Probe)> Probes(string kind)
    {
        var root = SharedFolders.Vectors("tlog", "merkle", "testdata", kind);
        foreach (var file in Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories).Order())
            yield return (Path.GetRelativePath(root, file), JsonNode.Parse(File.ReadAllText(file))!);
    }

    public static string Text(this JsonNode node, string name) => node[name]!.GetValue<string>();

    public static IEnumerable<string> Texts(this JsonNode node, string name) =>
        node[name]?.AsArray().Select(x => x!.GetValue<string>()) ?? [];

    public static bool Flag(this JsonNode node, string name) => node[name]!.GetValueKind() == JsonValueKind.True;

    /// <summary>A size or index; null when it does not fit, which the probes do on purpose.</summary>
    public static long? Number(this JsonNode node, string name) =>
        node[name]!.AsValue().TryGetValue<long>(out var number) ? number : null;
}
