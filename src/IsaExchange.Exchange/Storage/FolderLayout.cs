using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.Exchange.Storage;

/// <summary>
/// Where a folder store keeps things. An object is a folder whose name ends in <c>@</c>, a mark no object name can
/// contain: so <c>a</c> and <c>a/b</c> can both be objects, and an object may be called <c>header</c>.
/// <code>
/// objects/a/b@/{header,payload}    objects
/// staging/a/b@/{header,payload}    staged objects; with a file taken, when the one who staged it may add no more
/// used/key.b                       names that were ever staged, empty files
/// new/key@random/                  in the making; nothing looks here but the sweep of the same key
/// exchanging                       locked while a header is exchanged or destroyed
/// </code>
/// </summary>
sealed class FolderLayout
{
    internal const char ObjectMark = '@';

    internal FolderLayout(string root)
    {
        Root = Path.GetFullPath(root);
        DurableFiles.CreatePrivateFolder(Root);
        foreach (var folder in (string[])[Objects, Staging, Used, New])
            DurableFiles.CreateFolders(Root, folder);
    }

    internal string Root { get; }

    internal string Objects => Path.Combine(Root, "objects");

    internal string Staging => Path.Combine(Root, "staging");

    internal string Used => Path.Combine(Root, "used");

    internal string New => Path.Combine(Root, "new");

    internal string Exchanging => Path.Combine(Root, "exchanging");

    internal string Of(ObjectName name) => Under(Objects, name);

    internal string StagedOf(ObjectName name) => Under(Staging, name);

    internal string UsedOf(ObjectName name) => Path.Combine(Used, $"{KeyOfStaging(name)}.{name.Value.Split('/')[^1]}");

    /// <summary>A fresh folder to make the thing of this key in; its leftovers after a crash are found again by the
    /// key.</summary>
    internal string CreateNew(string key)
    {
        var folder = Path.Combine(New, $"{key}{ObjectMark}{Guid.NewGuid():N}");
        DurableFiles.CreatePrivateFolder(folder);
        return folder;
    }

    /// <summary>The folders of objects below <paramref name="root"/>, whole or half discarded.</summary>
    internal static IEnumerable<string> FoldersIn(string root)
    {
        // No links: whoever planted one in the folder does not get to show us another.
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        return Directory.EnumerateDirectories(root, $"*{ObjectMark}", options);
    }

    /// <summary>Names of the objects below <paramref name="root"/> that have a header, in ordinal order.</summary>
    internal static IReadOnlyList<ObjectName> NamesIn(string root, string prefix)
    {
        var names = new List<ObjectName>();
        foreach (var folder in FoldersIn(root))
        {
            var name = Path.GetRelativePath(root, folder)[..^1].Replace(Path.DirectorySeparatorChar, '/');
            if (name.StartsWith(prefix, StringComparison.Ordinal) && ObjectName.TryParse(name, out var parsed)
                && HasHeader(folder))
                names.Add(parsed);
        }

        names.Sort((one, other) => string.CompareOrdinal(one.Value, other.Value));
        return names;
    }

    /// <summary>Folders that look like objects below <paramref name="root"/> and have no name of one.</summary>
    internal static IEnumerable<string> ForeignIn(string root) => FoldersIn(root)
        .Select(folder => Path.GetRelativePath(root, folder)[..^1].Replace(Path.DirectorySeparatorChar, '/'))
        .Where(name => !ObjectName.TryParse(name, out _));

    /// <summary>What crashed attempts left behind for this key: each may hold a header, that is a key.</summary>
    internal IEnumerable<string> LeftInNew(string key) => Directory.EnumerateDirectories(New, $"{key}{ObjectMark}*");

    internal static string KeyOf(ObjectName name) => KeyOf("object " + name.Value);

    internal static string KeyOfStaging(ObjectName name) => KeyOf("staging " + name.Value);

    internal static string HeaderIn(string folder) => Path.Combine(folder, "header");

    internal static bool HasHeader(string folder) => File.Exists(HeaderIn(folder));

    internal static string PayloadIn(string folder) => Path.Combine(folder, "payload");

    internal static string TakenIn(string folder) => Path.Combine(folder, "taken");

    static string Under(string root, ObjectName name) => Path.Combine([root, .. name.Value.Split('/')]) + ObjectMark;

    static string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
