using System.Diagnostics;
using System.Runtime.InteropServices;
using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli.Commands;

/// <summary>
/// The service executable as a process of its own: isax shares no code with it, only its command line.
/// </summary>
sealed class ServiceProcess : IDisposable
{
    const string ServiceFile = "IsaExchange.Service.dll";

    // No pipe to isax that could break, and no hang-up when the terminal closes. The shell becomes the service.
    const string ApartScript = """trap '' HUP; exec "$@" </dev/null >>"$0" 2>&1""";
    const int SigTerm = 15;
    static readonly TimeSpan StoppingMax = TimeSpan.FromSeconds(20);

    readonly Process _process;
    readonly Task _output;

    ServiceProcess(Process process, Task output)
    {
        _process = process;
        _output = output;
    }

    /// <summary>Completes when the process has ended and all it said was heard.</summary>
    public Task Ended => _output;

    public int Id => _process.Id;

    /// <summary>
    /// Runs it to its end; its streams and its exit code are the verb's. Stops it in order when asked to stop.
    /// </summary>
    public static async Task<int> Run(IReadOnlyList<string> args, Screen screen, CancellationToken stop)
    {
        using var service = Start(args, screen.Answers.WriteLine, screen.Messages.WriteLine);
        try
        {
            await service._process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await service.Stop();
        }
        await service._output;
        return service._process.ExitCode;
    }

    /// <param name="onAnswer">Gets each line of its stdout, <paramref name="onMessage"/> each of its stderr.</param>
    public static ServiceProcess Start(IReadOnlyList<string> args, Action<string> onAnswer, Action<string> onMessage)
    {
        var command = Command();
        var start = new ProcessStartInfo
        {
            FileName = command[0],
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var arg in command.Skip(1).Concat(args)) start.ArgumentList.Add(arg);
        var process = Launch(start);
        var output = Task.WhenAll(Pump(process.StandardOutput, onAnswer), Pump(process.StandardError, onMessage));
        return new ServiceProcess(process, output);
    }

    /// <summary>
    /// Starts it so that it can outlive isax: what it says is appended to <paramref name="logPath"/>. It is still
    /// ended by <see cref="Stop"/>, until then the caller's to look after.
    /// </summary>
    /// <exception cref="VerbException">Usage: this machine has no POSIX shell.</exception>
    public static ServiceProcess StartApart(IReadOnlyList<string> args, string logPath)
    {
        if (OperatingSystem.IsWindows())
            throw new VerbException(ExitCode.Usage, "a service that outlives isax needs a POSIX shell",
                "run isax serve in a window of its own");
        var start = new ProcessStartInfo { FileName = "/bin/sh", UseShellExecute = false };
        foreach (var arg in (string[])["-c", ApartScript, logPath, .. Command(), .. args]) start.ArgumentList.Add(arg);
        var process = Launch(start);
        return new ServiceProcess(process, process.WaitForExitAsync());
    }

    /// <summary>Asks it to end in order, and ends it if it does not.</summary>
    public async Task Stop()
    {
        if (_process.HasExited)
        {
            await _output;
            return;
        }

        // Ctrl-C already reached it when it shares our terminal; asking twice does no harm.
        if (OperatingSystem.IsWindows() || Kill(_process.Id, SigTerm) != 0) _process.Kill();
        using var patience = new CancellationTokenSource(StoppingMax);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        await _output;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    static async Task Pump(StreamReader source, Action<string> line)
    {
        while (await source.ReadLineAsync() is { } text) line(text);
    }

    static Process Launch(ProcessStartInfo start) => Process.Start(start)
        ?? throw new InvalidOperationException("A process that is not run by the shell starts or throws.");

    /// <summary>The program and its first arguments.</summary>
    static string[] Command()
    {
        var service = Locate();
        return service.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? [DotnetHost(), service] : [service];
    }

    static string Locate()
    {
        if (Environment.GetEnvironmentVariable("ISAX_SERVICE") is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? named
                : throw new VerbException(ExitCode.Usage, $"ISAX_SERVICE names {named}, which does not exist");
        }
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string[] places =
        [
            Path.Combine(here.FullName, ServiceFile),
            Path.Combine(here.FullName, "service", ServiceFile),
            // Build output: artifacts/bin/IsaExchange.Cli/<pivot>/ beside artifacts/bin/IsaExchange.Service/<pivot>/.
            Path.Combine(here.FullName, "..", "..", "IsaExchange.Service", here.Name, ServiceFile),
        ];
        return places.FirstOrDefault(File.Exists) is { } found
            ? Path.GetFullPath(found)
            : throw new VerbException(ExitCode.Usage, $"{ServiceFile} was not found beside isax",
                "build IsaExchange.Service, or name it with the environment variable ISAX_SERVICE");
    }

    // The runtime that runs isax runs the service too, whatever PATH says.
    static string DotnetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(beside) ? beside : name;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int pid, int signal);
}
