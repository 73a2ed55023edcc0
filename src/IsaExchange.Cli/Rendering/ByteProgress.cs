using Spectre.Console;

namespace IsaExchange.Cli.Rendering;

/// <summary>A progress bar on stderr when that is a terminal; otherwise nothing at all.</summary>
static class ByteProgress
{
    /// <param name="work">Gets a callback that takes the number of bytes done so far; it may go backwards on a
    /// resume.</param>
    public static async Task<T> Run<T>(
        Terminal terminal, string label, long totalBytes, Func<Action<long>, Task<T>> work)
    {
        if (terminal.Quiet || !terminal.Screen.ProgressBars || totalBytes == 0) return await work(static _ => { });
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Screen.Messages),
        });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(label), autoStart: true, maxValue: totalBytes);
                return await work(done => bar.Value = done);
            });
    }
}
