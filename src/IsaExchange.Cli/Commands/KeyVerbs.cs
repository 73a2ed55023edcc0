using System.CommandLine;

namespace IsaExchange.Cli.Commands;

/// <summary>isax keys: verbs of the service executable, for its operator.</summary>
static class KeyVerbs
{
    public static Command Create(GlobalOptions globals) =>
        new("keys", "The keys that seal what an exchange holds; for its operator.")
        {
            Verb(globals, "list", "List every key with its versions.", "isax keys list --home exchange"),
            Verb(globals, "rotate", "Give keys new versions, and wrap what they sealed anew.",
                "isax keys rotate --home exchange --party northmere-police", Party()),
            Verb(globals, "report", "Say which objects fail without which key version.",
                "isax keys report --home exchange"),
            Verb(globals, "backup", "Copy the key files to a new folder, apart from the objects.",
                "isax keys backup --home exchange --out keys-copy", To()),
            Verb(globals, "erasures", "Show the certificates of destroyed keys.",
                "isax keys erasures --home exchange --party northmere-police", Party()),
        };

    static Command Verb(
        GlobalOptions globals, string name, string says, string example, Option<string>? option = null)
    {
        var home = ServiceVerbs.Home();
        var command = new Command(name, says) { home };
        if (option is not null) command.Options.Add(option);
        globals.Handle(command, async (parse, run) =>
        {
            List<string> args = ["keys", name, "--home", parse.GetRequiredValue(home).FullName];
            if (option is not null && parse.GetValue(option) is { } said) args.AddRange([option.Name, said]);
            return (ExitCode)await ServiceProcess.Run(args, run.Terminal.Screen, run.Stop);
        });
        return command.WithExample(example);
    }

    static Option<string> Party() => new("--party")
    {
        Description = "Only what is of this party.",
        HelpName = "PARTY",
    };

    static Option<string> To() => new("--out")
    {
        Description = "Folder to be made; an existing one is never written to.",
        HelpName = "DIR",
        Required = true,
    };
}
