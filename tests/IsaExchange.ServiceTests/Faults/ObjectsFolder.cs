using IsaExchange.ServiceTests.Harness;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>What stands in the folder of objects of an exchange's home.</summary>
sealed class ObjectsFolder(TestExchange exchange) : ObjectMoments
{
    readonly string _root = Path.Combine(exchange.Home, "objects");

    string Staging => Path.Combine(_root, "staging");

    string New => Path.Combine(_root, "new");

    string Cubes => Path.Combine(_root, "objects", "cubes", "northmere", "northmere-police");

    string Datasets =>
        Path.Combine(_root, "objects", "datasets", "northmere", "northmere-police", StreetFile.Dataset);

    public override int CountCubes(string id = "") => Count(Cubes, $"{id}*@");

    public override int CountDatasets(string id = "") => Count(Datasets, $"{id}*@");

    public override int CountAttempts(string id)
    {
        var used = Path.Combine(_root, "used");
        return Directory.Exists(used) ? Directory.EnumerateFiles(used, $"*.{id}.*").Count() : 0;
    }

    public override bool IsMaking => Count(New, "*") > 0;

    public override long StagedBytes()
    {
        try
        {
            return Directory.EnumerateFiles(Staging, "payload", SearchOption.AllDirectories)
                .Select(f => new FileInfo(f).Length).DefaultIfEmpty(-1).Max();
        }
        catch (IOException)
        {
            // It vanished while we looked: it was promoted.
            return 0;
        }
    }

    /// <summary>What belongs to nothing any more.</summary>
    public IReadOnlyList<string> Leftovers() =>
    [
        .. Directory.EnumerateDirectories(Staging, "*@", SearchOption.AllDirectories),
        .. Directory.EnumerateFileSystemEntries(New),
    ];

    /// <summary>Makes leftovers look as old as those that the housekeeping of another day would find.</summary>
    public void AgeLeftovers()
    {
        foreach (var left in Leftovers())
            Directory.SetLastWriteTimeUtc(left, Directory.GetLastWriteTimeUtc(left).AddHours(-2));
    }

    static int Count(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, pattern).Count() : 0;
}
