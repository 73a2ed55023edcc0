using Xunit;

namespace IsaExchange.Tests.Outside;

/// <summary>
/// Where real data and others' test vectors lie. They are never committed: a test that needs a missing folder is
/// skipped loudly, and fails when ISAX_REQUIRE_DATA=1 says that the folder must be there.
/// </summary>
public static class SharedFolders
{
    /// <summary>The folder that holds IsaExchange.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Whether there is real data here, or must be: for fixtures, which cannot be skipped.</summary>
    public static bool HasData =>
        Environment.GetEnvironmentVariable("ISAX_REQUIRE_DATA") == "1" || Directory.Exists(Root("ISAX_DATA", "data"));

    /// <summary>Path of a file or folder among the real data; skips or fails the test when it is missing.</summary>
    public static string Data(params string[] parts) => Require("ISAX_DATA", "data", parts);

    /// <summary>Path of a file or folder among others' test vectors; skips or fails the test when it is
    /// missing.</summary>
    public static string Vectors(params string[] parts) => Require("ISAX_VECTORS", "vectors", parts);

    static string Require(string variable, string folder, string[] parts)
    {
        var root = Root(variable, folder);
        var path = Path.Combine([root, .. parts]);
        if (Path.Exists(path))
            return path;
        var required = Environment.GetEnvironmentVariable("ISAX_REQUIRE_DATA") == "1";
        Assert.False(
            required, $"{folder} are required here (ISAX_REQUIRE_DATA=1) but {path} is absent; set {variable}.");
        Assert.Skip($"{folder} absent: {path}; set {variable} to run this test.");
        return path;
    }

    static string Root(string variable, string folder) =>
        Environment.GetEnvironmentVariable(variable)
        ?? Path.GetFullPath(Path.Combine(Repository, "..", "shared", folder));

    static string FindRepository()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "IsaExchange.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException("No IsaExchange.sln above the test binaries.");
    }
}
