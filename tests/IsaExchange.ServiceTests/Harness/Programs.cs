using System.Diagnostics;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>What a program said and how it ended.</summary>
public sealed record Ran(int ExitCode, string Output, string Messages)
{
    /// <summary>The last line of the answer: where a sender's script looks.</summary>
    public string LastLine => Output.TrimEnd('\n').Split('\n')[^1];

    public override string ToString() => $"exit {ExitCode}\n--- output\n{Output}\n--- messages\n{Messages}";
}

/// <summary>The programs under test, run as their users run them: as processes.</summary>
public static class Programs
{
    static readonly string Pivot = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
    static readonly string Folder = Environment.GetEnvironmentVariable("ISAX_PROGRAMS")
        ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    public static string Service { get; } =
        Path.Combine(Folder, "IsaExchange.Service", Pivot, "IsaExchange.Service.dll");

    public static string Isax { get; } = Path.Combine(Folder, "IsaExchange.Cli", Pivot, "isax.dll");

    public static Task<Ran> RunIsaxAsync(params string[] arguments) => RunAsync("dotnet", [Isax, .. arguments]);

    public static Task<Ran> RunAsync(string program, params string[] arguments) => RunAsync([], program, arguments);

    public static async Task<Ran> RunAsync(
        Dictionary<string, string> environment, string program, params string[] arguments)
    {
        using var process = Start(environment, program, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var messages = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within five minutes.", e);
        }

        return new Ran(process.ExitCode, await output, await messages);
    }

    public static Process Start(string program, params string[] arguments) => Start([], program, arguments);

    public static Process Start(Dictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }
}
