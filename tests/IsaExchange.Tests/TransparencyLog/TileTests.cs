using IsaExchange.Tests.Outside;
using IsaExchange.TransparencyLog;
using IsaExchange.TransparencyLog.Tiles;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>Static resources of a log: their names, what they hold, and proofs made of nothing else.</summary>
public class TileTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void IndexesOfTheSpecification_HaveItsPaths()
    {
        var vectors = VectorFiles.Derived("tiles-and-proofs.json")["tileIndexPath"]!.AsArray();
        Assert.Equal(4, vectors.Count);
        Assert.All(vectors, vector => Assert.Equal(
            "tile/0/" + vector!.Text("path"), new TileAddress(0, vector!.Number("n")!.Value, 256).Path));
    }

    [Theory]
    [InlineData("tile/0/000", 0, 0, 256)]
    [InlineData("tile/7/x001/x234/067.p/44", 7, 1_234_067, 44)]
    [InlineData("tile/entries/x001/000.p/1", TileAddress.Entries, 1000, 1)]
    public void Path_IsReadAsWhatItWasWrittenFrom(string path, int level, long index, int width)
    {
        Assert.True(TileAddress.TryParse(path, out var tile));
        Assert.Equal(new(level, index, width), tile);
        Assert.Equal(path, tile.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tile")]
    [InlineData("tile/0")]
    [InlineData("tile/00/000")]
    [InlineData("tile/8/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/0000")]
    [InlineData("tile/0/x000/000")]
    [InlineData("tile/0/001/000")]
    [InlineData("tile/0/x001/x000")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p/1.p/1")]
    [InlineData("tile/0/../0/000")]
    [InlineData("tile/Entries/000")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0/000/")]
    [InlineData("tile/0/000\0")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/x999/999")]
    public void SecondSpellingOfATile_IsNone(string path) => Assert.False(TileAddress.TryParse(path, out _));

    [Fact]
    public void TreeOfTheSpecification_HasItsTiles()
    {
        var tiles = TileLayout.Between(0, 70_000).ToList();
        int Full(int level) => tiles.Count(t => t.Level == level && !t.IsPartial);
        int Partial(int level) => tiles.Single(t => t.Level == level && t.IsPartial).Width;
        Assert.Equal((273, 112), (Full(0), Partial(0)));
        Assert.Equal((273, 112), (Full(TileAddress.Entries), Partial(TileAddress.Entries)));
        Assert.Equal((1, 17), (Full(1), Partial(1)));
        Assert.Equal((0, 1), (Full(2), Partial(2)));
        Assert.Equal(3, tiles.Max(t => t.Level) + 1);
    }

    [Fact]
    public void TilesPublishedStepByStep_AreAllThatTheLastTreeNeeds()
    {
        var random = new Random(20261124);
        var published = new HashSet<TileAddress>();
        for (var (size, next) = (0L, 0L); size < 200_000; size = next)
        {
            next = size + random.Next(1, 3_000);
            published.UnionWith(TileLayout.Between(size, next));
            Assert.DoesNotContain(TileLayout.Between(0, next), t => t.IsPartial && !published.Contains(t));
        }

        Assert.Superset(TileLayout.Between(0, 197_000).Where(t => !t.IsPartial).ToHashSet(), published);
        Assert.Empty(TileLayout.Between(5, 5));
    }

    [Fact]
    public async Task ProofsMadeOfTilesAlone_AreThoseOfTheStoredTree()
    {
        const int Size = 1_300;
        var leaves = StoredTree.Leaves(Size);
        var tree = StoredTree.Of(leaves);
        var files = new Dictionary<string, byte[]>();
        foreach (var tile in TileLayout.Between(0, Size).Where(t => t.Level != TileAddress.Entries))
            files[tile.Path] = HashTile.Write(await tree.ReadAsync([.. HashTile.Positions(tile)], Ct));
        var read = 0;
        var tiles = new TileHashReader(Size, (tile, _) =>
        {
            read++;
            return new(files[tile.Path]);
        });
        foreach (var index in new[] { 0L, 1, 255, 256, 257, 600, 1_023, 1_024, 1_279, 1_280, 1_299 })
        {
            Assert.Equal(
                await TreeProofs.InclusionAsync(tree, index, Size, Ct),
                await TreeProofs.InclusionAsync(tiles, index, Size, Ct));
            Assert.Equal(
                await TreeProofs.ConsistencyAsync(tree, index + 1, Size, Ct),
                await TreeProofs.ConsistencyAsync(tiles, index + 1, Size, Ct));
        }

        Assert.Equal(tree.Appender.Root(), await TreeProofs.RootAsync(tiles, Size, Ct));
        Assert.Equal(files.Count, read);
    }

    [Fact]
    public void TileOfAnotherLength_IsRefused()
    {
        var tile = new TileAddress(0, 0, 3);
        Assert.Equal(3, HashTile.Read(tile, new byte[96]).Length);
        Assert.Throws<LogFormatException>(() => HashTile.Read(tile, new byte[95]));
        Assert.Throws<LogFormatException>(() => HashTile.Read(tile, new byte[128]));
    }

    [Fact]
    public void Bundle_ComesBackAsItWas_AndAnyOtherLengthIsRefused()
    {
        byte[][] entries = [[1, 2, 3], [], [.. Enumerable.Repeat((byte)7, 65_535)], [9]];
        var bundle = new TileAddress(TileAddress.Entries, 0, 4);
        var bytes = EntryBundle.Write(entries);
        Assert.Equal(entries, EntryBundle.Read(bundle, bytes));
        Assert.Throws<LogFormatException>(() => EntryBundle.Read(bundle, bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Throws<LogFormatException>(() => EntryBundle.Read(bundle, bytes.AsSpan(0, 5)));
        Assert.Throws<LogFormatException>(() => EntryBundle.Read(bundle with { Width = 3 }, bytes));
        Assert.Throws<LogFormatException>(() => EntryBundle.Read(bundle with { Width = 5 }, bytes));
        Assert.Throws<ArgumentException>(() => EntryBundle.Write([new byte[65_536]]));
    }

    [Fact]
    public void BundlesOfTessera_AreReadAndWrittenAsTheyAre()
    {
        for (var size = 1; size <= 15; size++)
        {
            var bundle = new TileAddress(TileAddress.Entries, 0, size);
            var tile = bundle with { Level = 0 };
            var root = SharedFolders.Vectors("tlog", "tessera", "testdata", "log");
            var bytes = File.ReadAllBytes(Path.Combine(root, bundle.Path));
            var entries = EntryBundle.Read(bundle, bytes);
            Assert.Equal(bytes, EntryBundle.Write(entries));
            Assert.Equal(
                HashTile.Read(tile, File.ReadAllBytes(Path.Combine(root, tile.Path))),
                entries.Select(e => MerkleTree.LeafHash(e)));
        }
    }

    [Fact]
    public async Task TilesOfSunlight_ProveEveryLeafInItsCosignedRoot()
    {
        var mirror = SharedFolders.Vectors("tlog", "sunlight", "cmd", "skylight", "testdata", "witness", "mirror");
        var log = Directory.GetDirectories(mirror).Single();
        var note = await File.ReadAllTextAsync(Path.Combine(log, "checkpoint"), Ct);
        var head = Checkpoint.Parse(note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)]);
        var tiles = new TileHashReader(
            head.Size, (tile, _) => new(File.ReadAllBytes(Path.Combine(log, tile.Path))));
        for (var index = 0L; index < head.Size; index++)
        {
            var leaf = (await tiles.ReadAsync([new(0, index)], Ct))[0];
            var proof = await TreeProofs.InclusionAsync(tiles, index, head.Size, Ct);
            Assert.True(TreeProofs.VerifyInclusion(leaf, index, head.Size, head.Root, proof));
        }

        Assert.Equal(300, head.Size);
        Assert.Equal(head.Root, await TreeProofs.RootAsync(tiles, head.Size, Ct));
    }
}
