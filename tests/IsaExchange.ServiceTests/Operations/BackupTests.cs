using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>The drill: an exchange is copied while it runs, lost, made again elsewhere, and holds what it
/// promised.</summary>
public sealed class BackupTests(ITestOutputHelper output)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LostExchange_IsMadeAgainAndHoldsWhatItPromised()
    {
        await using var exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        var told = await OperatedExchange.FillAsync(exchange);
        var (copy, keys) = (Path.Combine(exchange.Root, "copy"), Path.Combine(exchange.Root, "keys"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await RanWellAsync(exchange, "backup", "--home", exchange.Home, "--to", copy, "--keys-to", keys);
        if (!OperatingSystem.IsWindows())
        {
            var dump = Assert.Single(Directory.GetFiles(copy, "catalogue.*"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(dump));
        }

        await exchange.StopAsync();
        var lost = Path.Combine(exchange.Root, "lost");
        Directory.Move(exchange.Home, lost);
        var ran = await RanWellAsync(
            exchange,
            [
                "restore", "--home", exchange.Home, "--from", copy, "--keys-from", keys,
                .. await exchange.OtherServersAsync(),
            ]);
        Assert.Contains("restored", ran.Output, StringComparison.Ordinal);
        Directory.Move(Path.Combine(lost, "credentials"), Path.Combine(exchange.Home, "credentials"));
        var sound = await RanWellAsync(exchange, "fsck", "--home", exchange.Home);
        Assert.Equal("SOUND", sound.LastLine);
        output.WriteLine($"backup, restore and fsck of a small exchange in {clock.Elapsed.TotalSeconds:0.0} s");
        await exchange.ServeAsync();
        await told.CheckAsync(exchange);
    }

    [Fact]
    public async Task RestoreOfAnythingButAWholeBackup_IsRefused()
    {
        await using var exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        await exchange.StopAsync();
        var (copy, keys) = (Path.Combine(exchange.Root, "copy"), Path.Combine(exchange.Root, "keys"));
        await RanWellAsync(exchange, "backup", "--home", exchange.Home, "--to", copy, "--keys-to", keys);
        var label = Path.Combine(copy, "backup.json");
        var whole = await File.ReadAllTextAsync(label, Stop);

        await RefusedAsync(exchange, "not empty", exchange.Home);
        File.Delete(label);
        await RefusedAsync(exchange, "no whole backup", Path.Combine(exchange.Root, "other"));
        await File.WriteAllTextAsync(label, whole.Replace("\"catalogue_sha256\": \"", "\"catalogue_sha256\": \"0",
            StringComparison.Ordinal), Stop);
        await RefusedAsync(exchange, "not the one that was written", Path.Combine(exchange.Root, "other"));

        async Task RefusedAsync(TestExchange of, string why, string home)
        {
            var ran = await of.RunServiceAsync("restore", "--home", home, "--from", copy, "--keys-from", keys);
            Assert.Equal(2, ran.ExitCode);
            Assert.Contains(why, ran.Messages, StringComparison.Ordinal);
        }
    }

    static async Task<Ran> RanWellAsync(TestExchange exchange, params string[] arguments)
    {
        var ran = await exchange.RunServiceAsync(arguments);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        return ran;
    }
}
