using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class LogHashTests
{
    [Fact]
    public void BytesAndTexts_ComeBackUnchanged()
    {
        var bytes = Enumerable.Range(0, LogHash.Size).Select(i => (byte)(200 + i)).ToArray();
        var hash = LogHash.FromBytes(bytes);
        Assert.Equal(bytes, hash.ToArray());
        Assert.Equal(Convert.ToHexStringLower(bytes), hash.ToHex());
        Assert.Equal(Convert.ToBase64String(bytes), hash.ToBase64());
        Assert.True(LogHash.TryParseBase64(hash.ToBase64(), out var again));
        Assert.Equal(hash, again);
        Assert.True(hash == again);
        Assert.Equal(hash.GetHashCode(), again.GetHashCode());
    }

    [Fact]
    public void AnyByteThatDiffers_MakesAnotherHash()
    {
        var hash = StoredTree.Hash("one");
        for (var i = 0; i < LogHash.Size; i++)
        {
            var bytes = hash.ToArray();
            bytes[i] ^= 1;
            Assert.True(hash != LogHash.FromBytes(bytes), $"byte {i}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void AnotherLength_IsRefused(int length)
    {
        Assert.Throws<LogFormatException>(() => LogHash.FromBytes(new byte[length]));
        Assert.False(LogHash.TryParseBase64(Convert.ToBase64String(new byte[length]), out _));
    }

    [Theory]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")]
    [InlineData("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData(" 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("47DEQpj8HBSa+/TImW+5\nJCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=")]
    public void AnotherSpellingOfTheSameHash_IsRefused(string text) =>
        Assert.False(LogHash.TryParseBase64(text, out _));
}
