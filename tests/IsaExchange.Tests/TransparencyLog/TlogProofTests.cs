using System.Text;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class TlogProofTests
{
    readonly NoteSigner _log = NoteSigner.Generate("exchange.example/log");

    [Fact]
    public void ProofsThatOthersRefuse_AreRefused()
    {
        var texts = VectorFiles.Derived("tiles-and-proofs.json").Texts("proofMustReject").ToArray();
        Assert.Equal(7, texts.Length);
        foreach (var text in texts)
            Assert.Throws<LogFormatException>(() => TlogProof.Parse(text));
    }

    [Fact]
    public void ProofOfOthers_IsWrittenAndReadExactly()
    {
        var vector = VectorFiles.Derived("tiles-and-proofs.json")["proofExact"]!.AsArray().Single()!;
        LogHash[] hashes = [.. vector.Texts("hashes").Select(h => LogHash.FromBytes(Convert.FromHexString(h)))];
        var text = new TlogProof(vector.Number("index")!.Value, hashes, vector.Text("checkpoint")).ToText();
        Assert.Equal(
            $"c2sp.org/tlog-proof@v1\nindex 5\n{hashes[0].ToBase64()}\n{hashes[1].ToBase64()}\n\ntest checkpoint\n",
            text);
        var read = TlogProof.Parse(text);
        Assert.Equal(hashes, read.Hashes);
        Assert.Null(read.Extra);
        Assert.Equal(text, read.ToText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("extra")]
    public void ExtraBytes_ComeBackUnchanged(string extra)
    {
        var text = new TlogProof(0, [], "checkpoint\n\n— with an empty line\n", Encoding.UTF8.GetBytes(extra)).ToText();
        var read = TlogProof.Parse(text);
        Assert.Equal(extra, Encoding.UTF8.GetString(read.Extra!.Value.Span));
        Assert.Equal("checkpoint\n\n— with an empty line\n", read.CheckpointNote);
        Assert.Equal(text, read.ToText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2sp.org/tlog-proof@v1\n\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\n\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\ncheckpoint\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 00\n\ncheckpoint\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\0\n\ncheckpoint\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex\n\ncheckpoint\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\ncheckpoint\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0\n\ncheckpoint\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AAAA\n\ncheckpoint\n")]
    [InlineData("c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\ncheckpoint\r\n")]
    [InlineData("c2sp.org/tlog-proof@v2\nindex 0\n\ncheckpoint\n")]
    public void TextThatIsNoProof_IsRefused(string text) =>
        Assert.Throws<LogFormatException>(() => TlogProof.Parse(text));

    [Fact]
    public void MoreHashesThanATreeIsHigh_AreRefused()
    {
        var line = MerkleTree.EmptyRoot.ToBase64() + "\n";
        string Proof(int count) =>
            "c2sp.org/tlog-proof@v1\nindex 0\n" + string.Concat(Enumerable.Repeat(line, count)) + "\ncheckpoint\n";
        Assert.Equal(TlogProof.HashesMax, TlogProof.Parse(Proof(TlogProof.HashesMax)).Hashes.Count);
        Assert.Throws<LogFormatException>(() => TlogProof.Parse(Proof(TlogProof.HashesMax + 1)));
        Assert.Throws<LogFormatException>(() => TlogProof.Parse(Proof(100_000)));
    }

    [Fact]
    public async Task ProofOfALeaf_HoldsForThatLeafKeyAndIndexOnly()
    {
        var proof = await ProofAsync("leaf 3", 3, 11, "exchange.example/log");
        using var other = NoteSigner.Generate("exchange.example/log");
        var verdict = proof.Verify("leaf 3"u8, _log.Verifier);
        Assert.True(verdict.Ok);
        Assert.Null(verdict.Problem);
        Assert.Equal(11, verdict.Checkpoint!.Size);
        Refused(proof.Verify("leaf 4"u8, _log.Verifier));
        Refused(proof.Verify("leaf 3"u8, other.Verifier));
        Refused((proof with { Index = 2 }).Verify("leaf 3"u8, _log.Verifier));
        Refused((proof with { Index = long.MaxValue }).Verify("leaf 3"u8, _log.Verifier));
        Refused((proof with { Hashes = [.. proof.Hashes.Skip(1)] }).Verify("leaf 3"u8, _log.Verifier));
        Refused((proof with { CheckpointNote = "no note" }).Verify("leaf 3"u8, _log.Verifier));
        var noCheckpoint = SignedNote.Sign("no checkpoint\n", _log);
        Refused((proof with { CheckpointNote = noCheckpoint }).Verify("leaf 3"u8, _log.Verifier));
    }

    [Fact]
    public async Task CheckpointOfAnotherLogSignedByTheSameKey_IsRefused() =>
        Refused((await ProofAsync("leaf 3", 3, 11, "exchange.example/other")).Verify("leaf 3"u8, _log.Verifier));

    static void Refused(TlogProofVerdict verdict)
    {
        Assert.False(verdict.Ok);
        Assert.NotNull(verdict.Problem);
    }

    async Task<TlogProof> ProofAsync(string leaf, int index, int size, string origin)
    {
        var leaves = StoredTree.Leaves(size);
        leaves[index] = MerkleTree.LeafHash(Encoding.UTF8.GetBytes(leaf));
        var tree = StoredTree.Of(leaves);
        var note = SignedNote.Sign(new Checkpoint(origin, size, tree.Appender.Root(), []).ToText(), _log);
        var ct = TestContext.Current.CancellationToken;
        var hashes = await TreeProofs.InclusionAsync(tree, index, size, ct);
        return TlogProof.Parse(new TlogProof(index, hashes, note).ToText());
    }
}
