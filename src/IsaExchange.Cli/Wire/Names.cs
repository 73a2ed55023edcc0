using System.Globalization;
using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli.Wire;

/// <summary>Resource names: what people may shorten on the command line, written out.</summary>
static class Names
{
    public static string Agreement(string agreement) => $"agreements/{agreement}";

    public static string Party(string agreement, string party) => $"agreements/{agreement}/parties/{party}";

    public static string Dataset(string agreement, string party, string dataset) =>
        $"agreements/{agreement}/parties/{party}/datasets/{dataset}";

    /// <summary>A feed's id or its whole name.</summary>
    public static string Feed(string agreement, string feed) =>
        IsWhole(feed) ? feed : $"agreements/{agreement}/feeds/{Last(feed)}";

    /// <summary>FEED, FEED@N or the name of a release. Without a number: the latest.</summary>
    public static string Release(string agreement, string text)
    {
        if (IsWhole(text) && text.Contains("/releases/", StringComparison.Ordinal)) return text;
        var (feed, number) = text.Split('@', 2) is [var id, var n] ? (id, n) : (text, "latest");
        if (number != "latest" && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw new VerbException(ExitCode.Usage, $"{text}: after @ comes the number of a release",
                "isax releases FEED lists them");
        return $"{Feed(agreement, feed)}/releases/{number}";
    }

    /// <summary>What can-i asks about: a whole name, or one relative to the holder's agreement or authority.</summary>
    public static string Resource(string agreement, string party, string text) => text switch
    {
        _ when IsWhole(text) => text,
        _ when text.StartsWith("datasets/", StringComparison.Ordinal) => $"{Party(agreement, party)}/{text}",
        _ when text.Contains('/', StringComparison.Ordinal) => $"{Agreement(agreement)}/{text}",
        _ => Dataset(agreement, party, text),
    };

    /// <summary>Without the agreement for eyes, which is the same all down the page.</summary>
    public static TwoForms Cell(string name) =>
        new(IsWhole(name) && name.Split('/', 3) is [_, _, var rest] ? rest : name, name);

    /// <summary>The first digits of a digest for eyes.</summary>
    public static TwoForms Digest(string hex) => new(hex.Length > 12 ? hex[..12] : hex, hex);

    public static string ViolationGroup(string submission, string group) =>
        IsWhole(group) ? group : $"{submission}/violationGroups/{Last(group)}";

    public static bool IsWhole(string name) => name.StartsWith("agreements/", StringComparison.Ordinal);

    public static string Last(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary>
    /// The id after a collection, for example the dataset of a submission's name; empty when it has none.
    /// </summary>
    public static string Id(string name, string collection)
    {
        var parts = name.Split('/');
        var at = Array.IndexOf(parts, collection);
        return at >= 0 && at + 1 < parts.Length ? parts[at + 1] : "";
    }
}
