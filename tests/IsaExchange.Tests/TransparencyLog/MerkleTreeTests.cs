using System.Security.Cryptography;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class MerkleTreeTests
{
    [Fact]
    public void LeavesOfRfc6962_HaveTheirHashes()
    {
        var vectors = VectorFiles.Derived("rfc6962.json")["hashLeaf"]!.AsArray();
        Assert.Equal(2, vectors.Count);
        foreach (var vector in vectors)
        {
            var input = Convert.FromHexString(vector!.Text("input"));
            Assert.Equal(vector!.Text("hash"), MerkleTree.LeafHash(input).ToHex());
        }
    }

    [Fact]
    public void NodeOfRfc6962_HasItsHash()
    {
        // The vector's children are four bytes, which no LogHash can be: the rule is checked, then ours by the rule.
        var vector = VectorFiles.Derived("rfc6962.json")["hashChildren"]![0]!;
        var (first, second) = (Convert.FromHexString(vector.Text("left")), Convert.FromHexString(vector.Text("right")));
        byte[] input = [0x01, .. first, .. second];
        Assert.Equal(vector.Text("hash"), Convert.ToHexStringLower(SHA256.HashData(input)));

        var (left, right) = (StoredTree.Hash("left"), StoredTree.Hash("right"));
        byte[] node = [0x01, .. left.ToArray(), .. right.ToArray()];
        Assert.Equal(SHA256.HashData(node), MerkleTree.NodeHash(left, right).ToArray());
    }

    [Fact]
    public void ReferenceLeaves_GiveEveryNodeAndEveryRoot()
    {
        var vectors = VectorFiles.Derived("rfc6962.json");
        var leaves = vectors.Texts("leafInputs").Select(x => MerkleTree.LeafHash(Convert.FromHexString(x))).ToArray();
        var roots = vectors.Texts("rootsBySize").ToArray();
        Assert.Equal(vectors.Text("emptyRoot"), MerkleTree.EmptyRoot.ToHex());
        var tree = new StoredTree();
        Assert.Equal(roots[0], tree.Appender.Root().ToHex());
        for (var i = 0; i < leaves.Length; i++)
        {
            tree.Append(leaves[i]);
            Assert.Equal(roots[i + 1], tree.Appender.Root().ToHex());
            Assert.Equal(roots[i + 1], TreeProofs.RootOfLeaves(leaves.Take(i + 1)).ToHex());
        }

        var nodes = vectors["nodeHashes"]!.AsArray();
        Assert.Equal(nodes.Sum(level => level!.AsArray().Count), tree.Hashes.Count);
        foreach (var (position, hash) in tree.Hashes)
            Assert.Equal(nodes[position.Level]![(int)position.Index]!.GetValue<string>(), hash.ToHex());
    }

    [Theory]
    [InlineData(1022)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(70_000)]
    public void LeafOfAnyLength_IsHashedWhole(int length)
    {
        var leaf = new byte[length];
        leaf[^1] = 1;
        byte[] input = [0x00, .. leaf];
        Assert.Equal(SHA256.HashData(input), MerkleTree.LeafHash(leaf).ToArray());
    }
}
