using System.Diagnostics;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.Repository;

/// <summary>The repository as it would be committed: tracked files and new ones that are not ignored.</summary>
public static class RepositoryFiles
{
    static readonly string[] NotOurs = [".git", "artifacts", "bin", "obj", "node_modules", ".vs", ".idea"];

    // Written by tools; nobody reads them line by line.
    static readonly string[] ByTools = ["packages.lock.json", "package-lock.json", "IsaExchange.sln"];

    /// <summary>Paths from the root, with forward slashes, in order.</summary>
    public static IReadOnlyList<string> Paths { get; } = List();

    /// <summary>All files read as text. Code lists are their publishers' words, so they are left out.</summary>
    public static IReadOnlyList<SourceFile> Texts { get; } =
    [
        .. Paths.Where(path => !path.EndsWith(".csv", StringComparison.Ordinal))
            .Where(path => !ByTools.Contains(Path.GetFileName(path)))
            .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(SharedFolders.Repository, path))))
            .Where(file => !file.Text.Contains('\0', StringComparison.Ordinal)),
    ];

    public static IEnumerable<SourceFile> Code => Texts.Where(file => file.IsCode);

    /// <summary>Every folder that holds a file, from the root, with a slash at the end.</summary>
    public static IReadOnlySet<string> Folders { get; } = Paths.SelectMany(FoldersOf).ToHashSet();

    static IEnumerable<string> FoldersOf(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
            yield return path[..(slash + 1)];
    }

    static string[] List()
    {
        var paths = AskGit() ?? Walk();
        return [.. paths.Where(path => File.Exists(Path.Combine(SharedFolders.Repository, path))).Order()];
    }

    // An unpacked archive has no git, and git refuses folders that belong to another user: then the disk is walked.
    static string[]? AskGit()
    {
        try
        {
            var start = new ProcessStartInfo(
                "git", ["-c", "core.quotePath=false", "ls-files", "--cached", "--others", "--exclude-standard"])
            {
                WorkingDirectory = SharedFolders.Repository,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var git = Process.Start(start)!;
            var paths = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 && paths.Length > 0 ? paths : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    static IEnumerable<string> Walk() =>
        Directory.EnumerateFiles(SharedFolders.Repository, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(SharedFolders.Repository, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => NotOurs.Contains(part)));
}
