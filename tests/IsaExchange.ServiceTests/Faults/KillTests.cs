using System.Diagnostics;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// SIGKILL at random points of creates, uploads, verdicts, submits, starts and recoveries. What was acknowledged is
/// there afterwards, once; what was not is absent or can be gone on with. ISAX_SEED repeats the choices of a run.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    // A start on servers takes several times as long as one on a home, and each kill needs two or three of them.
    static readonly int Lanes = IsFull || SetUp.IsEmbedded ? 2 : 1;
    static readonly int PointsOfAHome = IsFull ? 65 : 10;

    [Fact]
    public async Task KilledAtAnyPoint_NothingAcknowledgedIsLostOrDoubled()
    {
        var seed = Strike.Seed();
        var homes = !IsFull ? 1 : SetUp.IsEmbedded ? 10 : 3;
        var clock = Stopwatch.StartNew();
        var points = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => RunLaneAsync(seed, lane, homes)));
        output.WriteLine($"seed {seed}: {points.Sum()} kills in {clock.Elapsed.TotalSeconds:0} s");
        Assert.True(points.Sum() >= homes * Lanes * PointsOfAHome);
    }

    async Task<int> RunLaneAsync(int seed, int lane, int homes)
    {
        var points = 0;
        for (var home = 0; home < homes; home++)
        {
            var homeSeed = HashCode(seed, lane, home);
            await using var killed = await KilledExchange.StartAsync(new Random(homeSeed));
            try
            {
                await killed.RunAsync(PointsOfAHome, TestContext.Current.CancellationToken);
            }
            catch (Exception e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                var place = $"lane {lane}, home {home}, kill {killed.Strike.Points} ({killed.Strike.Last})";
                throw new InvalidOperationException($"ISAX_SEED={seed}, {place}: {e.Message}", e);
            }

            points += killed.Strike.Points;
            output.WriteLine($"lane {lane}, home {home}: {killed.Summary}");
        }

        return points;
    }

    // System.HashCode differs from process to process; a seed must not.
    static int HashCode(int seed, int lane, int home) => unchecked((((seed * 31) + lane) * 31) + home);
}
