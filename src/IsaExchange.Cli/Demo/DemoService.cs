using IsaExchange.Cli.Commands;

namespace IsaExchange.Cli.Demo;

/// <summary>
/// The demo's exchange: a real service process, its words in a log file, stopped at the end whatever happened.
/// </summary>
sealed class DemoService : IAsyncDisposable
{
    const string Ready = "listening on ";
    static readonly TimeSpan StartingMax = TimeSpan.FromSeconds(60);

    readonly ServiceProcess _process;
    readonly TextWriter _log;

    DemoService(ServiceProcess process, TextWriter log)
    {
        _process = process;
        _log = log;
    }

    /// <exception cref="VerbException">It did not come up; its last words are in the message.</exception>
    public static async Task<DemoService> Start(string home, string logPath, CancellationToken stop)
    {
        var log = TextWriter.Synchronized(new StreamWriter(logPath) { AutoFlush = true });
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = ServiceProcess.Start(["serve", "--home", home], Heard, log.WriteLine);
        var service = new DemoService(process, log);
        try
        {
            var first = await Task.WhenAny(ready.Task, process.Ended).WaitAsync(StartingMax, stop);
            if (first == ready.Task) return service;
            throw new VerbException(ExitCode.Ours, "the exchange did not start");
        }
        catch (Exception e) when (e is TimeoutException or VerbException)
        {
            await service.DisposeAsync();
            var words = string.Join(Environment.NewLine, File.ReadAllLines(logPath).TakeLast(10));
            throw new VerbException(ExitCode.Ours, $"the exchange did not start:{Environment.NewLine}{words}",
                inner: e);
        }

        void Heard(string line)
        {
            log.WriteLine(line);
            if (line.StartsWith(Ready, StringComparison.Ordinal)) ready.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.Stop();
        _process.Dispose();
        await _log.DisposeAsync();
    }
}
