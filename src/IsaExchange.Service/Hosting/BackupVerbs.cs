using System.CommandLine;
using System.Globalization;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>backup and restore: an exchange as folders, and back.</summary>
static class BackupVerbs
{
    const long ObjectsBetweenLines = 1000;

    /// <param name="run">Runs an action and turns how it ended into an exit code.</param>
    public static IEnumerable<Command> Create(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run) =>
        [Backup(home, run), Restore(home, run)];

    static Command Backup(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var to = new Option<DirectoryInfo>("--to") { Description = "New folder for the copy", Required = true };
        var keys = new Option<DirectoryInfo?>("--keys-to")
        {
            Description = "New folder for the keys, apart from the copy: together they open everything",
        };
        var command = new Command("backup", "Copy the exchange, which may run meanwhile") { home, to, keys };
        command.SetAction((parsed, ct) => run(async () =>
        {
            await using var parts = new OpenedParts(Home(parsed, home), TimeProvider.System);
            await parts.CheckRegionAsync(ct);
            var label = await new HomeBackup(parts, TimeProvider.System).RunAsync(
                parsed.GetRequiredValue(to).FullName, parsed.GetValue(keys)?.FullName, new Lines(), ct);
            await Console.Out.WriteLineAsync(Sentence("backed up", label));
            if (parsed.GetValue(keys) is null)
                await Console.Error.WriteLineAsync(
                    "The keys are not in it. Without a copy of keys/ it can never be opened: --keys-to");
        }));
        return command;
    }

    static Command Restore(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var from = new Option<DirectoryInfo>("--from") { Description = "Folder of a backup", Required = true };
        var keys = new Option<DirectoryInfo>("--keys-from")
        {
            Description = "Folder with the copy of the keys", Required = true,
        };
        var settings = new Option<FileInfo?>("--settings")
        {
            Description = "File of settings in place of the backup's own: for other servers",
        };
        var command = new Command("restore", "Make an exchange again, in a new home, from a backup and its keys")
        {
            home, from, keys, settings,
        };
        command.SetAction((parsed, ct) => run(async () =>
        {
            var label = await HomeRestore.RunAsync(
                Home(parsed, home), parsed.GetRequiredValue(from).FullName, parsed.GetRequiredValue(keys).FullName,
                parsed.GetValue(settings)?.FullName, TimeProvider.System, new Lines(), ct);
            await Console.Out.WriteLineAsync(Sentence("restored", label));
            await Console.Out.WriteLineAsync("Now: fsck. Only then serve");
        }));
        return command;
    }

    static HomeFolder Home(ParseResult parsed, Option<DirectoryInfo> home) =>
        new(parsed.GetRequiredValue(home).FullName);

    static string Sentence(string done, BackupLabel label) => string.Create(
        CultureInfo.InvariantCulture,
        $"{done}: {label.Exchange} of {label.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, {label.Objects} objects,"
        + $" {label.StagedObjects} staged");

    sealed class Lines : IProgress<long>
    {
        public void Report(long value)
        {
            if (value % ObjectsBetweenLines == 0)
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value} objects"));
        }
    }
}
