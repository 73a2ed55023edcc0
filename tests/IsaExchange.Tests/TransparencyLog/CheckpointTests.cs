using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class CheckpointTests
{
    const string Root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    [Theory]
    [InlineData("exchange.example/log\n0\n" + Root + "\n")]
    [InlineData("exchange.example/log\n9223372036854775807\n" + Root + "\n")]
    [InlineData("any origin at all\n12\n" + Root + "\nfirst extension\nsecond\n")]
    public void Checkpoint_ComesBackUnchanged(string text)
    {
        var checkpoint = Checkpoint.Parse(text);
        Assert.Equal(text, checkpoint.ToText());
        Assert.Equal(checkpoint, Checkpoint.Parse(text));
        Assert.Equal(checkpoint.GetHashCode(), Checkpoint.Parse(text).GetHashCode());
        Assert.NotEqual(checkpoint, checkpoint with { Extensions = ["another"] });
        Assert.NotEqual(checkpoint, checkpoint with { Size = 3 });
    }

    [Fact]
    public void CheckpointsThatOthersRefuse_AreRefused()
    {
        var texts = VectorFiles.Derived("tiles-and-proofs.json").Texts("checkpointMustReject").ToArray();
        Assert.Equal(3, texts.Length);
        foreach (var text in texts)
            Assert.Throws<LogFormatException>(() => Checkpoint.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("log\n1\n" + Root)]
    [InlineData("\n1\n" + Root + "\n")]
    [InlineData("log\n\n" + Root + "\n")]
    [InlineData("log\n01\n" + Root + "\n")]
    [InlineData("log\n+1\n" + Root + "\n")]
    [InlineData("log\n-1\n" + Root + "\n")]
    [InlineData("log\n1 \n" + Root + "\n")]
    [InlineData("log\n٣\n" + Root + "\n")]
    [InlineData("log\n0x1\n" + Root + "\n")]
    [InlineData("log\n9223372036854775808\n" + Root + "\n")]
    [InlineData("log\n1\nAAAA\n")]
    [InlineData("log\n1\n" + Root + "\n\n")]
    [InlineData("log\n1\n" + Root + "\n\nextension\n")]
    [InlineData("log\r\n1\r\n" + Root + "\r\n")]
    public void TextThatIsNoCheckpoint_IsRefused(string text) =>
        Assert.Throws<LogFormatException>(() => Checkpoint.Parse(text));

    [Fact]
    public void CheckpointThatNoReaderAccepts_IsNotWritten()
    {
        Assert.Throws<InvalidOperationException>(() => new Checkpoint("", 1, MerkleTree.EmptyRoot, []).ToText());
        Assert.Throws<InvalidOperationException>(() => new Checkpoint("a\nb", 1, MerkleTree.EmptyRoot, []).ToText());
        Assert.Throws<InvalidOperationException>(() => new Checkpoint("a", -1, MerkleTree.EmptyRoot, []).ToText());
        Assert.Throws<InvalidOperationException>(() => new Checkpoint("a", 1, MerkleTree.EmptyRoot, [""]).ToText());
    }
}
