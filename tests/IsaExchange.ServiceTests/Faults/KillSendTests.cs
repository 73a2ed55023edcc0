using System.Diagnostics;
using System.Security.Cryptography;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// <c>isax send --submit</c> as it stands in a scheduler, while the service is killed and started again underneath it.
/// However it ends, the same command run again finishes the same submission, and run once more changes nothing.
/// </summary>
public sealed class KillSendTests(ITestOutputHelper output)
{
    const string Verdict = "SUBMITTED, receipt ";

    static readonly TimeSpan SendMax = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task KilledUnderneathSend_TheSameCommandFinishesIt()
    {
        var seed = Strike.Seed();
        var random = new Random(seed);
        var points = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 30 : 3;
        await using var way = await KilledExchange.WayAsync();
        await using var exchange = await KilledExchange.StartAsync(way);
        for (var point = 0; point < points; point++)
        {
            var moment = (Moment)((point + Math.Abs(seed % 6)) % 6);
            try
            {
                await SendAsync(exchange, way, random, point, moment);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"ISAX_SEED={seed}, kill {point} ({moment}): {e.Message}", e);
            }
        }
    }

    enum Moment
    {
        AtSomeTime,
        WhileBytesArrive,
        WhenStaged,
        WhenTheCubeIsMade,
        WhenTheDatasetStands,
        Twice,
    }

    async Task SendAsync(
        TestExchange exchange, FaultProxy? way, Random random, int point, Moment moment)
    {
        var file = new StreetFile(NorthmerePolicies.FirstMonth.AddMonths(point), 1, 2, 3, 4);
        var path = Path.Combine(exchange.Root, $"street-{point}.csv");
        var content = file.Content(random.Next(280_000, 320_000));
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        string[] command =
            ["send", path, "--dataset", StreetFile.Dataset, "--period", file.Period, "--submit"];

        var clock = Stopwatch.StartNew();
        var sending = exchange.IsaxAsync(Northmere.PoliceSender, command);
        for (var kills = moment == Moment.Twice ? 2 : 1; kills > 0; kills--)
        {
            await WaitAsync(ObjectMoments.Of(exchange, way), random, moment, sending);
            await exchange.KillAsync();
            await exchange.ServeAsync();
        }

        var first = await sending;
        Assert.True(first.ExitCode is 0 or 7, $"{first}");
        Assert.Equal(first.ExitCode == 0, first.LastLine.StartsWith(Verdict, StringComparison.Ordinal));
        var again = await exchange.IsaxAsync(Northmere.PoliceSender, command);
        Assert.True(again.ExitCode == 0, $"first {first}\nagain {again}");
        Assert.StartsWith(Verdict, again.LastLine, StringComparison.Ordinal);
        if (first.ExitCode == 0)
            Assert.Equal(first.LastLine, again.LastLine);
        Assert.Equal(again.LastLine, (await exchange.IsaxAsync(Northmere.PoliceSender, command)).LastLine);
        await CheckAsync(exchange, again.LastLine[Verdict.Length..].Split(' ')[0], content, point + 1);
        output.WriteLine($"{moment}: first exit {first.ExitCode}, {clock.Elapsed.TotalSeconds:0.0} s in all");
    }

    /// <summary>What stands is what was sent, and it stands once.</summary>
    static async Task CheckAsync(TestExchange exchange, string submission, byte[] content, int submissions)
    {
        var status = await exchange.IsaxAsync(Northmere.PoliceSender, "status", submission, "-o", "json");
        Assert.True(status.ExitCode == 0, $"{status}");
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        Assert.Contains(digest, status.Output, StringComparison.Ordinal);
        var acts = new SenderActs(
            new V1.SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender)), new Random(0));
        var listed = await acts.ListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(submissions, listed.Count);
        Assert.All(listed, s => Assert.Equal(V1.Submission.Types.State.Submitted, s.State));
    }

    static async Task WaitAsync(ObjectMoments objects, Random random, Moment moment, Task<Ran> sending)
    {
        var bytes = random.NextInt64(1 << 20, 8 << 20);
        var (cubes, datasets) = (objects.CountCubes(), objects.CountDatasets());
        Func<bool> hasCome = moment switch
        {
            Moment.WhileBytesArrive => () => objects.StagedBytes() >= bytes,
            Moment.WhenStaged => () => objects.StagedBytes() >= 0,
            Moment.WhenTheCubeIsMade => () => objects.CountCubes() > cubes,
            Moment.WhenTheDatasetStands => () => objects.CountDatasets() > datasets,
            _ => () => false,
        };
        var atSomeTime = TimeSpan.FromSeconds(0.5 + (random.NextDouble() * 2));
        var limit = moment is Moment.AtSomeTime or Moment.Twice ? atSomeTime : SendMax;
        var clock = Stopwatch.StartNew();
        while (!sending.IsCompleted && clock.Elapsed < limit && !hasCome())
            await Task.Delay(1);
    }
}
