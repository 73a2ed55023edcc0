using System.Text.RegularExpressions;

namespace IsaExchange.Tests.Repository;

/// <summary>What no text of the repository may say, and how wide it may run.</summary>
public static partial class TextRules
{
    const int LineLengthMax = 120;

    static readonly (Regex Pattern, string Advice)[] Banned =
    [
        (UndoneWork(), "do it, or leave it out and say what holds today"),
        (MachinePath(), "a path of one machine: start at the folder of IsaExchange.sln, or take a setting"),
        (Registry(), "no package registry is named here: a closed network has its own"),
        (TicketNumber(), "say the reason itself; a foreign thread is cited as owner/repository#number"),
        (Making(), "say what the software is, not how it was made"),
        (AbsentDocument(), "that document is not in the repository: say the reason itself"),
    ];

    public static IEnumerable<Fault> Words(SourceFile file)
    {
        // The rules and their own tests must spell what they ban.
        if (file.IsUnder("tests/IsaExchange.Tests/Repository/"))
            yield break;
        for (var i = 0; i < file.Lines.Length; i++)
        {
            foreach (var (pattern, advice) in Banned)
            {
                if (pattern.Match(file.Lines[i]) is { Success: true } found)
                    yield return new Fault(file.Path, i + 1, $"\"{found.Value.Trim()}\": {advice}");
            }
        }
    }

    /// <summary>Code and contracts are read beside each other; a line with an address cannot be broken.</summary>
    public static IEnumerable<Fault> LineLength(SourceFile file)
    {
        if (!file.IsCode && file.Extension is not (".proto" or ".sh"))
            yield break;
        for (var i = 0; i < file.Lines.Length; i++)
        {
            var line = file.Lines[i];
            if (line.Length > LineLengthMax && !line.Contains("://", StringComparison.Ordinal))
                yield return new Fault(file.Path, i + 1, $"{line.Length} columns: break it at {LineLengthMax}");
        }
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex UndoneWork();

    [GeneratedRegex(@"(?<![\w.\-/~}])/(work|home|root|Users)(?=[/\s""'`),;:]|$)|\b[A-Z]:\\Users\b")]
    private static partial Regex MachinePath();

    [GeneratedRegex(
        @"\b((api\.)?nuget\.org|npmjs\.(org|com)|pypi\.org|pythonhosted\.org|crates\.io|proxy\.golang\.org|"
        + @"repo1?\.maven\.org|deb\.debian\.org|pkgs\.dev\.azure\.com)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();

    [GeneratedRegex(@"(?<![\w/(&#""'])#\d{1,5}\b|\bissues?\s+#?\d+|\bGH-\d+|\bruling\s+\d+", RegexOptions.IgnoreCase)]
    private static partial Regex TicketNumber();

    [GeneratedRegex(
        @"\b(claude|anthropic|openai|chatgpt|copilot|LLMs?|language model|co-authored-by|worktree|sub-?agents?|"
        + @"AI[- ](generated|assisted|written)|(generated|written|made) (by|with) AI)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Making();

    [GeneratedRegex(
        @"\b(architecture|decisions|anchors|stack|style|security|domain|performance|disclosure-control)\.md\b")]
    private static partial Regex AbsentDocument();
}
