using System.Text;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// Words that only the content of a file holds. Seen anywhere else, plain or in one of the usual disguises, they tell
/// that a cell got out.
/// </summary>
sealed class Canaries
{
    readonly List<(string Name, byte[] Needle)> _needles = [];

    public Canaries(params IReadOnlyCollection<string> words)
    {
        foreach (var word in words)
            _needles.AddRange(Disguises(word).DistinctBy(d => Convert.ToHexString(d.Needle)));
    }

    /// <summary>The first disguise of a word that is in these bytes; null when none is.</summary>
    public string? FindIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var (name, needle) in _needles)
        {
            if (bytes.IndexOf(needle) >= 0)
                return name;
        }

        return null;
    }

    /// <summary>
    /// Every file below a folder in which a word is, by content or by name. Pipes and sockets have no length.
    /// </summary>
    public IReadOnlyList<string> FindBelow(string folder)
    {
        var found = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (FindIn(Encoding.UTF8.GetBytes(path)) is { } named)
                found.Add($"{path}: its name is {named}");
            else if (FindIn(Read(path)) is { } inside)
                found.Add($"{path}: {inside}");
        }

        return found;
    }

    /// <summary>The ways in which text gets into logs, files and messages by accident.</summary>
    public static IEnumerable<(string Name, byte[] Needle)> Disguises(string word)
    {
        foreach (var text in new[] { word, word.ToUpperInvariant(), word.ToLowerInvariant() })
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            yield return ($"{text} in UTF-8", utf8);
            yield return ($"{text} in UTF-16", Encoding.Unicode.GetBytes(text));
            yield return ($"{text} in UTF-16, big end first", Encoding.BigEndianUnicode.GetBytes(text));
            yield return ($"{text} in hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
            yield return ($"{text} in capital hex", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
            for (var before = 0; before < 3; before++)
                yield return ($"{text} in base64 after {before} bytes", Encoding.ASCII.GetBytes(Base64(utf8, before)));
        }
    }

    /// <summary>The characters of base64 that these bytes alone decide, with others before and behind them.</summary>
    static string Base64(byte[] bytes, int before)
    {
        var whole = Convert.ToBase64String([.. new byte[before], .. bytes]);
        var first = ((before * 8) + 5) / 6;
        var end = (before + bytes.Length) * 8 / 6;
        return whole[first..end];
    }

    /// <summary>What a file holds; nothing where a living server has removed the file since it was listed.</summary>
    static byte[] Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length == 0)
                return [];

            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count == bytes.Length ? bytes : bytes[..count];
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
