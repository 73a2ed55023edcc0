using System.CommandLine;
using System.Globalization;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>doctor: looks at everything an exchange stands on.</summary>
static class DoctorVerb
{
    /// <summary>Calls fail, or will.</summary>
    const int Ill = 1;

    /// <param name="run">Runs an action and turns how it ended into an exit code.</param>
    public static Command Create(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var command = new Command(
            "doctor", "Look at what the exchange stands on: reachability, rights, clocks, keys, log, home")
        {
            home,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var (warnings, faults) = (0, 0);
            var code = await run(async () =>
            {
                await using var opened = new OpenedKeys(
                    new HomeFolder(parsed.GetRequiredValue(home).FullName), TimeProvider.System);
                await foreach (var found in new Doctor(opened, TimeProvider.System).RunAsync(ct))
                {
                    warnings += found.Severity == Severity.Warning ? 1 : 0;
                    faults += found.Severity == Severity.Fault ? 1 : 0;
                    await Console.Out.WriteLineAsync($"{Word(found.Severity),-7} {found.Sentence}");
                }

                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{faults} faults, {warnings} warnings"));
            });
            return code != 0 ? code : faults == 0 ? 0 : Ill;
        });
        return command;
    }

    static string Word(Severity severity) => severity switch
    {
        Severity.Ok => "ok",
        Severity.Warning => "WARNING",
        _ => "FAULT",
    };
}
