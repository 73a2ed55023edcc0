using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Storage;

/// <summary>Two stores on one folder, as two processes would have them.</summary>
public sealed class FolderTakeOverTests : IDisposable
{
    static readonly ObjectName Name = new("northmere/police/1.1");
    static readonly byte[] Header = "staged header"u8.ToArray();
    static readonly byte[] Final = "final header"u8.ToArray();

    readonly TemporaryFolder folder = new();
    readonly FolderObjectStore one;
    readonly FolderObjectStore other;

    public FolderTakeOverTests()
    {
        one = new FolderObjectStore(folder.Path);
        other = new FolderObjectStore(folder.Path);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TakenOver_TheEarlierWriterIsPoisonedForGood()
    {
        await using var writer = await one.StageAsync(Name, Header, Ct);
        await writer.AppendAsync(new byte[] { 1, 2 }, Ct);
        await using (var taken = await other.TakeOverAsync(Name, Ct))
            Assert.Equal(2, Assert.IsType<StoredObject>(taken).PayloadLength);
        for (var again = 0; again < 2; again++)
            await Assert.ThrowsAsync<StagingTakenOverException>(() => writer.AppendAsync(new byte[] { 3 }, Ct));
        Assert.Equal(2, writer.Length);
        await (await one.TakeOverAsync(Name, Ct))!.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DiscardedOrPromoted_TheWriterIsPoisoned(bool discard)
    {
        await using var writer = await one.StageAsync(Name, Header, Ct);
        await writer.AppendAsync(new byte[] { 1, 2 }, Ct);
        await (discard ? other.DiscardStagedAsync(Name, Ct) : other.PromoteAsync(Name, Final, Ct));
        await Assert.ThrowsAsync<StagingTakenOverException>(() => writer.AppendAsync(new byte[] { 3 }, Ct));
        Assert.Null(await other.TakeOverAsync(Name, Ct));
    }

    [Fact]
    public async Task NothingStaged_IsNotTakenOver() => Assert.Null(await one.TakeOverAsync(Name, Ct));

    [Fact]
    public async Task TakenOverAtAnyMoment_WhatWasAcknowledgedIsRead()
    {
        for (var round = 0; round < 50; round++)
        {
            var name = new ObjectName($"race/{round}");
            await using var writer = await one.StageAsync(name, Header, Ct);
            var acknowledged = 0;
            var appending = Task.Run(
                async () =>
                {
                    try
                    {
                        for (;;)
                        {
                            await writer.AppendAsync(new byte[] { 7 }, Ct);
                            acknowledged++;
                        }
                    }
                    catch (StagingTakenOverException)
                    {
                        // As it must end.
                    }
                },
                Ct);
            await Task.Delay(round % 5, Ct);
            await using var taken = await other.TakeOverAsync(name, Ct);
            var read = Assert.IsType<StoredObject>(taken).PayloadLength;
            await appending;
            Assert.True(acknowledged <= read, $"round {round}: {acknowledged} acknowledged, {read} read");
        }
    }

    [Fact]
    public async Task HeaderExchanged_PayloadStaysAndAnEarlierReaderReadsOn()
    {
        await one.PutAsync(Name, Header, new byte[] { 1, 2, 3 }, Ct);
        await using var before = await other.OpenAsync(Name, Ct);
        await one.ReplaceHeaderAsync(Name, Header, Final, Ct);
        await using var after = await other.OpenAsync(Name, Ct);
        foreach (var (stored, header) in new[] { (before, Header), (after, Final) })
        {
            var payload = new byte[3];
            await stored.Payload.ReadExactlyAsync(payload, Ct);
            Assert.Equal(header, stored.Header);
            Assert.Equal([1, 2, 3], payload);
        }

        await Assert.ThrowsAsync<HeaderChangedException>(
            () => one.ReplaceHeaderAsync(Name, Header, "third"u8.ToArray(), Ct));
        await one.ReplaceHeaderAsync(Name, Header, Final, Ct);
        Assert.Empty(Directory.GetFileSystemEntries(folder["new"]));
    }

    [Fact]
    public async Task HeaderOfNothing_IsNotExchanged()
    {
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => one.ReplaceHeaderAsync(Name, Header, Final, Ct));
        await using (await one.StageAsync(Name, Header, Ct))
            await Assert.ThrowsAsync<ObjectNotFoundException>(() => one.ReplaceHeaderAsync(Name, Header, Final, Ct));
        await Assert.ThrowsAsync<ArgumentException>(
            () => one.ReplaceHeaderAsync(Name, Header, ReadOnlyMemory<byte>.Empty, Ct));
    }

    [Fact]
    public async Task ExchangesRacing_HaveOneWinner()
    {
        for (var round = 0; round < 20; round++)
        {
            var name = new ObjectName($"race/{round}");
            await one.PutAsync(name, Header, new byte[] { 1 }, Ct);
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(
                racer => WinsAsync(racer % 2 == 0 ? one : other, name, [(byte)racer])));
            var winner = Assert.Single(Enumerable.Range(0, 4), racer => won[racer]);
            await using var stored = await one.OpenAsync(name, Ct);
            Assert.Equal([(byte)winner], stored.Header);
        }
    }

    [Fact]
    public async Task ExchangeRacingADeletion_LeavesNoHeader()
    {
        for (var round = 0; round < 30; round++)
        {
            var name = new ObjectName($"race/{round}");
            await one.PutAsync(name, Header, new byte[] { 1 }, Ct);
            await Task.WhenAll(WinsAsync(one, name, Final), other.DeleteAsync(name, Ct));
            Assert.Empty(Directory.GetFiles(folder.Path, "header", SearchOption.AllDirectories));
        }
    }

    static async Task<bool> WinsAsync(FolderObjectStore store, ObjectName name, byte[] replacement)
    {
        try
        {
            await store.ReplaceHeaderAsync(name, Header, replacement, Ct);
            return true;
        }
        catch (Exception e) when (e is HeaderChangedException or ObjectNotFoundException)
        {
            return false;
        }
    }
}
