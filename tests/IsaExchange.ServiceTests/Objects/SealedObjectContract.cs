using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>What every object store promises of sealed content: sizes at the edges, torn attempts, exchanged
/// headers.</summary>
public abstract class SealedObjectContract : ObjectStoreContract
{
    protected const int Chunk = 64 << 10;
    const int Range = 4 << 20;

    SealedContent _sealing = null!;

    internal SealedContent Sealing => _sealing;

    public override async ValueTask InitializeAsync()
    {
        _sealing = new SealedContent();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _sealing.Dispose();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(Range - 1)]
    [InlineData(Range)]
    [InlineData(Range + 1)]
    [InlineData((2 * Range) + Chunk + 1)]
    public async Task ContentOfAnySize_IsReadBackFromPutAndFromStaged(int length)
    {
        ObjectName put = NewName(), staged = NewName();
        var content = SealedContent.Random(length);
        await SealedObjects.PutAsync(Store, put, await _sealing.KekAsync(), content, Stop);
        Assert.True((await _sealing.OpenAsync(Other, put)).SequenceEqual(content));

        using var key = await _sealing.StageAsync(Store, staged, content, pieces: 3);
        await Other.PromoteAsync(staged, await _sealing.HeaderAsync(staged.Value, key), Stop);
        Assert.True((await _sealing.OpenAsync(Store, staged)).SequenceEqual(content));
    }

    [Fact]
    public async Task AnyPlaceInAPayload_CanBeSoughtAndRead()
    {
        var name = NewName();
        var payload = SealedContent.Random((2 * Range) + 3);
        await Store.PutAsync(name, Final, payload, Stop);
        await using var stored = await Store.OpenAsync(name, Stop);
        var buffer = new byte[100];
        foreach (var at in (int[])[payload.Length - 100, 0, Range - 50, 7, (2 * Range) - 99, Range + 1])
        {
            stored.Payload.Position = at;
            await stored.Payload.ReadExactlyAsync(buffer, Stop);
            Assert.True(payload.AsSpan(at, 100).SequenceEqual(buffer), $"at {at}");
        }

        stored.Payload.Position = payload.Length;
        Assert.Equal(0, await stored.Payload.ReadAsync(buffer, Stop));
    }

    [Fact]
    public async Task TornAttempt_GivesBackEveryWholeChunk()
    {
        var name = NewName();
        var content = SealedContent.Random(5 * Chunk);
        using var key = FileKey.Generate();
        var payload = SealedContent.Seal(key, content);
        await using (var writer = await Store.StageAsync(name, await _sealing.HeaderAsync(name.Staged, key), Stop))
        {
            await writer.AppendAsync(payload.AsMemory(0, Chunk + 40), Stop);
            await writer.AppendAsync(payload.AsMemory(Chunk + 40, (2 * Chunk) + 1), Stop);
        }

        await using var taken = Assert.IsType<StoredObject>(await Other.TakeOverAsync(name, Stop));
        using var again = await SealedHeader.OpenAsync(taken.Header, name.Staged, _sealing.Ring, Stop);
        var replayed = new List<byte>();
        await foreach (var chunk in PayloadOpener.OpenDurableChunksAsync(taken.Payload, again, Stop))
            replayed.AddRange(chunk.ToArray());
        Assert.Equal(2 * Chunk, replayed.Count);
        Assert.True(content.AsSpan(0, 2 * Chunk).SequenceEqual(replayed.ToArray()));
    }

    [Fact]
    public async Task HeaderExchanged_PayloadStaysAndAnEarlierReaderReadsOn()
    {
        var name = NewName();
        var payload = SealedContent.Random((2 * Range) + 5);
        await Store.PutAsync(name, Header, payload, Stop);
        await using var before = await Other.OpenAsync(name, Stop);
        var beginning = new byte[1000];
        await before.Payload.ReadExactlyAsync(beginning, Stop);
        await Store.ReplaceHeaderAsync(name, Header, Final, Stop);
        await Store.ReplaceHeaderAsync(name, Header, Final, Stop);
        before.Payload.Position = 0;
        await HoldsAsync(before, Header, payload);
        await using var after = await Other.OpenAsync(name, Stop);
        await HoldsAsync(after, Final, payload);
        await Assert.ThrowsAsync<HeaderChangedException>(
            () => Other.ReplaceHeaderAsync(name, Header, "third"u8.ToArray(), Stop));
    }

    [Fact]
    public async Task HeaderOfNothingOrOfStaged_IsNotExchanged()
    {
        var name = NewName();
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.ReplaceHeaderAsync(name, Header, Final, Stop));
        await StageAsync(name, [1]);
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.ReplaceHeaderAsync(name, Header, Final, Stop));
    }

    [Fact]
    public async Task ExchangesRacing_HaveOneWinner()
    {
        for (var round = 0; round < 5; round++)
        {
            var name = NewName();
            await Store.PutAsync(name, Header, new byte[] { 1, 2, 3 }, Stop);
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(racer => TryAsync(
                () => Way(racer).ReplaceHeaderAsync(name, Header, new[] { (byte)racer }, Stop),
                e => e is HeaderChangedException)));
            var winner = Assert.Single(Enumerable.Range(0, 4), racer => won[racer]);
            await using var stored = await Store.OpenAsync(name, Stop);
            await HoldsAsync(stored, [(byte)winner], [1, 2, 3]);
        }
    }

    [Fact]
    public async Task HeadersExchangedDuringReads_NoReadFails()
    {
        var name = NewName();
        var content = SealedContent.Random(Range + Chunk);
        await SealedObjects.PutAsync(Store, name, await _sealing.KekAsync(), content, Stop);
        using var done = new CancellationTokenSource();
        var exchanges = ExchangeUntilAsync(name, done.Token);
        var reads = await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            await Task.Delay(n * 10, Stop);
            return await _sealing.OpenAsync(Way(n), name);
        }));
        await done.CancelAsync();
        var exchanged = await exchanges;
        Assert.All(reads, read => Assert.True(content.AsSpan().SequenceEqual(read)));
        Assert.True(exchanged > 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{reads.Length} reads across {exchanged} exchanges, 0 errors");
    }

    async Task<int> ExchangeUntilAsync(ObjectName name, CancellationToken done)
    {
        var exchanged = 0;
        while (!done.IsCancellationRequested)
        {
            byte[] standing;
            await using (var stored = await Store.OpenAsync(name, Stop))
                standing = stored.Header;
            using var key = await SealedHeader.OpenAsync(standing, name.Value, _sealing.Ring, Stop);
            await Store.ReplaceHeaderAsync(name, standing, await _sealing.HeaderAsync(name.Value, key), Stop);
            exchanged++;
        }

        return exchanged;
    }
}
