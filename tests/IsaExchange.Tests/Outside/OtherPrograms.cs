using System.Diagnostics;
using Xunit;

namespace IsaExchange.Tests.Outside;

/// <summary>
/// Programs of others. What is absent is skipped loudly, and fails where ISAX_REQUIRE_DATA=1 says that it must be
/// there.
/// </summary>
static class OtherPrograms
{
    static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(2);

    /// <summary>What the program printed; the test fails when it ends with another code than 0.</summary>
    /// <param name="folder">It is run there, and keeps what it must keep for itself below it.</param>
    public static async Task<string> RunAsync(
        string folder, string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        var (code, output, errors) = await AskAsync(folder, program, arguments, ct);
        Assert.True(code == 0, $"{program} ended with {code}: {errors}");
        return output;
    }

    /// <param name="probe">Arguments with which the program ends well when all that is needed is there.</param>
    public static async Task RequireAsync(
        string folder, string program, IEnumerable<string> probe, CancellationToken ct)
    {
        if (await IsThereAsync(folder, program, probe, ct))
            return;
        var absent = $"{program} is absent, or not all that it needs: tests/run.sh installs it.";
        Assert.False(Environment.GetEnvironmentVariable("ISAX_REQUIRE_DATA") == "1", absent);
        Assert.Skip(absent);
    }

    public static async Task<bool> IsThereAsync(
        string folder, string program, IEnumerable<string> probe, CancellationToken ct)
    {
        try
        {
            return (await AskAsync(folder, program, probe, ct)).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    static async Task<(int Code, string Output, string Errors)> AskAsync(
        string folder, string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        (start.Environment["HOME"], start.Environment["LC_ALL"]) = (folder, "C.UTF-8");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(WaitMax);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
