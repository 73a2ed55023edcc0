using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>What every object store promises, whatever it is made of.</summary>
public abstract class ObjectStoreContract : IAsyncLifetime
{
    protected static readonly byte[] Header = "staged header"u8.ToArray();
    protected static readonly byte[] Final = "final header, longer than the staged one"u8.ToArray();

    static readonly int Races = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 200 : 8;

    int _names;

    /// <summary>The store under test, empty.</summary>
    protected IObjectStore Store { get; private set; } = null!;

    /// <summary>Another process's way to the same store.</summary>
    protected IObjectStore Other { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Two ways to one empty store.</summary>
    protected abstract Task<(IObjectStore Store, IObjectStore Other)> CreateAsync();

    public virtual async ValueTask InitializeAsync() => (Store, Other) = await CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected ObjectName NewName() => new($"datasets/northmere/police/crime/s{++_names}.1");

    [Fact]
    public async Task StagedAppendedPromoted_ReadsAsWritten()
    {
        var name = NewName();
        await using (var writer = await Store.StageAsync(name, Header, Stop))
        {
            await writer.AppendAsync(new byte[] { 1, 2 }, Stop);
            Assert.Equal(2, writer.Length);
            await using (var staged = await Other.ReadStagedAsync(name, Stop))
                await HoldsAsync(Assert.IsType<StoredObject>(staged), Header, [1, 2]);
            await writer.AppendAsync(new byte[] { 3 }, Stop);
        }

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.OpenAsync(name, Stop));
        Assert.Empty(await Store.ListAsync("", Stop).ToListAsync(Stop));
        Assert.Equal([name], await Store.ListStagedAsync(Stop).ToListAsync(Stop));
        await Other.PromoteAsync(name, Final, Stop);
        await using (var stored = await Store.OpenAsync(name, Stop))
            await HoldsAsync(stored, Final, [1, 2, 3]);
        Assert.Null(await Store.ReadStagedAsync(name, Stop));
        Assert.Empty(await Store.ListStagedAsync(Stop).ToListAsync(Stop));
        Assert.Equal([name], await Store.ListAsync("datasets/northmere/", Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task Name_IsNotStagedWhileAnythingStandsThere()
    {
        ObjectName staged = NewName(), promoted = NewName(), put = NewName();
        await StageAsync(staged, [1]);
        await StageAsync(promoted, [2]);
        await Store.PromoteAsync(promoted, Final, Stop);
        await Store.PutAsync(put, Final, new byte[] { 3 }, Stop);
        foreach (var name in (ObjectName[])[staged, promoted, put])
            await Assert.ThrowsAsync<StagingExistsException>(() => Other.StageAsync(name, "thief"u8.ToArray(), Stop));

        // Refused means untouched: the condition was evaluated, not dropped on the way.
        await using (var left = await Store.ReadStagedAsync(staged, Stop))
            await HoldsAsync(Assert.IsType<StoredObject>(left), Header, [1]);
        await using (var left = await Store.OpenAsync(promoted, Stop))
            await HoldsAsync(left, Final, [2]);
    }

    [Fact]
    public async Task StagersOfOneNameRacing_HaveOneWinner()
    {
        for (var round = 0; round < Races; round++)
        {
            var name = NewName();
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(racer => TryAsync(
                async () => await (await Way(racer).StageAsync(name, new[] { (byte)racer }, Stop)).DisposeAsync(),
                e => e is StagingExistsException)));
            var winner = Assert.Single(Enumerable.Range(0, 4), racer => won[racer]);
            await using var staged = await Store.ReadStagedAsync(name, Stop);
            await HoldsAsync(Assert.IsType<StoredObject>(staged), [(byte)winner], []);
        }
    }

    [Fact]
    public async Task PuttersOfOneNameRacing_HaveOneWinnerAndItsBytesStand()
    {
        for (var round = 0; round < Races; round++)
        {
            var name = NewName();
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(racer => TryAsync(
                () => Way(racer).PutAsync(name, new[] { (byte)racer }, new[] { (byte)(racer + 100) }, Stop),
                e => e is ObjectExistsException)));
            var winner = Assert.Single(Enumerable.Range(0, 4), racer => won[racer]);
            await using var stored = await Store.OpenAsync(name, Stop);
            await HoldsAsync(stored, [(byte)winner], [(byte)(winner + 100)]);
        }
    }

    [Fact]
    public async Task PromotionsRacing_AllSucceedWithOneHeaderAndOneWithMany()
    {
        for (var round = 0; round < Races; round++)
        {
            ObjectName one = NewName(), other = NewName();
            await StageAsync(one, [7]);
            await StageAsync(other, [8]);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(racer => Way(racer).PromoteAsync(one, Final, Stop)));
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(racer => TryAsync(
                () => Way(racer).PromoteAsync(other, new[] { (byte)racer }, Stop), e => e is ObjectExistsException)));
            var winner = Assert.Single(Enumerable.Range(0, 4), racer => won[racer]);
            await using var stored = await Store.OpenAsync(other, Stop);
            await HoldsAsync(stored, [(byte)winner], [8]);
        }
    }

    [Fact]
    public async Task PromotionRepeatedOrOfNothing_SucceedsOrIsRefused()
    {
        var name = NewName();
        await Assert.ThrowsAsync<StagingNotFoundException>(() => Store.PromoteAsync(name, Final, Stop));
        await StageAsync(name, [1]);
        await Store.PromoteAsync(name, Final, Stop);
        await Other.PromoteAsync(name, Final, Stop);
        await Assert.ThrowsAsync<ObjectExistsException>(() => Other.PromoteAsync(name, Header, Stop));
        var discarded = NewName();
        await StageAsync(discarded, [1]);
        await Store.DiscardStagedAsync(discarded, Stop);
        await Assert.ThrowsAsync<StagingNotFoundException>(() => Other.PromoteAsync(discarded, Final, Stop));
    }

    [Fact]
    public async Task TakenOver_TheEarlierWriterIsPoisonedForGood()
    {
        var name = NewName();
        Assert.Null(await Other.TakeOverAsync(name, Stop));
        await using var writer = await Store.StageAsync(name, Header, Stop);
        await writer.AppendAsync(new byte[] { 1, 2 }, Stop);
        await using (var taken = await Other.TakeOverAsync(name, Stop))
            await HoldsAsync(Assert.IsType<StoredObject>(taken), Header, [1, 2]);
        for (var again = 0; again < 2; again++)
            await Assert.ThrowsAsync<StagingTakenOverException>(() => writer.AppendAsync(new byte[] { 3 }, Stop));
        await using var left = await Store.TakeOverAsync(name, Stop);
        await HoldsAsync(Assert.IsType<StoredObject>(left), Header, [1, 2]);
        await Store.PromoteAsync(name, Final, Stop);
        Assert.Null(await Other.TakeOverAsync(name, Stop));
    }

    [Fact]
    public async Task TakenOverAtAnyMoment_WhatWasAcknowledgedIsRead()
    {
        for (var round = 0; round < Races; round++)
        {
            var name = NewName();
            await using var writer = await Store.StageAsync(name, Header, Stop);
            var appending = AppendUntilFencedAsync(writer);
            await Task.Delay(round % 8 * 5, Stop);
            await using var taken = await Other.TakeOverAsync(name, Stop);
            var read = Assert.IsType<StoredObject>(taken).PayloadLength;
            var acknowledged = await appending;
            Assert.True(acknowledged <= read, $"round {round}: {acknowledged} acknowledged, {read} read");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DiscardedOrPromoted_TheWriterIsPoisoned(bool discard)
    {
        var name = NewName();
        await using var writer = await Store.StageAsync(name, Header, Stop);
        await writer.AppendAsync(new byte[] { 1 }, Stop);
        await (discard ? Other.DiscardStagedAsync(name, Stop) : Other.PromoteAsync(name, Final, Stop));
        await Assert.ThrowsAsync<StagingTakenOverException>(() => writer.AppendAsync(new byte[] { 2 }, Stop));
        if (!discard)
        {
            await using var stored = await Store.OpenAsync(name, Stop);
            Assert.Equal(Final, stored.Header);
        }
    }

    [Fact]
    public async Task Discarded_IsGoneAndWhatWasPromotedStays()
    {
        ObjectName staged = NewName(), promoted = NewName();
        await StageAsync(staged, [1]);
        await StageAsync(promoted, [2]);
        await Store.PromoteAsync(promoted, Final, Stop);
        foreach (var name in (ObjectName[])[staged, staged, promoted])
            await Other.DiscardStagedAsync(name, Stop);
        Assert.Null(await Store.ReadStagedAsync(staged, Stop));
        await using var stored = await Store.OpenAsync(promoted, Stop);
        await HoldsAsync(stored, Final, [2]);
    }

    [Fact]
    public async Task Put_IsCreateIfAbsentAndRepeatable()
    {
        var name = NewName();
        await Store.PutAsync(name, Final, new byte[] { 1 }, Stop);
        await Other.PutAsync(name, Final, new byte[] { 1 }, Stop);
        await Assert.ThrowsAsync<ObjectExistsException>(() => Other.PutAsync(name, Header, new byte[] { 1 }, Stop));
        await using var stored = await Store.OpenAsync(name, Stop);
        await HoldsAsync(stored, Final, [1]);
    }

    [Fact]
    public async Task Deleted_IsGoneAndDeletingAgainIsNoError()
    {
        var name = NewName();
        await Store.DeleteAsync(name, Stop);
        await Store.PutAsync(name, Final, new byte[] { 1 }, Stop);
        await Other.DeleteAsync(name, Stop);
        await Store.DeleteAsync(name, Stop);
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.OpenAsync(name, Stop));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.ReplaceHeaderAsync(name, Final, Header, Stop));
    }

    [Fact]
    public async Task Names_AreListedByPrefixInOrdinalOrder()
    {
        string[] names =
        [
            "cubes/northmere/police/s1.1", "datasets/northmere/police/crime/s1.1", "datasets/northmere/fire/calls/s2.1",
            "datasets/northmere-x/police/crime/s3.1", "releases/northmere/recorded/1/manifest.json",
            "releases/northmere/recorded/1/b.csv",
        ];
        foreach (var name in names)
            await Store.PutAsync(new ObjectName(name), Final, new byte[] { 1 }, Stop);
        await StageAsync(new ObjectName("datasets/northmere/police/crime/s9.1"), [1]);
        foreach (var prefix in (string[])["", "d", "datasets/", "datasets/northmere", "datasets/northmere/",
            "datasets/northmere/police/", "datasets/northmere/police/c", "cubes/", "releases/northmere/", "x"])
        {
            var expected = names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).ToList();
            var listed = await Other.ListAsync(prefix, Stop).ToListAsync(Stop);
            Assert.Equal(expected, listed.Select(n => n.Value));
        }
    }

    [Fact]
    public async Task HeaderThatIsEmptyOrTooLong_IsRefused()
    {
        var name = NewName();
        await Assert.ThrowsAsync<ArgumentException>(() => Store.StageAsync(name, ReadOnlyMemory<byte>.Empty, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutAsync(name, new byte[70_000], new byte[1], Stop));
    }

    protected IObjectStore Way(int racer) => racer % 2 == 0 ? Store : Other;

    protected async Task StageAsync(ObjectName name, params byte[][] pieces)
    {
        await using var writer = await Store.StageAsync(name, Header, Stop);
        foreach (var piece in pieces)
            await writer.AppendAsync(piece, Stop);
    }

    protected static async Task<bool> TryAsync(Func<Task> act, Func<Exception, bool> isRefusal)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception e) when (isRefusal(e))
        {
            return false;
        }
    }

    protected static async Task HoldsAsync(StoredObject stored, byte[] header, byte[] payload)
    {
        using var read = new MemoryStream();
        await stored.Payload.CopyToAsync(read, Stop);
        Assert.Equal(header, stored.Header);
        var isSame = payload.AsSpan().SequenceEqual(read.ToArray());
        Assert.True(isSame, $"{read.Length} of {payload.Length} bytes, or others");
        Assert.Equal(payload.Length, stored.PayloadLength);
    }

    static async Task<long> AppendUntilFencedAsync(IStagedObject writer)
    {
        var acknowledged = 0L;
        while (await TryAsync(() => writer.AppendAsync(new byte[] { 7 }, Stop), e => e is StagingTakenOverException))
            acknowledged++;
        return acknowledged;
    }
}
