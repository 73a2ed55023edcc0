using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>Two processes of one exchange on the same servers, for all tests that need no pair of their own.</summary>
public sealed class ReplicaPair : IAsyncLifetime
{
    TestExchange? _one;
    TestExchange? _other;

    public TestExchange One => _one ?? throw new InvalidOperationException("It was not made.");

    public TestExchange Other => _other ?? throw new InvalidOperationException("It was not made.");

    public async ValueTask InitializeAsync()
    {
        if (SetUp.IsEmbedded)
            return;
        _one = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        _other = await _one.ReplicaAsync();
    }

    /// <summary>Rows, log and objects hold against each other.</summary>
    public async Task SoundAsync()
    {
        var ran = await One.RunServiceAsync("fsck", "--home", One.Home);
        Assert.True(ran.ExitCode == 0 && ran.LastLine == "SOUND", ran.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (_other is not null)
            await _other.DisposeAsync();
        if (_one is not null)
            await _one.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class ReplicaPairTests : ICollectionFixture<ReplicaPair>
{
    public const string Name = "Two processes of one exchange";
}
