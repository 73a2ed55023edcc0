using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>A whole exchange on servers, with something on the way to its blobs that can be told to fail.</summary>
public sealed class ProxiedExchange : IAsyncLifetime
{
    TestExchange? _exchange;
    FaultProxy? _way;
    int _slots;

    public TestExchange Exchange => _exchange ?? throw new InvalidOperationException("It was not made.");

    public FaultProxy Way => _way ?? throw new InvalidOperationException("It was not made.");

    internal HealthView Health => new(Exchange);

    /// <summary>Every test takes months of its own.</summary>
    public int NextSlot() => _slots++;

    public async ValueTask InitializeAsync()
    {
        if (SetUp.IsEmbedded)
            return;
        var parts = await ProductionParts.StartedAsync();
        _way = await FaultProxy.StartAsync(parts.Authority, parts.Azurite.Account);
        _exchange = await TestExchange.StartAsync(
            NorthmerePolicies.Folder, arrange: servers => servers.Account = _way.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        if (_way is not null)
            await _way.DisposeAsync();
    }
}
