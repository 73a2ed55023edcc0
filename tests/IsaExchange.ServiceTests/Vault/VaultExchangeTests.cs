using System.Diagnostics;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>What callers and the operator see when the vault is away, and when keys change.</summary>
public sealed class VaultExchangeTests(VaultExchange exchange, ITestOutputHelper output)
    : IClassFixture<VaultExchange>
{
    const string Unavailable = "Unavailable KEY_UNAVAILABLE";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubmittedUnderAVaultKey_IsReadAndTheKeyNeverLeavesTheVault()
    {
        var submitted = await exchange.SubmitAsync();
        Assert.NotEmpty(await exchange.ExportAsync(submitted.Name));
        Assert.All(exchange.Vault.Names, name => Assert.StartsWith(
            "northmere--northmere-police--until-", name, StringComparison.Ordinal));
        Assert.Equal(0, exchange.Vault.AnonymousBytes);
        Assert.Empty(Directory.GetFiles(Path.Combine(exchange.Exchange.Home, "keys", "kek")));
    }

    public static TheoryData<VaultOutage, int> Outages { get; } = Environment.GetEnvironmentVariable("ISAX_FULL") == "1"
        ? new()
        {
            { VaultOutage.Unavailable, 1 }, { VaultOutage.Unavailable, 8 }, { VaultOutage.Hanging, 8 },
            { VaultOutage.Unavailable, 60 }, { VaultOutage.Hanging, 60 }, { VaultOutage.Unavailable, 600 },
        }
        : new() { { VaultOutage.Unavailable, 1 }, { VaultOutage.Unavailable, 8 }, { VaultOutage.Hanging, 6 } };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task VaultAway_ReadsAndUploadsSaySoAndGoOnWhenItIsBack(VaultOutage outage, int seconds)
    {
        var submitted = await exchange.SubmitAsync();
        var slot = exchange.NextSlot();
        var created = await exchange.Police.CreateAsync(slot);
        var before = Staged();
        exchange.Vault.Outage = outage;
        var watch = Stopwatch.StartNew();

        // Away for as long as the calls repeat: they may get through. Away for longer: they say so.
        var read = Record.ExceptionAsync(() => exchange.ExportAsync(submitted.Name)).AsTask();
        var upload = Record.ExceptionAsync(
            () => exchange.Police.WriteAsync(WireSender.Messages(created.Name, slot.Table()))).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(seconds), Stop);
        if (seconds > 5 && outage == VaultOutage.Unavailable)
        {
            await Problem.IsAsync(Unavailable, () => exchange.ExportAsync(submitted.Name));
            Assert.Equal(before, Staged());
        }

        exchange.Vault.Outage = VaultOutage.None;
        var back = Stopwatch.StartNew();
        foreach (var ended in (Exception?[])[await read, await upload])
            Assert.True(
                ended is null || Problem.Of((Grpc.Core.RpcException)ended).ToString() == Unavailable, $"{ended}");

        while (await Record.ExceptionAsync(() => exchange.ExportAsync(submitted.Name)) is not null)
        {
            Assert.True(back.Elapsed < TimeSpan.FromSeconds(30), "It does not come back.");
            await Task.Delay(100, Stop);
        }

        output.WriteLine(
            $"{outage} for {seconds} s: readable again {back.Elapsed.TotalSeconds:0.0} s after the vault was back,"
            + $" {watch.Elapsed.TotalSeconds:0.0} s in all");
        if ((await upload) is not null)
            await exchange.Police.WriteAsync(WireSender.Messages(created.Name, slot.Table()));
        Assert.NotEmpty(await exchange.ExportAsync((await exchange.Police.SubmitAsync(created.Name)).Name));
    }

    [Fact]
    public async Task KeyDisabledThenRotated_ReportNamesExactlyWhatFails()
    {
        var lost = new[] { await exchange.SubmitAsync(), await exchange.SubmitAsync() };
        var name = exchange.Vault.Names.Single();
        var old = exchange.Vault.Kids(name)[^1];
        exchange.Vault.SetEnabled(old, enabled: false);
        await KeysAsync("rotate", "--party", "northmere-police");

        // The service remembers for a minute which version is the present one; what it refuses makes it look.
        var later = await EventuallyAsync(exchange.SubmitAsync);
        Assert.NotEmpty(await exchange.ExportAsync(later.Name));
        foreach (var one in lost)
            await Problem.IsAsync(Unavailable, () => exchange.ExportAsync(one.Name));
        var report = await KeysAsync("report");
        foreach (var one in lost)
            Assert.Contains($"/{one.Name[^32..]}.1", report.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(later.Name[^32..], report.Output, StringComparison.Ordinal);

        exchange.Vault.SetEnabled(old, enabled: true);
        Assert.Contains(" 0 could not be.", (await KeysAsync("rotate")).Output, StringComparison.Ordinal);
        foreach (var one in lost)
            Assert.NotEmpty(await exchange.ExportAsync(one.Name));
        Assert.EndsWith(
            "0 objects cannot be opened now.", (await KeysAsync("report")).LastLine, StringComparison.Ordinal);
        Assert.Contains("present", (await KeysAsync("list")).Output, StringComparison.Ordinal);
        var refused = await exchange.Exchange.RunServiceAsync(
            "keys", "backup", "--home", exchange.Exchange.Home, "--out", Path.Combine(exchange.Exchange.Root, "copy"));
        Assert.Equal(2, refused.ExitCode);
    }

    async Task<Ran> KeysAsync(params string[] arguments)
    {
        var ran = await exchange.Exchange.RunServiceAsync(
            ["keys", arguments[0], "--home", exchange.Exchange.Home, .. arguments[1..]]);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        return ran;
    }

    static async Task<T> EventuallyAsync<T>(Func<Task<T>> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Grpc.Core.RpcException) when (tries < 5)
            {
                await Task.Delay(200, Stop);
            }
        }
    }

    /// <summary>Every file of the object store, where it is a folder.</summary>
    List<string> Staged()
    {
        var objects = Path.Combine(exchange.Exchange.Home, "objects");
        return Directory.Exists(objects)
            ? [.. Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : [];
    }
}
