using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.ReleaseReaders;

/// <summary>The code of deploy/recipes/README.md.</summary>
static class Recipes
{
    static readonly string[] Page = File.ReadAllLines(
        Path.Combine(SharedFolders.Repository, "deploy", "recipes", "README.md"));

    /// <summary>The blocks of a language below a heading, as they stand there.</summary>
    public static IReadOnlyList<string> Of(string heading, string language)
    {
        var section = Page.SkipWhile(line => line != "## " + heading).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        var blocks = new List<string>();
        List<string>? block = null;
        foreach (var line in section)
        {
            if (block is null && line == "```" + language)
                block = [];
            else if (block is not null && line == "```")
            {
                blocks.Add(string.Join('\n', block));
                block = null;
            }
            else
                block?.Add(line);
        }

        return blocks;
    }

    /// <summary>What the page says that its recipes print.</summary>
    public static IReadOnlyList<string> Answer { get; } = Lines(Of("Before you add up", "")[0]);

    public static IReadOnlyList<string> Lines(string text) =>
        [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
