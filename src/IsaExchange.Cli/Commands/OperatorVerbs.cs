using System.CommandLine;

namespace IsaExchange.Cli.Commands;

/// <summary>What an operator does with the home of an exchange: verbs of the service executable.</summary>
static class OperatorVerbs
{
    public static IEnumerable<Command> Create(GlobalOptions globals) =>
    [
        Verb(globals, "doctor",
            "Look at what an exchange stands on: reachability, rights, clocks, keys, log, home.",
            "isax doctor --home exchange"),
        Verb(globals, "fsck",
            "Hold everything an exchange keeps against its log, receipts and releases; changes nothing.",
            "isax fsck --home exchange"),
        Verb(globals, "migrate",
            "Bring the tables of the catalogue up to date. Stop the service and make a backup first.",
            "isax migrate --home exchange"),
        Verb(globals, "backup",
            "Copy an exchange, which may run meanwhile; its keys to a place of their own.",
            "isax backup --home exchange --to copy --keys-to keys-copy",
            Place("--to", "New folder for the copy.", required: true),
            Place("--keys-to", "New folder for the keys: together with the copy they open everything.")),
        Verb(globals, "restore",
            "Make an exchange again, in a new home, from a backup and its keys.",
            "isax restore --home exchange --from copy --keys-from keys-copy",
            Place("--from", "Folder of a backup.", required: true),
            Place("--keys-from", "Folder with the copy of the keys.", required: true),
            Place("--settings", "File of settings in place of the backup's own: for other servers.")),
    ];

    static Command Verb(
        GlobalOptions globals, string name, string says, string example, params IReadOnlyList<Option<string>> places)
    {
        var home = ServiceVerbs.Home();
        var command = new Command(name, says) { home };
        foreach (var place in places) command.Options.Add(place);
        globals.Handle(command, async (parse, run) =>
        {
            List<string> args = [name, "--home", parse.GetRequiredValue(home).FullName];
            foreach (var place in places)
            {
                if (parse.GetValue(place) is { } said) args.AddRange([place.Name, Path.GetFullPath(said)]);
            }
            return (ExitCode)await ServiceProcess.Run(args, run.Terminal.Screen, run.Stop);
        });
        return command.WithExample(example);
    }

    static Option<string> Place(string name, string says, bool required = false) => new(name)
    {
        Description = says,
        HelpName = name == "--settings" ? "FILE" : "DIR",
        Required = required,
    };
}
