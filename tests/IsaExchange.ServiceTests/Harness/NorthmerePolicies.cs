using IsaExchange.Tests.Outside;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>
/// The sample county of the repository, its term begun in April 2019 instead of 2026: as many months are over as a test
/// needs, whatever day it runs on. Its code lists hold from then on.
/// </summary>
public static class NorthmerePolicies
{
    public const string Purpose = "strategic-assessment";

    public static readonly DateOnly FirstMonth = new(2019, 4, 1);

    static readonly string[] Folders = ["datasets", "northmere"];
    static readonly Lazy<string> Made = new(Make);

    /// <summary>A folder that all tests of this process share; gone with it.</summary>
    public static string Folder => Made.Value;

    static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("isax-policies-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var repository = Path.Combine(SharedFolders.Repository, "policies");
        foreach (var file in Folders.SelectMany(f => Directory.EnumerateFiles(
            Path.Combine(repository, f), "*", SearchOption.AllDirectories)))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(repository, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var agreement = Path.Combine(folder, "northmere", "agreement.yaml");
        BeginIn2019(agreement);

        // Months of years ago are sent here, which the sample would have locked.
        File.WriteAllLines(agreement, File.ReadAllLines(agreement)
            .Where(line => !line.Contains("lock_days_after", StringComparison.Ordinal)));

        // And what is so old would be past its retention.
        File.WriteAllText(agreement, File.ReadAllText(agreement)
            .Replace("periods: 20", "periods: 60", StringComparison.Ordinal)
            .Replace("periods: 12", "periods: 60", StringComparison.Ordinal));
        BeginIn2019(Path.Combine(folder, "northmere", "codelists", "offences", "list.yaml"));
        return folder;
    }

    static void BeginIn2019(string path) => File.WriteAllText(
        path, File.ReadAllText(path).Replace("from: 2026-04-01", "from: 2019-04-01", StringComparison.Ordinal)
            .Replace("to: 2026-03-31", "to: 2019-03-31", StringComparison.Ordinal));
}
