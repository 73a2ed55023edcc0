using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IsaExchange.Agreement;
using IsaExchange.Cli.Commands;

namespace IsaExchange.Cli.Demo;

/// <summary>isax demo: a whole quarter on this machine, with a real exchange in a process of its own.</summary>
static class DemoVerb
{
    public static Command Create(GlobalOptions globals)
    {
        var keep = new Option<bool>("--keep")
        {
            Description = "Leave the exchange running afterwards, and keep its files.",
        };
        var home = new Option<DirectoryInfo?>("--home")
        {
            Description = "A new or empty folder for it, which is kept. Default: a temporary one.",
            HelpName = "DIR",
        };
        var seed = new Option<long>("--seed")
        {
            Description = "Makes other synthetic data.",
            HelpName = "N",
            DefaultValueFactory = _ => 2026,
        };
        var policies = Inputs.Policies();
        var command = new Command("demo", "See a whole quarter happen on this machine, with synthetic data.")
        {
            keep, home, seed, policies,
        }.WithExample("isax demo --keep");
        globals.Handle(command, (parse, run) => Run(
            run, parse.GetValue(home)?.FullName, parse.GetValue(keep), parse.GetValue(seed),
            PoliciesFolder.Find(parse.GetValue(policies))));
        return command;
    }

    static async Task<ExitCode> Run(Invocation run, string? given, bool keep, long seed, string policies)
    {
        var home = given ?? Path.Combine(Path.GetTempPath(), $"isax-demo-{Guid.NewGuid():N}"[..24]);
        if (Directory.Exists(home) && Directory.EnumerateFileSystemEntries(home).Any())
            throw new VerbException(ExitCode.Usage, $"{home} is not empty", "name a new folder");
        try
        {
            await Play(run, home, keep, seed, policies);
            if (!keep) WhereNext(run, given);
            return ExitCode.Ok;
        }
        finally
        {
            if (given is null && !keep && Directory.Exists(home)) Directory.Delete(home, recursive: true);
        }
    }

    static async Task Play(Invocation run, string home, bool keep, long seed, string policies)
    {
        var today = LondonTime.Date(run.Clock.GetUtcNow());
        var quarter = InformationPeriod.Quarter(InformationPeriod.QuarterContaining(today).Start.AddMonths(-3));
        var stage = new DemoStage(run, home);
        stage.Remark($"An exchange for the fictional county of Northmere, in {home}");
        var port = FreePort();
        await stage.Isax("", ExitCode.Ok, 5, "init", "--home", home, "--policies", policies, "--port",
            port.ToString(CultureInfo.InvariantCulture), "--sign");
        var files = Directory.CreateDirectory(Path.Combine(home, "demo")).FullName;
        await using var service = await DemoService.Start(home, Path.Combine(home, "serve.log"), keep, run.Stop);
        stage.Remark($"serving on https://localhost:{port}; paths below are in {home}");
        await new DemoJourney(stage, quarter, seed, files).Run();
        if (!keep) return;
        WhereNext(run, home);
        StillRunning(run, home, port, service.Id);
        service.Leave();
    }

    /// <param name="kept">The folder that stays; null when nothing does.</param>
    static void WhereNext(Invocation run, string? kept)
    {
        run.Terminal.Line("");
        run.Terminal.Line("That was a quarter. Where to look next:");
        run.Terminal.Line("  policies/northmere/agreement.yaml   the agreement that allowed and refused all of this");
        run.Terminal.Line("  isax rule                           the rules a file is checked against");
        run.Terminal.Line("  isax --help                         every verb, each with an example");
        run.Terminal.Line(kept is not null
            ? $"  isax serve --home {kept}   runs this exchange again; credentials are in {kept}/credentials"
            : "  isax demo --keep                    the same, and the exchange stays for you to try");
    }

    static void StillRunning(Invocation run, string home, int port, int pid)
    {
        var officer = Path.Combine(home, "credentials", "amara-okafor");
        run.Terminal.Line("");
        run.Terminal.Line($"The exchange still runs: process {pid}, https://localhost:{port}, home {home}");
        run.Terminal.Line($"  isax due --as {officer}   asks it something");
        run.Terminal.Line($"  kill {pid}   stops it; what it says is in {Path.Combine(home, "serve.log")}");
    }

    // Between asking and listening another program may take it; then serve says so and the demo ends.
    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
