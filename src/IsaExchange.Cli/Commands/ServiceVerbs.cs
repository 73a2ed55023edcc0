using System.CommandLine;
using System.Globalization;

namespace IsaExchange.Cli.Commands;

/// <summary>isax init and isax serve: verbs of the service executable, which isax finds and launches.</summary>
static class ServiceVerbs
{
    public static Command Init(GlobalOptions globals)
    {
        var home = Home();
        var policies = Inputs.Policies();
        var port = new Option<int?>("--port")
        {
            Description = "Port the exchange will listen on, on loopback.",
            HelpName = "N",
        };
        var sign = new Option<bool>("--sign")
        {
            Description = "Sign in everybody's name and bring the agreements into force: for trying out only.",
        };
        var settings = new Option<string>("--settings")
        {
            Description = "File of further settings: the servers to keep things on in place of the folder.",
            HelpName = "FILE",
        };
        var command = new Command("init",
            "Make an exchange in a folder: keys, log, and a credential for everybody designated.")
        {
            home, policies, port, sign, settings,
        }.WithExample("isax init --home exchange --policies policies");
        globals.Handle(command, async (parse, run) =>
        {
            List<string> args =
            [
                "init", "--home", parse.GetRequiredValue(home).FullName,
                "--policies", PoliciesFolder.Find(parse.GetValue(policies)),
            ];
            if (parse.GetValue(port) is { } number)
                args.AddRange(["--port", number.ToString(CultureInfo.InvariantCulture)]);
            if (parse.GetValue(sign)) args.Add("--sign");
            if (parse.GetValue(settings) is { } file) args.AddRange(["--settings", Path.GetFullPath(file)]);
            return (ExitCode)await ServiceProcess.Run(args, run.Terminal.Screen, run.Stop);
        });
        return command;
    }

    public static Command Serve(GlobalOptions globals)
    {
        var home = Home();
        var command = new Command("serve", "Run the exchange of a folder until it is stopped (Ctrl-C).") { home }
            .WithExample("isax serve --home exchange");
        globals.Handle(command, async (parse, run) => (ExitCode)await ServiceProcess.Run(
            ["serve", "--home", parse.GetRequiredValue(home).FullName], run.Terminal.Screen, run.Stop));
        return command;
    }

    internal static Option<DirectoryInfo> Home() => new("--home")
    {
        Description = "Folder of the exchange: its keys, its log, its sealed datasets.",
        HelpName = "DIR",
        Required = true,
    };
}
