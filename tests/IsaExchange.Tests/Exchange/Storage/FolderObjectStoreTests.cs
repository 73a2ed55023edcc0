using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Storage;

public sealed class FolderObjectStoreTests : IDisposable
{
    static readonly ObjectName Name = new("northmere/police/1");
    static readonly byte[] Header = "staged header"u8.ToArray();
    static readonly byte[] Final = "final header"u8.ToArray();

    readonly TemporaryFolder folder = new();
    readonly FolderObjectStore store;

    public FolderObjectStoreTests() => store = new FolderObjectStore(folder.Path);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task StagedAppendedPromoted_ReadsAsWritten()
    {
        await StageAsync(Name, [1, 2], [3]);
        await using (var staged = await store.ReadStagedAsync(Name, Ct))
            await HoldsAsync(Assert.IsType<StoredObject>(staged), Header, [1, 2, 3]);
        Assert.Empty(await NamesAsync(""));
        Assert.Equal([Name], await store.ListStagedAsync(Ct).ToListAsync(Ct));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.OpenAsync(Name, Ct));

        await store.PromoteAsync(Name, Final, Ct);

        await using (var stored = await store.OpenAsync(Name, Ct))
            await HoldsAsync(stored, Final, [1, 2, 3]);
        Assert.Null(await store.ReadStagedAsync(Name, Ct));
        Assert.Empty(await store.ListStagedAsync(Ct).ToListAsync(Ct));
        Assert.Empty(Directory.GetFileSystemEntries(folder["new"]));
        Assert.Empty(Directory.GetFiles(folder["staging"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task AppendedBytes_AreReadableWhileTheWriterIsOpen()
    {
        await using var writer = await store.StageAsync(Name, Header, Ct);
        await writer.AppendAsync(new byte[] { 1, 2 }, Ct);
        Assert.Equal(2, writer.Length);
        await using var staged = await store.ReadStagedAsync(Name, Ct);
        await HoldsAsync(Assert.IsType<StoredObject>(staged), Header, [1, 2]);
    }

    [Fact]
    public async Task Name_IsNeverStagedTwice()
    {
        ObjectName alive = new("a/alive"), discarded = new("a/discarded"), promoted = new("a/promoted");
        await StageAsync(alive, [1]);
        await StageAsync(discarded, [1]);
        await StageAsync(promoted, [1]);
        await store.PutAsync(Name, Final, new byte[] { 1 }, Ct);
        await store.DiscardStagedAsync(discarded, Ct);
        await store.PromoteAsync(promoted, Final, Ct);
        foreach (var name in (ObjectName[])[alive, discarded, promoted, Name])
            await Assert.ThrowsAsync<StagingExistsException>(() => store.StageAsync(name, Header, Ct));
        await Assert.ThrowsAsync<StagingExistsException>(
            () => new FolderObjectStore(folder.Path).StageAsync(promoted, Header, Ct));
    }

    [Fact]
    public async Task PromotionRepeated_Succeeds()
    {
        await StageAsync(Name, [1]);
        await store.PromoteAsync(Name, Final, Ct);
        await store.PromoteAsync(Name, Final, Ct);
        await using var stored = await store.OpenAsync(Name, Ct);
        await HoldsAsync(stored, Final, [1]);
    }

    [Fact]
    public async Task PromotionOntoAnotherObject_IsRefusedAndChangesNothing()
    {
        await StageAsync(Name, [1]);
        await store.PutAsync(Name, "theirs"u8.ToArray(), new byte[] { 9 }, Ct);
        await Assert.ThrowsAsync<ObjectExistsException>(() => store.PromoteAsync(Name, Final, Ct));
        await using (var stored = await store.OpenAsync(Name, Ct))
            await HoldsAsync(stored, "theirs"u8.ToArray(), [9]);
        await using (var staged = await store.ReadStagedAsync(Name, Ct))
            await HoldsAsync(Assert.IsType<StoredObject>(staged), Header, [1]);
        Assert.Empty(Directory.GetFileSystemEntries(folder["new"]));
    }

    [Fact]
    public async Task PromotionOfNothing_IsRefused()
    {
        await Assert.ThrowsAsync<StagingNotFoundException>(() => store.PromoteAsync(Name, Final, Ct));
        await StageAsync(Name, [1]);
        await store.DiscardStagedAsync(Name, Ct);
        await Assert.ThrowsAsync<StagingNotFoundException>(() => store.PromoteAsync(Name, Final, Ct));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.OpenAsync(Name, Ct));
    }

    [Fact]
    public async Task PromotionsOfOneStagingRacing_AllSucceedWithOneHeaderAndOneWithMany()
    {
        for (var round = 0; round < 20; round++)
        {
            ObjectName one = new($"same/{round}"), other = new($"many/{round}");
            await StageAsync(one, [7]);
            var same = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WinsAsync(one, Final)));
            Assert.DoesNotContain(false, same);

            await StageAsync(other, [7]);
            var many = await Task.WhenAll(Enumerable.Range(0, 4).Select(
                racer => WinsAsync(other, [(byte)racer])));
            var winner = Assert.Single(Enumerable.Range(0, 4), racer => many[racer]);
            await using var stored = await store.OpenAsync(other, Ct);
            await HoldsAsync(stored, [(byte)winner], [7]);
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder["new"]));
    }

    [Fact]
    public async Task Put_IsCreateIfAbsentAndRepeatable()
    {
        await store.PutAsync(Name, Final, new byte[] { 1 }, Ct);
        await store.PutAsync(Name, Final, new byte[] { 1 }, Ct);
        await Assert.ThrowsAsync<ObjectExistsException>(() => store.PutAsync(Name, Header, new byte[] { 1 }, Ct));
        await using var stored = await store.OpenAsync(Name, Ct);
        await HoldsAsync(stored, Final, [1]);
        Assert.Empty(Directory.GetFileSystemEntries(folder["new"]));
    }

    [Fact]
    public async Task NamesWithinNames_AreObjectsOfTheirOwn()
    {
        string[] names = ["a", "a/b", "a/b/header", "a/payload", "ab"];
        foreach (var name in names.Reverse())
            await store.PutAsync(new ObjectName(name), Final, new byte[] { (byte)name.Length }, Ct);
        await store.DeleteAsync(new ObjectName("a/b"), Ct);
        Assert.Equal(["a", "a/b/header", "a/payload", "ab"], await NamesAsync(""));
        Assert.Equal(["a/b/header", "a/payload"], await NamesAsync("a/"));
        Assert.Equal(["a/payload"], await NamesAsync("a/p"));
        Assert.Empty(await NamesAsync("b"));
    }

    [Fact]
    public async Task Deleted_IsGoneAndDeletingAgainIsNoError()
    {
        await store.PutAsync(Name, Final, new byte[] { 1 }, Ct);
        await store.DeleteAsync(Name, Ct);
        await store.DeleteAsync(Name, Ct);
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.OpenAsync(Name, Ct));
    }

    [Fact]
    public async Task Discarded_LeavesNoHeaderAnywhere()
    {
        await StageAsync(Name, [1]);
        await store.DiscardStagedAsync(Name, Ct);
        await store.DiscardStagedAsync(Name, Ct);
        Assert.Null(await store.ReadStagedAsync(Name, Ct));
        Assert.Empty(Directory.GetFiles(folder.Path, "header", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task EverythingWritten_IsPrivate()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        await StageAsync(new ObjectName("s1"), [1]);
        await StageAsync(Name, [1]);
        await (await store.TakeOverAsync(Name, Ct))!.DisposeAsync();
        await store.PromoteAsync(Name, Final, Ct);
        await store.PutAsync(new ObjectName("a/b"), Final, new byte[] { 1 }, Ct);
        await (await store.TakeOverAsync(new ObjectName("s1"), Ct))!.DisposeAsync();
        await store.ReplaceHeaderAsync(Name, Final, Header, Ct);
        foreach (var file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))
            Assert.Equal(DurableFiles.PrivateFile, TemporaryFolder.ModeOf(file));
        foreach (var inner in Directory.GetDirectories(folder.Path, "*", SearchOption.AllDirectories))
            Assert.Equal(DurableFiles.PrivateFolder, TemporaryFolder.ModeOf(inner));
    }

    [Fact]
    public async Task FailedFsync_PoisonsTheStagedObjectForGood()
    {
        var failing = false;
        var failingStore = new FolderObjectStore(folder.Path, (file, path) =>
        {
            if (failing)
                throw StorageFaultException.OfCall("fsync", path, error: 5);
            DurableFiles.Sync(file, path);
        });
        await using var writer = await failingStore.StageAsync(Name, Header, Ct);
        await writer.AppendAsync(new byte[] { 1 }, Ct);

        failing = true;
        var fault = await Assert.ThrowsAsync<StorageFaultException>(() => writer.AppendAsync(new byte[] { 2 }, Ct));
        Assert.Equal("EIO", fault.ErrorName);
        failing = false;

        // The medium seems to be well again; what it lost in between it will not say.
        await Assert.ThrowsAsync<StorageFaultException>(() => writer.AppendAsync(new byte[] { 2 }, Ct));
        Assert.Equal(1, writer.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task TailOfAFailedFlush_IsGoneForWhoeverReadsLater(int failures)
    {
        var left = 0;
        var failing = new FolderObjectStore(folder.Path, (file, path) =>
        {
            if (left-- > 0)
                throw StorageFaultException.OfCall("fsync", path, error: 5);
            DurableFiles.Sync(file, path);
        });
        await using var writer = await failing.StageAsync(Name, Header, Ct);
        await writer.AppendAsync(new byte[] { 1, 2 }, Ct);
        left = failures;
        var fault = await Assert.ThrowsAsync<StorageFaultException>(() => writer.AppendAsync(new byte[] { 3 }, Ct));
        Assert.True(fault.IsSync);

        // As after a restart; and the cut stands also where it could not be flushed.
        await using (var staged = await store.ReadStagedAsync(Name, Ct))
            await HoldsAsync(Assert.IsType<StoredObject>(staged), Header, [1, 2]);
        await using var taken = await store.TakeOverAsync(Name, Ct);
        await HoldsAsync(Assert.IsType<StoredObject>(taken), Header, [1, 2]);
    }

    [Fact]
    public async Task TailThatWasTakenOver_IsLeftToWhoeverReliesOnIt()
    {
        StoredObject? taken = null;
        var failing = new FolderObjectStore(folder.Path, (file, path) =>
        {
            if (taken is not null || !File.Exists(path) || new FileInfo(path).Length < 3)
                return;
            taken = new FolderObjectStore(folder.Path).TakeOverAsync(Name, Ct).GetAwaiter().GetResult();
            throw StorageFaultException.OfCall("fsync", path, error: 5);
        });
        await using var writer = await failing.StageAsync(Name, Header, Ct);
        await writer.AppendAsync(new byte[] { 1, 2 }, Ct);
        await Assert.ThrowsAsync<StorageFaultException>(() => writer.AppendAsync(new byte[] { 3 }, Ct));
        await using var read = Assert.IsType<StoredObject>(taken);
        await HoldsAsync(read, Header, [1, 2, 3]);
    }

    [Fact]
    public async Task TakenOver_WhatIsReadWasFlushedOrIsAFault()
    {
        await StageAsync(Name, [1]);
        var flushed = 0;
        var watched = new FolderObjectStore(folder.Path, (_, _) => flushed++);
        await (await watched.TakeOverAsync(Name, Ct))!.DisposeAsync();
        Assert.Equal(1, flushed);
        var failing = new FolderObjectStore(
            folder.Path, (_, path) => throw StorageFaultException.OfCall("fsync", path, error: 5));
        await Assert.ThrowsAsync<StorageFaultException>(() => failing.TakeOverAsync(Name, Ct));
    }

    [Fact]
    public async Task HeaderThatIsEmptyOrTooLong_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => store.StageAsync(Name, ReadOnlyMemory<byte>.Empty, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync(Name, new byte[70_000], new byte[1], Ct));
    }

    async Task StageAsync(ObjectName name, params byte[][] pieces)
    {
        await using var writer = await store.StageAsync(name, Header, Ct);
        foreach (var piece in pieces)
            await writer.AppendAsync(piece, Ct);
    }

    async Task<bool> WinsAsync(ObjectName name, byte[] header)
    {
        try
        {
            await store.PromoteAsync(name, header, Ct);
            return true;
        }
        catch (ObjectExistsException)
        {
            return false;
        }
    }

    async Task<string[]> NamesAsync(string prefix) =>
        [.. (await store.ListAsync(prefix, Ct).ToListAsync(Ct)).Select(name => name.Value)];

    static async Task HoldsAsync(StoredObject stored, byte[] header, byte[] payload)
    {
        using var read = new MemoryStream();
        await stored.Payload.CopyToAsync(read, Ct);
        Assert.Equal(header, stored.Header);
        Assert.Equal(payload, read.ToArray());
        Assert.Equal(payload.Length, stored.PayloadLength);
    }
}
