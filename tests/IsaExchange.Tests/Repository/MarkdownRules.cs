using System.Text.RegularExpressions;

namespace IsaExchange.Tests.Repository;

/// <summary>What holds for every page, and what holds for the first one.</summary>
public static partial class MarkdownRules
{
    const int ReadmeLinesMax = 150;
    const int CommandsByLine = 20;
    const string MapHeading = "## The map";

    /// <summary>Every relative link leads to a file or folder.</summary>
    public static IEnumerable<Fault> Links(SourceFile page, Func<string, bool> exists)
    {
        var folder = Path.GetDirectoryName(page.Path) ?? "";
        foreach (var (number, line) in Prose(page))
        {
            foreach (var target in Link().Matches(line).Select(link => link.Groups["target"].Value))
            {
                var path = target.Split('#')[0];
                if (path.Length > 0 && !Address().IsMatch(path) && !exists(Normalize(folder, path)))
                    yield return new Fault(page.Path, number, $"the link to {target} leads nowhere: correct it");
            }
        }
    }

    /// <summary>A stranger runs something before they have scrolled, and reads the whole page.</summary>
    public static IEnumerable<Fault> FirstPage(SourceFile readme)
    {
        if (readme.Lines.Length > ReadmeLinesMax)
        {
            yield return new Fault(readme.Path, ReadmeLinesMax,
                $"{readme.Lines.Length} lines: the first page ends at {ReadmeLinesMax}, the rest belongs deeper");
        }

        var commands = Commands(readme).Count(number => number <= CommandsByLine);
        if (commands < 2)
        {
            yield return new Fault(readme.Path, CommandsByLine,
                $"{commands} commands in a sh fence by line {CommandsByLine}: two must be there to copy");
        }
    }

    /// <summary>
    /// The section <c>## The map</c> names folders as paths from the root in backticks with a slash at the end. Each
    /// of them exists, and none that a newcomer must know is left out.
    /// </summary>
    public static IEnumerable<Fault> Map(SourceFile readme, IReadOnlySet<string> folders)
    {
        var start = Array.IndexOf(readme.Lines, MapHeading);
        if (start < 0)
            return [new Fault(readme.Path, 1, $"no section \"{MapHeading}\": list each folder as `path/`")];
        var listed = readme.Lines.Skip(start + 1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .SelectMany((line, i) => Folder().Matches(line).Select(found => (found.Groups[1].Value, i + start + 2)))
            .ToArray();
        return
        [
            .. listed.Where(entry => !folders.Contains(entry.Item1)).Select(entry => new Fault(readme.Path, entry.Item2,
                $"the map lists {entry.Item1}, which does not exist: take it out")),
            .. folders.Where(BelongsOnMap).Except(listed.Select(entry => entry.Item1)).Order()
                .Select(folder => new Fault(readme.Path, start + 1, $"the map lacks `{folder}`: say what it promises")),
        ];
    }

    static bool BelongsOnMap(string folder) => folder.TrimEnd('/').Split('/') switch
    {
        [_] => true,
        ["src", _] => true,
        ["src", "IsaExchange.Exchange", _] => true,
        _ => false,
    };

    static IEnumerable<(int Number, string Line)> Prose(SourceFile page)
    {
        var fenced = false;
        for (var i = 0; i < page.Lines.Length; i++)
        {
            if (IsFence(page.Lines[i]))
                fenced = !fenced;
            else if (!fenced)
                yield return (i + 1, page.Lines[i]);
        }
    }

    // Pictures stand in fences too; only a fence that names a shell holds commands.
    static IEnumerable<int> Commands(SourceFile page)
    {
        string? language = null;
        for (var i = 0; i < page.Lines.Length; i++)
        {
            var line = page.Lines[i].Trim();
            if (IsFence(line))
                language = language is null ? line.Trim('`') : null;
            else if (language is "sh" or "bash" or "console" && line.Length > 0 && line[0] != '#')
                yield return i + 1;
        }
    }

    static bool IsFence(string line) => line.TrimStart().StartsWith("```", StringComparison.Ordinal);

    static string Normalize(string folder, string target)
    {
        var root = Path.DirectorySeparatorChar.ToString();
        return Path.GetFullPath(Path.Combine(root, folder, target))[1..].Replace('\\', '/');
    }

    [GeneratedRegex(@"\]\(<?(?<target>[^)\s>]+)>?[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*:")]
    private static partial Regex Address();

    [GeneratedRegex(@"`([\w.\-]+/(?:[\w.\-]+/)*)`")]
    private static partial Regex Folder();
}
