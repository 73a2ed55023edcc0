using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Storage;

/// <summary>Each state that a crash can leave between two steps, made by hand; then the same call again.</summary>
public sealed class FolderObjectStoreCrashTests : IDisposable
{
    static readonly ObjectName Name = new("northmere/police/1");
    static readonly ObjectName Other = new("northmere/police/2");
    static readonly byte[] Header = "staged header"u8.ToArray();
    static readonly byte[] Final = "final header"u8.ToArray();

    readonly TemporaryFolder folder = new();
    readonly FolderObjectStore store;
    readonly FolderLayout layout;

    public FolderObjectStoreCrashTests()
    {
        store = new FolderObjectStore(folder.Path);
        layout = new FolderLayout(folder.Path);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string Staged => layout.StagedOf(Name);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task NameClaimedButNothingStaged_TheNameIsBurnt()
    {
        DurableFiles.CreateNew(layout.UsedOf(Name), []);
        Assert.Null(await store.ReadStagedAsync(Name, Ct));
        await Assert.ThrowsAsync<StagingExistsException>(() => store.StageAsync(Name, Header, Ct));
        await store.DiscardStagedAsync(Name, Ct);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task PromotionMadeButNotCommitted_StagingIsWholeAndPromotesAgain(int steps)
    {
        await StageAsync();
        LeaveMade(steps);

        Assert.Equal([Name], await store.ListStagedAsync(Ct).ToListAsync(Ct));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.OpenAsync(Name, Ct));
        await store.PromoteAsync(Name, Final, Ct);
        await PromotedAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task PromotionMadeButNotCommitted_DiscardLeavesNoHeaderAnywhere(int steps)
    {
        await StageAsync();
        LeaveMade(steps);
        await store.DiscardStagedAsync(Name, Ct);
        Assert.Empty(Directory.GetFiles(folder.Path, "header", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(folder.Path, "payload", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task CommittedButStagingNotRemoved_RepeatingRemovesItAndSucceeds(int removed)
    {
        await StageAsync();
        LeaveMade(steps: 2);
        var made = Assert.Single(layout.LeftInNew(FolderLayout.KeyOfStaging(Name)));
        DurableFiles.CreateFolders(layout.Objects, Path.GetDirectoryName(layout.Of(Name))!);
        Assert.Equal(FolderMove.Moved, DurableFiles.MoveFolder(made, layout.Of(Name)));
        if (removed > 0)
            File.Delete(FolderLayout.HeaderIn(Staged));
        if (removed > 1)
            File.Delete(FolderLayout.PayloadIn(Staged));

        await Assert.ThrowsAsync<ObjectExistsException>(() => store.PromoteAsync(Name, "other"u8.ToArray(), Ct));
        await store.PromoteAsync(Name, Final, Ct);
        await PromotedAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task HalfDiscarded_CannotBeReadAndDiscardsAgain(int removed)
    {
        await StageAsync();
        File.Delete(FolderLayout.HeaderIn(Staged));
        if (removed > 1)
            File.Delete(FolderLayout.PayloadIn(Staged));

        Assert.Null(await store.ReadStagedAsync(Name, Ct));
        Assert.Empty(await store.ListStagedAsync(Ct).ToListAsync(Ct));
        await Assert.ThrowsAsync<StagingNotFoundException>(() => store.PromoteAsync(Name, Final, Ct));
        await store.DiscardStagedAsync(Name, Ct);
        Assert.False(Directory.Exists(Staged));
    }

    [Fact]
    public async Task Swept_OnlyWhatIsOldAndBearsNoName()
    {
        await StageAsync();
        LeaveMade(steps: 2);
        await using (await store.StageAsync(Other, Header, Ct))
            File.Delete(FolderLayout.HeaderIn(layout.StagedOf(Other)));
        var now = TimeProvider.System.GetUtcNow();

        await store.SweepAsync(now.AddHours(-1), Ct);
        Assert.Equal(2, FolderLayout.FoldersIn(layout.Staging).Count());
        Assert.Single(Directory.GetDirectories(layout.New));

        await store.SweepAsync(now.AddHours(1), Ct);
        Assert.Equal([Staged], FolderLayout.FoldersIn(layout.Staging));
        Assert.Empty(Directory.GetDirectories(layout.New));
        await store.PromoteAsync(Name, Final, Ct);
        await PromotedAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task HalfDeletedObject_IsNotFoundNorListedAndDeletesAgain(int removed)
    {
        await store.PutAsync(Name, Final, new byte[] { 1 }, Ct);
        File.Delete(FolderLayout.HeaderIn(layout.Of(Name)));
        if (removed > 1)
            File.Delete(FolderLayout.PayloadIn(layout.Of(Name)));

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.OpenAsync(Name, Ct));
        Assert.Empty(await store.ListAsync("", Ct).ToListAsync(Ct));
        await store.DeleteAsync(Name, Ct);
        await store.PutAsync(Name, Header, new byte[] { 2 }, Ct);
    }

    [Fact]
    public async Task PutMadeButNotCommitted_DeletingTheObjectRemovesThatKeyToo()
    {
        var made = layout.CreateNew(FolderLayout.KeyOf(Name));
        DurableFiles.CreateNew(FolderLayout.HeaderIn(made), Header);
        await store.PutAsync(Name, Final, new byte[] { 1 }, Ct);
        await store.DeleteAsync(Name, Ct);
        Assert.Empty(Directory.GetFiles(folder.Path, "header", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task HeaderMadeButNotExchanged_TheOldOneStandsAndIsExchangedAgain(int steps)
    {
        await store.PutAsync(Name, Header, new byte[] { 1, 2, 3 }, Ct);
        LeaveReplacement(steps);

        await using (var stored = await store.OpenAsync(Name, Ct))
            Assert.Equal(Header, stored.Header);
        await store.ReplaceHeaderAsync(Name, Header, Final, Ct);
        await store.ReplaceHeaderAsync(Name, Header, Final, Ct);
        await using (var stored = await store.OpenAsync(Name, Ct))
            Assert.Equal(Final, stored.Header);
        await store.DeleteAsync(Name, Ct);
        Assert.Empty(Directory.GetFiles(folder.Path, "header", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task HeaderExchangedButItsFolderLeft_IsSweptAndTheObjectStays(int steps)
    {
        await store.PutAsync(Name, Final, new byte[] { 1 }, Ct);
        LeaveReplacement(steps);
        await store.SweepAsync(TimeProvider.System.GetUtcNow().AddHours(1), Ct);
        Assert.Empty(Directory.GetDirectories(layout.New));
        await store.ReplaceHeaderAsync(Name, Header, Final, Ct);
    }

    [Fact]
    public async Task HalfDeletedObject_GetsNoHeaderBack()
    {
        await store.PutAsync(Name, Header, new byte[] { 1 }, Ct);
        File.Delete(FolderLayout.HeaderIn(layout.Of(Name)));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.ReplaceHeaderAsync(Name, Header, Final, Ct));
        Assert.Empty(Directory.GetFiles(folder.Path, "header", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task TakenOverAndHalfDiscarded_DiscardsAgainWhole()
    {
        await StageAsync();
        await (await store.TakeOverAsync(Name, Ct))!.DisposeAsync();
        File.Delete(FolderLayout.HeaderIn(Staged));
        Assert.Null(await store.TakeOverAsync(Name, Ct));
        await store.DiscardStagedAsync(Name, Ct);
        Assert.False(Directory.Exists(Staged));
    }

    /// <summary>The steps of an exchange before its commit: folder, header.</summary>
    void LeaveReplacement(int steps)
    {
        var made = layout.CreateNew(FolderLayout.KeyOf(Name));
        if (steps > 0)
            DurableFiles.CreateNew(FolderLayout.HeaderIn(made), Final);
    }

    async Task StageAsync()
    {
        await using var writer = await store.StageAsync(Name, Header, Ct);
        await writer.AppendAsync(new byte[] { 1, 2, 3 }, Ct);
    }

    /// <summary>The steps of a promotion before its commit: folder, header, payload.</summary>
    void LeaveMade(int steps)
    {
        var made = layout.CreateNew(FolderLayout.KeyOfStaging(Name));
        if (steps > 0)
            DurableFiles.CreateNew(FolderLayout.HeaderIn(made), Final);
        if (steps > 1)
            DurableFiles.TryLink(FolderLayout.PayloadIn(Staged), FolderLayout.PayloadIn(made));
    }

    async Task PromotedAsync()
    {
        await using var stored = await store.OpenAsync(Name, Ct);
        Assert.Equal(Final, stored.Header);
        Assert.Equal(3, stored.PayloadLength);
        Assert.False(Directory.Exists(Staged));
        Assert.Empty(Directory.GetFileSystemEntries(layout.New));
        Assert.Single(Directory.GetFiles(folder.Path, "header", SearchOption.AllDirectories));
    }
}
