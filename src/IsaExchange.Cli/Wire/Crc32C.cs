using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace IsaExchange.Cli.Wire;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4) of one message of an upload.</summary>
static class Crc32C
{
    const uint ReflectedPolynomial = 0x82F63B78;

    static readonly uint[] Table = BuildTable();

    public static uint Of(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        if (Sse42.X64.IsSupported || ArmCrc32.Arm64.IsSupported)
        {
            for (; content.Length >= 8; content = content[8..])
            {
                var word = BinaryPrimitives.ReadUInt64LittleEndian(content);
                crc = Sse42.X64.IsSupported
                    ? (uint)Sse42.X64.Crc32(crc, word)
                    : ArmCrc32.Arm64.ComputeCrc32C(crc, word);
            }
        }
        foreach (var octet in content) crc = Table[(byte)(crc ^ octet)] ^ (crc >> 8);
        return ~crc;
    }

    static uint[] BuildTable()
    {
        var table = new uint[256];
        for (uint octet = 0; octet < table.Length; octet++)
        {
            var crc = octet;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ ReflectedPolynomial : crc >> 1;
            table[octet] = crc;
        }
        return table;
    }
}
