using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.Exchange.Storage;

/// <summary>
/// Where a folder store keeps things. An object is a folder whose name ends in <c>@</c>, a mark no object name can
/// contain: so <c>a</c> and <c>a/b</c> can both be objects, and an object may be called <c>header</c>.
/// <code>
/// objects/a/b@/{header,payload}    objects
/// staging/name/{header,payload}    staged objects
/// used/name                        staging names that were ever used, empty files
/// new/key@random/                  in the making; nothing looks here but the sweep of the same key
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

    internal string Of(ObjectName name) =>
        Path.Combine([Objects, .. name.Value.Split('/')]) + ObjectMark;

    internal string StagedOf(string stagingName) => Path.Combine(Staging, CheckedStagingName(stagingName));

    internal string UsedOf(string stagingName) => Path.Combine(Used, CheckedStagingName(stagingName));

    /// <summary>A fresh folder to make the thing of this key in; its leftovers after a crash are found again by the
    /// key.</summary>
    internal string CreateNew(string key)
    {
        var folder = Path.Combine(New, $"{key}{ObjectMark}{Guid.NewGuid():N}");
        DurableFiles.CreatePrivateFolder(folder);
        return folder;
    }

    /// <summary>What crashed attempts left behind for this key: each may hold a header, that is a key.</summary>
    internal IEnumerable<string> LeftInNew(string key) => Directory.EnumerateDirectories(New, $"{key}{ObjectMark}*");

    internal static string KeyOf(ObjectName name) => KeyOf("object " + name.Value);

    internal static string KeyOfStaging(string stagingName) => KeyOf("staging " + CheckedStagingName(stagingName));

    internal static string HeaderIn(string folder) => Path.Combine(folder, "header");

    internal static string PayloadIn(string folder) => Path.Combine(folder, "payload");

    static string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    static string CheckedStagingName(string stagingName) => ObjectName.IsSegment(stagingName)
        ? stagingName
        : throw new ArgumentException(
            "A staging name is one segment of lower-case letters, digits, '-' and '.'.", nameof(stagingName));
}
