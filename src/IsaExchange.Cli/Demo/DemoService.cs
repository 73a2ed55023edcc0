using IsaExchange.Cli.Commands;

namespace IsaExchange.Cli.Demo;

/// <summary>
/// The demo's exchange: a real service process, its words in a log file; stopped at the end whatever happened, unless
/// it was left running on purpose.
/// </summary>
sealed class DemoService : IAsyncDisposable
{
    const string Ready = "listening on ";
    static readonly TimeSpan StartingMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    readonly ServiceProcess _process;
    readonly TextWriter? _log;
    bool _left;

    DemoService(ServiceProcess process, TextWriter? log)
    {
        _process = process;
        _log = log;
    }

    /// <param name="mayStay">It must be able to outlive isax: then it writes its log itself.</param>
    /// <exception cref="VerbException">It did not come up; its last words are in the message.</exception>
    public static async Task<DemoService> Start(string home, string logPath, bool mayStay, CancellationToken stop)
    {
        var service = Launch(["serve", "--home", home], logPath, mayStay);
        try
        {
            await service.Listening(logPath, stop).WaitAsync(StartingMax, stop);
            return service;
        }
        catch (Exception e) when (e is TimeoutException or VerbException)
        {
            await service.DisposeAsync();
            var words = string.Join(Environment.NewLine, Read(logPath).Split('\n').TakeLast(10));
            throw new VerbException(ExitCode.Ours, $"the exchange did not start:{Environment.NewLine}{words}",
                inner: e);
        }
        catch
        {
            // Stopped while it starts, or a fault of ours: nothing of it stays behind.
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Lets it run on after isax has ended.</summary>
    public void Leave() => _left = true;

    public async ValueTask DisposeAsync()
    {
        if (_left) return;
        await _process.Stop();
        _process.Dispose();
        if (_log is not null) await _log.DisposeAsync();
    }

    static DemoService Launch(string[] args, string logPath, bool mayStay)
    {
        if (mayStay) return new DemoService(ServiceProcess.StartApart(args, logPath), log: null);
        var log = TextWriter.Synchronized(new StreamWriter(logPath) { AutoFlush = true });
        return new DemoService(ServiceProcess.Start(args, log.WriteLine, log.WriteLine), log);
    }

    async Task Listening(string logPath, CancellationToken stop)
    {
        while (!Read(logPath).Split('\n').Any(line => line.StartsWith(Ready, StringComparison.Ordinal)))
        {
            if (_process.Ended.IsCompleted) throw new VerbException(ExitCode.Ours, "the exchange did not start");
            await Task.Delay(LookAgain, stop);
        }
    }

    // It is being written while it is read.
    static string Read(string logPath)
    {
        if (!File.Exists(logPath)) return "";
        using var log = new FileStream(logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(log);
        return text.ReadToEnd();
    }
}
