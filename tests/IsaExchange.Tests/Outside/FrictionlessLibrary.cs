using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace IsaExchange.Tests.Outside;

/// <summary>What the library tableschema said of one descriptor and the files beside it.</summary>
public sealed record FrictionlessAnswer(
    bool Valid, IReadOnlyList<string> Errors, IReadOnlyDictionary<string, IReadOnlyList<string>> Files);

/// <summary>The tableschema of Node.js, an implementation of Table Schema that is not ours.</summary>
static class FrictionlessLibrary
{
    static readonly string Folder = Path.Combine(SharedFolders.Repository, "tests");

    static readonly JsonSerializerOptions Names = new() { PropertyNameCaseInsensitive = true };

    /// <summary>
    /// Skips loudly without Node.js or the library, and fails where ISAX_REQUIRE_DATA=1 says that they must be there.
    /// </summary>
    public static void Require()
    {
        var absent = Absent();
        if (absent is null)
            return;
        Assert.False(Environment.GetEnvironmentVariable("ISAX_REQUIRE_DATA") == "1", absent);
        Assert.Skip(absent);
    }

    /// <param name="folder">Holds ID.schema.json and the files ID.NAME.csv.</param>
    public static IReadOnlyDictionary<string, FrictionlessAnswer> Ask(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "node", [Path.Combine(Folder, "frictionless", "check.mjs"), folder])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return JsonSerializer.Deserialize<Dictionary<string, FrictionlessAnswer>>(said, Names)!;
    }

    static string? Absent()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "tableschema")))
            return "tableschema is absent: npm ci --prefix tests.";
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return path.Any(folder => File.Exists(Path.Combine(folder, "node"))) ? null : "Node.js is absent.";
    }
}
