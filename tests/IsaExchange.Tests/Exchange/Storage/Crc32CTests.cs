using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Storage;

public class Crc32CTests
{
    [Fact]
    public void VectorsOfRfc3720_AppendixB4()
    {
        // The RFC prints the checksums in the order of the bytes on the wire, lowest first.
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0x113FDB5Cu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))]));
        Assert.Equal(0xD9963A56u, Crc32C.Compute(Convert.FromHexString(
            "01C00000000000000000000000000000140000000000040000000014000000182800000000000000" + "0200000000000000")));
    }

    [Fact]
    public void CheckValueAndEmptyInput_AsCatalogued()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void EveryLength_AgreesWithTheBitwiseDefinition()
    {
        var bytes = new byte[100];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
            Assert.Equal(Bitwise(bytes.AsSpan(0, length)), Crc32C.Compute(bytes.AsSpan(0, length)));
    }

    static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        return ~crc;
    }
}
