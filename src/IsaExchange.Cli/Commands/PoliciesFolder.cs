namespace IsaExchange.Cli.Commands;

/// <summary>Finds policies/ when nobody says where it is: here or above, else above the binaries.</summary>
static class PoliciesFolder
{
    public static string Find(DirectoryInfo? given)
    {
        if (given is { Exists: true }) return given.FullName;
        if (given is not null) throw new VerbException(ExitCode.Usage, $"there is no folder {given.FullName}");
        return Above(Directory.GetCurrentDirectory()) ?? Above(AppContext.BaseDirectory)
            ?? throw new VerbException(ExitCode.Usage, "no policies folder was found here or above",
                "name it with --policies DIR");
    }

    /// <exception cref="VerbException">Usage: there is no such partnership.</exception>
    public static string Partnership(string policies, string name)
    {
        var folder = Path.Combine(policies, name);
        return Path.GetFileName(name) == name && Directory.Exists(folder)
            ? folder
            : throw new VerbException(ExitCode.Usage, $"there is no partnership {name} in {policies}",
                "name it with --partnership");
    }

    static string? Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var policies = Path.Combine(folder.FullName, "policies");
            // A folder of that name is common; ours holds the information specification.
            if (Directory.Exists(Path.Combine(policies, "datasets"))) return policies;
        }
        return null;
    }
}
