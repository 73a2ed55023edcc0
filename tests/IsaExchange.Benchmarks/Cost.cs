using System.Diagnostics;
using System.Globalization;
using IsaExchange.ServiceTests.Harness;

namespace IsaExchange.Benchmarks;

/// <summary>What one send cost: time on the clock, and of the processors for its two ends. On a machine that others use
/// too the second says more.</summary>
readonly record struct Cost(TimeSpan Wall, TimeSpan Processor)
{
    // Only a shell tells what an ended process took.
    const string Timed = "TIMEFORMAT='cpu %U %S'; time \"$@\"";

    /// <summary>Runs a client to its end against a service that runs on.</summary>
    public static async Task<(Ran Ran, Cost Cost)> OfAsync(int service, params string[] client)
    {
        var before = Process.GetProcessById(service).TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var ran = await Programs.RunAsync(
            new Dictionary<string, string>(MeasuredExchange.AsUsersRunIt, StringComparer.Ordinal), "bash",
            ["-c", Timed, "-", .. client]);
        var wall = Stopwatch.GetElapsedTime(started);
        var served = Process.GetProcessById(service).TotalProcessorTime - before;
        return (ran, new Cost(wall, served + Spent(ran.Messages)));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Wall.TotalSeconds:0.00} s ({Processor.TotalSeconds:0.00} s CPU)");

    static TimeSpan Spent(string messages)
    {
        var words = messages.TrimEnd('\n').Split('\n')[^1].Split(' ');
        return words is ["cpu", var user, var system]
            ? TimeSpan.FromSeconds(
                double.Parse(user, CultureInfo.InvariantCulture) + double.Parse(system, CultureInfo.InvariantCulture))
            : TimeSpan.Zero;
    }
}
