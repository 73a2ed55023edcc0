using System.Globalization;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>
/// A home of the sample county that init has made once; every exchange that starts as that one would gets a copy with a
/// port of its own. Init takes longer than most tests, and what it makes is what they start from, not what they test.
/// </summary>
static class HomeTemplate
{
    static readonly Lazy<Task<(string Home, int Port)>> Made = new(MakeAsync);

    /// <summary>Makes the copy, ready to be served.</summary>
    public static async Task CopyAsync(string home, int port)
    {
        var made = await Made.Value;
        CopyFolder(new DirectoryInfo(made.Home), home);
        var (from, to) = (Words(made.Port), Words(port));
        string[] named =
        [
            Path.Combine(home, "settings.json"),
            .. Directory.EnumerateFiles(Path.Combine(home, "credentials"), "profile.json", SearchOption.AllDirectories),
        ];
        foreach (var file in named)
        {
            var said = await File.ReadAllTextAsync(file);
            if (!said.Contains(from, StringComparison.Ordinal))
                throw new InvalidOperationException($"{file} does not say the port {from}.");
            await File.WriteAllTextAsync(file, said.Replace(from, to, StringComparison.Ordinal));
        }
    }

    static async Task<(string Home, int Port)> MakeAsync()
    {
        var root = Directory.CreateTempSubdirectory("isax-template-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        var (home, port) = (Path.Combine(root, "home"), TestExchange.FreePort());
        var ran = await Programs.RunAsync(
            "dotnet", Programs.Service, "init", "--home", home, "--policies", NorthmerePolicies.Folder, "--port",
            Words(port), "--sign");
        return ran.ExitCode == 0 ? (home, port) : throw new InvalidOperationException($"init: {ran}");
    }

    /// <summary>With the rights of each: a home that others can read is a fault.</summary>
    static void CopyFolder(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(to, from.UnixFileMode);
        foreach (var file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.EnumerateDirectories())
            CopyFolder(folder, Path.Combine(to, folder.Name));
    }

    static string Words(int port) => port.ToString(CultureInfo.InvariantCulture);
}
