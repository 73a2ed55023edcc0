using System.Buffers.Binary;
using System.Numerics;

namespace IsaExchange.Exchange.Storage;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): guards a message against accidents on the way, not against an
/// adversary. System.IO.Hashing 10 lacks it; <see cref="BitOperations.Crc32C(uint, ulong)"/> uses the processor's
/// instruction or a table.
/// </summary>
public static class Crc32C
{
    /// <summary>The checksum of these bytes, final inversion applied.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
