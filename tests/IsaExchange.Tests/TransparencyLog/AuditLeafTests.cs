using System.Security.Cryptography;
using System.Text;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class AuditLeafTests
{
    const string Commitment = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    const string Leaf = "{\"commitment\":\"" + Commitment + "\",\"id\":\"01JZX3\",\"v\":1}";

    [Fact]
    public void Leaf_HasItsFinalForm()
    {
        Assert.Equal(Leaf, Encoding.UTF8.GetString(AuditLeaf.Encode("01JZX3", MerkleTree.EmptyRoot)));
        Assert.True(AuditLeaf.TryRead(Encoding.UTF8.GetBytes(Leaf), out var id, out var commitment));
        Assert.Equal("01JZX3", id);
        Assert.Equal(MerkleTree.EmptyRoot, commitment);
    }

    [Fact]
    public void IdWithAnyCharacters_ComesBack()
    {
        foreach (var id in new[] { "é\"\\\n\u0001\ud83d\ude00", " ", "a/b" })
        {
            Assert.True(AuditLeaf.TryRead(AuditLeaf.Encode(id, MerkleTree.EmptyRoot), out var read, out _));
            Assert.Equal(id, read);
        }
    }

    [Fact]
    public void Commitment_IsTheHashOfSaltAndEvent()
    {
        var salt = RandomNumberGenerator.GetBytes(AuditLeaf.SaltSize);
        byte[] both = [.. salt, .. "{}"u8];
        Assert.Equal(SHA256.HashData(both), AuditLeaf.Commit(salt, "{}"u8).ToArray());
        Assert.Throws<ArgumentException>(() => AuditLeaf.Commit(salt.AsSpan(1), "{}"u8));
        Assert.Throws<ArgumentException>(() => AuditLeaf.Commit([.. salt, 0], "{}"u8));
        Assert.Throws<ArgumentException>(() => AuditLeaf.Commit([], "{}"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":\"01JZX3\",\"v\":2}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":\"01JZX3\",\"v\":1} ")]
    [InlineData(" {\"commitment\":\"" + Commitment + "\",\"id\":\"01JZX3\",\"v\":1}")]
    [InlineData("{\"commitment\": \"" + Commitment + "\",\"id\":\"01JZX3\",\"v\":1}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":\"01JZX3\",\"v\":1.0}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":\"01JZX3\",\"v\":\"1\"}")]
    [InlineData("{\"id\":\"01JZX3\",\"commitment\":\"" + Commitment + "\",\"v\":1}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":\"01JZX3\"}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":\"\",\"v\":1}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":null,\"v\":1}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":7,\"v\":1}")]
    [InlineData("{\"commitment\":null,\"id\":\"01JZX3\",\"v\":1}")]
    [InlineData("{\"commitment\":\"AAAA\",\"id\":\"01JZX3\",\"v\":1}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":\"\\u0030\",\"v\":1}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":\"\\ud800\",\"v\":1}")]
    [InlineData("{\"commitment\":\"" + Commitment + "\",\"id\":\"a\",\"id\":\"01JZX3\",\"v\":1}")]
    [InlineData("{\"a\":1,\"commitment\":\"" + Commitment + "\",\"id\":\"01JZX3\",\"v\":1}")]
    public void AnyOtherForm_IsNoLeaf(string text)
    {
        Assert.False(AuditLeaf.TryRead(Encoding.UTF8.GetBytes(text), out var id, out var commitment));
        Assert.Equal("", id);
        Assert.Equal(default, commitment);
    }

    [Fact]
    public void BytesThatAreNotUtf8_AreNoLeaf()
    {
        var leaf = Encoding.UTF8.GetBytes(Leaf);
        leaf[Leaf.IndexOf("01JZX3", StringComparison.Ordinal)] = 0xff;
        Assert.False(AuditLeaf.TryRead(leaf, out _, out _));
        Assert.False(AuditLeaf.TryRead([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Leaf)], out _, out _));
    }

    [Fact]
    public void IdThatIsEmptyTooLongOrNotUnicode_IsNotEncoded()
    {
        foreach (var id in new[] { "", "\ud800", new string('x', AuditLeaf.BytesMax), new string('\u0001', 1000) })
            Assert.Throws<ArgumentException>(() => AuditLeaf.Encode(id, MerkleTree.EmptyRoot));
    }
}
