using System.Buffers.Binary;
using IsaExchange.Tests.Outside;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>Logs written by other programs: Tessera's golden log of 15 entries, Sunlight's mirror of 300.</summary>
public class GoldenLogTests
{
    const string TesseraKey = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void TesseraEntryBundles_HaveTheLeafHashesOfItsTiles()
    {
        for (var size = 1; size <= 15; size++)
        {
            var tile = File.ReadAllBytes(Tessera("tile", "0", "000.p", $"{size}"));
            var leaves = Entries(Tessera("tile", "entries", "000.p", $"{size}")).Select(e => MerkleTree.LeafHash(e));
            Assert.Equal(Hashes(tile), leaves);
        }
    }

    [Fact]
    public void TesseraCheckpoints_AreSignedAndNameOurRoots()
    {
        var log = NoteVerifier.Parse(TesseraKey);
        var leaves = TesseraLeaves();
        for (var size = 0; size <= 15; size++)
        {
            var note = File.ReadAllBytes(Tessera($"checkpoint.{size}"));
            var checkpoint = Checkpoint.Parse(SignedNote.Open(note, [log]).Text);
            var root = TreeProofs.RootOfLeaves(leaves.Take(size));
            Assert.Equal(new("example.com/log/testdata", size, root, []), checkpoint);
        }
    }

    [Fact]
    public async Task TesseraProofsBetweenAllSizes_VerifyAgainstItsCheckpoints()
    {
        var log = NoteVerifier.Parse(TesseraKey);
        var leaves = TesseraLeaves();
        var tree = StoredTree.Of(leaves);
        var entries = Entries(Tessera("tile", "entries", "000.p", "15")).ToArray();
        var notes = Enumerable.Range(0, 16).Select(size => File.ReadAllText(Tessera($"checkpoint.{size}"))).ToArray();
        var roots = notes.Select(note => Checkpoint.Parse(SignedNote.Open(note, [log]).Text).Root).ToArray();
        var count = 0;
        for (var size = 1; size <= 15; size++)
        {
            for (var i = 0; i < size; i++, count += 2)
            {
                var inclusion = new TlogProof(i, await TreeProofs.InclusionAsync(tree, i, size, Ct), notes[size]);
                Assert.True(TlogProof.Parse(inclusion.ToText()).Verify(entries[i], log).Ok, $"{i} in {size}");
                var consistency = await TreeProofs.ConsistencyAsync(tree, i + 1, size, Ct);
                Assert.True(TreeProofs.VerifyConsistency(i + 1, size, roots[i + 1], roots[size], consistency));
            }
        }

        Assert.Equal(240, count);
    }

    [Fact]
    public void SunlightTiles_GiveTheCosignedRoot()
    {
        var mirror = SharedFolders.Vectors("tlog", "sunlight", "cmd", "skylight", "testdata", "witness", "mirror");
        var log = Directory.GetDirectories(mirror).Single();
        byte[] Tile(params string[] parts) => File.ReadAllBytes(Path.Combine([log, "tile", .. parts]));
        LogHash[] leaves = [.. Hashes(Tile("0", "000")), .. Hashes(Tile("0", "001.p", "44"))];
        var key = VerifierKey(Path.Combine(mirror, "mirror.v0.json"));
        var note = SignedNote.Open(File.ReadAllBytes(Path.Combine(log, "checkpoint")), [key]);
        Assert.Equal(300, leaves.Length);
        Assert.Equal(TreeProofs.RootOfLeaves(leaves), Checkpoint.Parse(note.Text).Root);
        Assert.Equal([TreeProofs.RootOfLeaves(leaves.Take(256))], Hashes(Tile("1", "000.p", "1")));
    }

    [Theory]
    [InlineData("witness", 2)]
    [InlineData("witness2", 1)]
    public void SunlightCheckpoints_CarryAWitnessSignature(string folder, int lines)
    {
        var root = SharedFolders.Vectors("tlog", "sunlight", "cmd", "skylight", "testdata", folder);
        var key = VerifierKey(Path.Combine(root, "witness.v0.json"));
        var log = Directory.GetDirectories(root).Single(d => Path.GetFileName(d).Length == 64);
        var note = SignedNote.Open(File.ReadAllBytes(Path.Combine(log, "checkpoint")), [key]);
        Assert.True(key.IsCosigner);
        Assert.Equal([key], note.SignedBy);
        Assert.Equal(lines, note.Signatures.Count);
        Assert.Equal(300, Checkpoint.Parse(note.Text).Size);
    }

    static string Tessera(params string[] parts) =>
        SharedFolders.Vectors(["tlog", "tessera", "testdata", "log", .. parts]);

    static LogHash[] TesseraLeaves() => Hashes(File.ReadAllBytes(Tessera("tile", "0", "000.p", "15")));

    static LogHash[] Hashes(byte[] tile) => [.. tile.Chunk(LogHash.Size).Select(hash => LogHash.FromBytes(hash))];

    /// <summary>C2SP tlog-tiles: each entry after its length in two bytes.</summary>
    static IEnumerable<byte[]> Entries(string bundle)
    {
        var bytes = File.ReadAllBytes(bundle);
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
            yield return bytes[(at + 2)..(at + 2 + length)];
            at += 2 + length;
        }
    }

    static NoteVerifier VerifierKey(string file) => NoteVerifier.Parse(
        System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!.Texts("verifier_keys").Single());
}
