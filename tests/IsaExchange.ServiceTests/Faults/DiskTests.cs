using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// A disk that fails or is full: nothing is acknowledged that it did not take, nothing half made is left, reads go on,
/// and when it is well again everything comes to its end.
/// </summary>
public sealed class DiskTests(ITestOutputHelper output)
{
    const int KiB = 1 << 10;

    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(SkipUnless = nameof(SetUp.IsEmbedded), SkipType = typeof(SetUp), Skip = SetUp.EmbeddedOnly)]
    [InlineData("EIO")]
    [InlineData("ENOSPC")]
    public async Task FlushThatFails_IsNeverAcknowledged(string error)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed.");
        await using var disk = new DiskExchange(await TestExchange.StartAsync(NorthmerePolicies.Folder));
        var (injected, ofObjects) = (0, 0);
        for (var nth = 1; nth <= (IsFull ? 200 : 14); nth++)
        {
            var story = disk.NewStory(records: 3000);
            var hits = await FlushesAsync(disk.Exchange, error, nth, () => disk.TellAsync(story));
            injected += hits.Count;
            if (!hits.Exists(h => h.Contains("/objects/", StringComparison.Ordinal)))
                continue;
            ofObjects++;
            Assert.True(story.Refused.Count > 0, $"flush {nth} failed on {hits[0]}, and every call was answered");
            AssertNotNow(story.Refused[0]);
        }

        output.WriteLine($"{error}: {injected} flushes failed, {ofObjects} of them of objects: each was refused");
        Assert.True(ofObjects > 0);
        await disk.CheckAsync();
    }

    /// <summary>Nothing has happened, and it can be tried again.</summary>
    static void AssertNotNow(RpcException refused) => Assert.True(
        refused.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted, refused.ToString());

    /// <summary>Runs it while the nth flush of the service fails; gives what strace says of those that did.</summary>
    static async Task<List<string>> FlushesAsync(TestExchange exchange, string error, int nth, Func<Task> run)
    {
        var trace = Path.Combine(exchange.Root, $"trace-{nth}");
        string[] arguments =
        [
            "-f", "-y", "-o", trace, "-p", $"{exchange.ProcessId}", "-e", "trace=fsync,fdatasync",
            "-e", $"inject=fsync,fdatasync:error={error}:when={nth}",
        ];
        using var strace = Programs.Start("/usr/bin/strace", arguments);
        var attached = await strace.StandardError.ReadLineAsync(Stop);
        Assert.Contains("attached", attached, StringComparison.Ordinal);
        try
        {
            await run();
        }
        finally
        {
            await Programs.RunAsync("kill", "-INT", $"{strace.Id}");
            await strace.WaitForExitAsync(Stop);
        }

        return [.. File.ReadLines(trace).Where(l => l.Contains("(INJECTED)", StringComparison.Ordinal))];
    }

    [Fact(SkipUnless = nameof(SetUp.IsEmbedded), SkipType = typeof(SetUp), Skip = SetUp.EmbeddedOnly)]
    public async Task ObjectsDiskFullAtAnyPoint_RefusesKeepsReadingAndRecovers()
    {
        await using var disk = new DiskExchange(await TestExchange.StartAsync(NorthmerePolicies.Folder));
        await disk.Exchange.StopAsync();
        Directory.Delete(disk.ObjectsFolder, recursive: true);
        await using var objects = await SmallDisk.MountAsync(
            "size=64m", Directory.CreateDirectory(disk.ObjectsFolder).FullName);
        await disk.Exchange.ServeAsync();
        var before = disk.NewStory(records: 100);
        await disk.TellAsync(before);
        Assert.NotNull(before.Receipt);
        var (boundaries, refused) = (0, 0);
        for (var free = 0; free <= (IsFull ? 2048 : 896); free += IsFull ? 64 : 128)
        {
            objects.Fill(leaving: free * KiB);
            var story = disk.NewStory(records: 20_000);
            await disk.TellAsync(story);
            boundaries++;
            refused += story.Receipt is null ? 1 : 0;
            Assert.All(story.Refused, r => Assert.Equal(StatusCode.ResourceExhausted, r.StatusCode));
            await disk.ReadAsync(before);
            objects.Empty();
        }

        output.WriteLine($"{boundaries} boundaries, {refused} refused, reads went on");
        Assert.True(refused > 0);
        await disk.CheckAsync();
    }

    [Theory(SkipUnless = nameof(SetUp.IsEmbedded), SkipType = typeof(SetUp), Skip = SetUp.EmbeddedOnly)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HomeWithoutSpaceOrInodes_AcknowledgesNothingAndRecovers(bool inodes)
    {
        // Not even a read is answered: its event could not be kept.
        await using var home = await SmallDisk.MountAsync("size=64m,nr_inodes=2000");
        await using var disk = new DiskExchange(
            await TestExchange.StartAsync(NorthmerePolicies.Folder, place: home.Folder));
        var before = disk.NewStory(records: 100);
        await disk.TellAsync(before);
        Assert.NotNull(before.Receipt);
        if (inodes)
            home.UseInodes();
        else
            home.Fill(leaving: 0);
        var story = disk.NewStory(records: 3000);
        await disk.TellAsync(story);
        Assert.Null(story.Receipt);
        AssertNotNow(story.Refused[0]);
        home.Empty();
        await disk.CheckAsync();
    }
}
