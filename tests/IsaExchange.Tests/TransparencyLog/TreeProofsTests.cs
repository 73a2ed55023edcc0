using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class TreeProofsTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryProofBetweenAllSizes_Verifies()
    {
        const int count = 70;
        var leaves = StoredTree.Leaves(count);
        var tree = StoredTree.Of(leaves);
        var roots = new LogHash[count + 1];
        for (var size = 0; size <= count; size++)
        {
            roots[size] = await TreeProofs.RootAsync(tree, size, Ct);
            Assert.Equal(TreeProofs.RootOfLeaves(leaves.Take(size)), roots[size]);
        }

        for (var size = 1; size <= count; size++)
        {
            for (var i = 0; i < size; i++)
            {
                var inclusion = await TreeProofs.InclusionAsync(tree, i, size, Ct);
                Assert.True(TreeProofs.VerifyInclusion(leaves[i], i, size, roots[size], inclusion), $"{i} in {size}");
                var consistency = await TreeProofs.ConsistencyAsync(tree, i + 1, size, Ct);
                Assert.True(
                    TreeProofs.VerifyConsistency(i + 1, size, roots[i + 1], roots[size], consistency),
                    $"{i + 1} to {size}");
            }
        }
    }

    [Fact]
    public async Task Proof_NeedsOneRead()
    {
        var tree = StoredTree.Of(StoredTree.Leaves(1000));
        await TreeProofs.InclusionAsync(tree, 617, 1000, Ct);
        Assert.Equal(1, tree.ReadCount);
        await TreeProofs.ConsistencyAsync(tree, 617, 999, Ct);
        Assert.Equal(2, tree.ReadCount);
    }

    [Fact]
    public async Task SizeZero_HasAnEmptyProofThatTheVerifierRefuses()
    {
        var tree = StoredTree.Of(StoredTree.Leaves(5));
        var root = tree.Appender.Root();
        Assert.Equal(MerkleTree.EmptyRoot, await TreeProofs.RootAsync(tree, 0, Ct));
        Assert.Empty(await TreeProofs.ConsistencyAsync(tree, 0, 5, Ct));
        Assert.False(TreeProofs.VerifyConsistency(0, 5, MerkleTree.EmptyRoot, root, []));
        Assert.False(TreeProofs.VerifyConsistency(0, 0, MerkleTree.EmptyRoot, MerkleTree.EmptyRoot, []));
    }

    [Fact]
    public async Task SizesAndIndexesThatDoNotExist_AreRefused()
    {
        var leaves = StoredTree.Leaves(5);
        var tree = StoredTree.Of(leaves);
        var root = tree.Appender.Root();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TreeProofs.RootAsync(tree, -1, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TreeProofs.InclusionAsync(tree, 5, 5, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TreeProofs.InclusionAsync(tree, -1, 5, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TreeProofs.ConsistencyAsync(tree, 4, 3, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TreeProofs.ConsistencyAsync(tree, -1, 3, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TreeAppender.ResumeAsync(-1, tree, Ct));
        var proof = await TreeProofs.InclusionAsync(tree, 0, 5, Ct);
        Assert.False(TreeProofs.VerifyInclusion(leaves[0], -1, 5, root, proof));
        Assert.False(TreeProofs.VerifyInclusion(leaves[0], 0, 0, MerkleTree.EmptyRoot, []));
        Assert.False(TreeProofs.VerifyInclusion(leaves[0], long.MinValue, long.MinValue, root, proof));
        Assert.False(TreeProofs.VerifyConsistency(long.MinValue, 5, root, root, proof));
    }

    [Fact]
    public async Task VeryLargeSizes_AreWithinReach()
    {
        // No such tree can be built; a proof in it has 63 hashes, and the verifier must neither loop nor overflow.
        var reader = new AnyHash();
        const long size = long.MaxValue;
        var last = AnyHash.At(new(0, size - 1));
        var proof = await TreeProofs.InclusionAsync(reader, size - 1, size, Ct);
        var root = await TreeProofs.RootAsync(reader, size, Ct);
        Assert.True(TreeProofs.VerifyInclusion(last, size - 1, size, root, proof));
        var full = await TreeAppender.ResumeAsync(size, reader, Ct);
        Assert.Equal(root, full.Root());
        Assert.Throws<InvalidOperationException>(() => full.Append(root, []));
    }

    [Fact]
    public async Task ReaderThatAnswersTooFew_IsABug()
    {
        var tree = StoredTree.Of(StoredTree.Leaves(5));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => TreeProofs.InclusionAsync(new Forgetful(tree), 0, 5, Ct));
    }

    sealed class AnyHash : ITreeHashReader
    {
        public static LogHash At(HashPosition p) => StoredTree.Hash($"{p.Level}/{p.Index}");

        public ValueTask<IReadOnlyList<LogHash>> ReadAsync(
            IReadOnlyList<HashPosition> positions, CancellationToken ct) =>
            new([.. positions.Select(At)]);
    }

    sealed class Forgetful(ITreeHashReader inner) : ITreeHashReader
    {
        public ValueTask<IReadOnlyList<LogHash>> ReadAsync(
            IReadOnlyList<HashPosition> positions, CancellationToken ct) =>
            inner.ReadAsync([.. positions.Skip(1)], ct);
    }
}
