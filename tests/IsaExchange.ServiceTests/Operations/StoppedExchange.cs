using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>An exchange on servers whose process has ended: replicas in this process take its place.</summary>
public sealed class StoppedExchange : IAsyncLifetime
{
    TestExchange? _exchange;

    public TestExchange Exchange => _exchange ?? throw new InvalidOperationException("It was not made.");

    public async ValueTask InitializeAsync()
    {
        if (SetUp.IsEmbedded)
            return;
        _exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        await _exchange.StopAsync();
    }

    /// <summary>Rows, log and objects hold against each other.</summary>
    public async Task SoundAsync()
    {
        var ran = await Exchange.RunServiceAsync("fsck", "--home", Exchange.Home);
        Assert.True(ran.ExitCode == 0 && ran.LastLine == "SOUND", ran.ToString());
    }

    /// <summary>A month and an area of their own for the first 300 numbers; then they begin again. Each class has its
    /// own hundred.</summary>
    internal static Slot SlotOf(int number) => new(
        Northmere.Months(NorthmerePolicies.FirstMonth.AddMonths(number / Northmere.Areas.Count % 75), 1),
        Northmere.Areas[number % Northmere.Areas.Count]);

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class StoppedExchangeTests : ICollectionFixture<StoppedExchange>
{
    public const string Name = "Replicas in this process";
}
