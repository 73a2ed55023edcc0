using CsCheck;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class TreeProofsProperties
{
    static readonly Gen<(int Size, int Index)> Places =
        Gen.Int[1, 600].SelectMany(size => Gen.Int[0, size - 1].Select(index => (size, index)));

    [Fact]
    public async Task AppendedAndRestartedTree_GivesProofsThatVerify()
    {
        var ct = TestContext.Current.CancellationToken;
        await Places.SampleAsync(async (size, at) =>
        {
            var leaves = StoredTree.Leaves(size);
            var tree = StoredTree.Of(leaves.Take(at));
            await tree.RestartAsync(ct);
            foreach (var leaf in leaves.Skip(at))
                tree.Append(leaf);
            var root = tree.Appender.Root();
            Assert.Equal(TreeProofs.RootOfLeaves(leaves), root);
            Assert.Equal(root, await TreeProofs.RootAsync(tree, size, ct));
            var inclusion = await TreeProofs.InclusionAsync(tree, at, size, ct);
            Assert.True(TreeProofs.VerifyInclusion(leaves[at], at, size, root, inclusion));
            var consistency = await TreeProofs.ConsistencyAsync(tree, at + 1, size, ct);
            var oldRoot = TreeProofs.RootOfLeaves(leaves.Take(at + 1));
            Assert.True(TreeProofs.VerifyConsistency(at + 1, size, oldRoot, root, consistency));
        }, iter: 300);
    }

    [Fact]
    public async Task SpoiledInclusionProof_IsRefused()
    {
        var ct = TestContext.Current.CancellationToken;
        await Gen.Select(Places, Gen.UInt).SampleAsync(async (place, dice) =>
        {
            var (size, index) = place;
            var leaves = StoredTree.Leaves(size);
            var tree = StoredTree.Of(leaves);
            var root = tree.Appender.Root();
            var proof = await TreeProofs.InclusionAsync(tree, index, size, ct);
            foreach (var (how, spoiled) in Spoil(proof, dice))
                Assert.False(TreeProofs.VerifyInclusion(leaves[index], index, size, root, spoiled), how);
            Assert.False(TreeProofs.VerifyInclusion(Flip(leaves[index], dice), index, size, root, proof));
            Assert.False(TreeProofs.VerifyInclusion(leaves[index], index, size, Flip(root, dice), proof));
            for (var other = 0; other < size; other++)
                Assert.Equal(other == index, TreeProofs.VerifyInclusion(leaves[index], other, size, root, proof));
        }, iter: 200);
    }

    [Fact]
    public async Task SpoiledConsistencyProof_IsRefused()
    {
        var ct = TestContext.Current.CancellationToken;
        await Gen.Select(Places, Gen.UInt).SampleAsync(async (place, dice) =>
        {
            var (newSize, oldSize) = (place.Size, place.Index + 1);
            var leaves = StoredTree.Leaves(newSize);
            var tree = StoredTree.Of(leaves);
            var root = tree.Appender.Root();
            var oldRoot = TreeProofs.RootOfLeaves(leaves.Take(oldSize));
            var proof = await TreeProofs.ConsistencyAsync(tree, oldSize, newSize, ct);
            foreach (var (how, spoiled) in Spoil(proof, dice))
                Assert.False(TreeProofs.VerifyConsistency(oldSize, newSize, oldRoot, root, spoiled), how);
            Assert.False(TreeProofs.VerifyConsistency(oldSize, newSize, Flip(oldRoot, dice), root, proof));
            Assert.False(TreeProofs.VerifyConsistency(oldSize, newSize, oldRoot, Flip(root, dice), proof));
            Assert.Equal(oldSize == newSize, TreeProofs.VerifyConsistency(newSize, oldSize, root, oldRoot, proof));
        }, iter: 200);
    }

    [Fact]
    public async Task RewrittenLeaf_IsSeenByEveryLaterConsistencyCheck()
    {
        var ct = TestContext.Current.CancellationToken;
        await Gen.Select(Places, Gen.UInt).SampleAsync(async (place, dice) =>
        {
            var (newSize, oldSize) = (place.Size, place.Index + 1);
            var leaves = StoredTree.Leaves(newSize);
            var oldRoot = TreeProofs.RootOfLeaves(leaves.Take(oldSize));
            leaves[dice % oldSize] = StoredTree.Hash("rewritten");
            var forged = StoredTree.Of(leaves);
            var proof = await TreeProofs.ConsistencyAsync(forged, oldSize, newSize, ct);
            Assert.False(TreeProofs.VerifyConsistency(oldSize, newSize, oldRoot, forged.Appender.Root(), proof));
        }, iter: 200);
    }

    /// <summary>Every way to spoil a proof at one place: a bit, a hash less, one more, two exchanged.</summary>
    static IEnumerable<(string How, IReadOnlyList<LogHash> Proof)> Spoil(IReadOnlyList<LogHash> proof, uint dice)
    {
        yield return ("a hash at the end", [.. proof, StoredTree.Hash("more")]);
        yield return ("a hash at the start", [StoredTree.Hash("more"), .. proof]);
        for (var i = 0; i < proof.Count; i++)
        {
            LogHash[] flipped = [.. proof];
            flipped[i] = Flip(proof[i], dice);
            yield return ($"bit of hash {i}", flipped);
            yield return ($"without hash {i}", [.. proof.Where((_, at) => at != i)]);
            yield return ($"hash {i} twice", [.. proof.Take(i + 1), .. proof.Skip(i)]);
            if (i == 0)
                continue;
            LogHash[] swapped = [.. proof];
            (swapped[i], swapped[dice % i]) = (swapped[dice % i], swapped[i]);
            yield return ($"hash {i} exchanged with {dice % i}", swapped);
        }
    }

    static LogHash Flip(LogHash hash, uint dice)
    {
        var bytes = hash.ToArray();
        bytes[dice / 8 % LogHash.Size] ^= (byte)(1 << (int)(dice % 8));
        return LogHash.FromBytes(bytes);
    }
}
