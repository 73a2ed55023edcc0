using System.CommandLine;
using System.Globalization;
using IsaExchange.Exchange.Checking;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>fsck: holds everything that is kept against everything that was promised.</summary>
static class FsckVerb
{
    /// <summary>Something is not as it was promised.</summary>
    const int Unsound = 1;

    const long EventsBetweenLines = 100_000;

    /// <param name="run">Runs an action and turns how it ended into an exit code.</param>
    public static Command Create(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var command = new Command(
            "fsck",
            "Hold everything the exchange keeps against its log, receipts, releases and certificates; changes nothing")
        {
            home,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var sound = false;
            var code = await run(async () =>
            {
                await using var parts = new OpenedParts(
                    new HomeFolder(parsed.GetRequiredValue(home).FullName), TimeProvider.System);
                await parts.CheckRegionAsync(ct);
                var report = await parts.Fsck.RunAsync(new Lines(), ct);
                await WriteAsync(report);
                sound = report.IsSound;
            });
            return code != 0 ? code : sound ? 0 : Unsound;
        });
        return command;
    }

    public static async Task WriteAsync(FsckReport report)
    {
        foreach (var finding in report.Findings)
            await Console.Out.WriteLineAsync(finding.ToString());
        if (report.Faults > report.Findings.Count)
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"... and {report.Faults - report.Findings.Count} more, not shown"));
        if (report.Unknown > 0)
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"note: {report.Unknown} objects belong to nothing the catalogue knows; they are left alone"));
        if (report.Blanked > 0)
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"note: the text of {report.Blanked} events was erased: what they did could not be followed to rows"));
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Events} events, {report.Checkpoints} checkpoints, {report.Receipts} receipts,"
            + $" {report.Releases} releases ({report.Proofs} proved anew), {report.Erasures} certificates,"
            + $" {report.Acts} acts with their rows,"
            + $" {report.Objects} objects ({report.Bytes} bytes opened)"));
        await Console.Out.WriteLineAsync(report.IsSound
            ? "SOUND"
            : string.Create(CultureInfo.InvariantCulture, $"NOT SOUND: {report.Faults} faults"));
    }

    /// <summary>A line now and then to stderr: a long log takes a while.</summary>
    sealed class Lines : IProgress<long>
    {
        long _next = EventsBetweenLines;

        public void Report(long value)
        {
            if (value < _next)
                return;
            _next = value + EventsBetweenLines;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value} events are as they were"));
        }
    }
}
