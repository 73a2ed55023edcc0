using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// SipHash-1-3 (Aumasson and Bernstein, 2012) over whole numbers, with a key of its own for each file: nobody can make
/// records that all land in the same place of a table.
/// </summary>
readonly struct TupleHash(ulong first, ulong second)
{
    public static TupleHash WithNewKey()
    {
        Span<ulong> key = stackalloc ulong[2];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(key));
        return new(key[0], key[1]);
    }

    public ulong Of(ReadOnlySpan<int> tuple)
    {
        var (a, b) = (first ^ 0x736F6D6570736575, second ^ 0x646F72616E646F6D);
        var (c, d) = (first ^ 0x6C7967656E657261, second ^ 0x7465646279746573);
        foreach (var number in tuple)
        {
            d ^= (uint)number;
            Round(ref a, ref b, ref c, ref d);
            a ^= (uint)number;
        }

        c ^= 0xFF;
        for (var i = 0; i < 3; i++)
            Round(ref a, ref b, ref c, ref d);
        return a ^ b ^ c ^ d;
    }

    static void Round(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        a += b;
        b = BitOperations.RotateLeft(b, 13) ^ a;
        a = BitOperations.RotateLeft(a, 32);
        c += d;
        d = BitOperations.RotateLeft(d, 16) ^ c;
        a += d;
        d = BitOperations.RotateLeft(d, 21) ^ a;
        c += b;
        b = BitOperations.RotateLeft(b, 17) ^ c;
        c = BitOperations.RotateLeft(c, 32);
    }
}
