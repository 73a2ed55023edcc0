using System.Security.Cryptography;

namespace IsaExchange.TransparencyLog;

/// <summary>The hashes of RFC 6962 section 2.1: leaves and nodes are kept apart by their first byte.</summary>
public static class MerkleTree
{
    const byte LeafPrefix = 0x00;
    const byte NodePrefix = 0x01;
    const int StackBytes = 1024;

    /// <summary>The root of the tree without leaves: SHA-256 of nothing.</summary>
    public static LogHash EmptyRoot { get; } = LogHash.FromBytes(SHA256.HashData([]));

    public static LogHash LeafHash(ReadOnlySpan<byte> leaf)
    {
        var input = leaf.Length < StackBytes ? stackalloc byte[StackBytes] : new byte[1 + leaf.Length];
        input[0] = LeafPrefix;
        leaf.CopyTo(input[1..]);
        return Hash(input[..(1 + leaf.Length)]);
    }

    public static LogHash NodeHash(in LogHash l, in LogHash r)
    {
        Span<byte> input = stackalloc byte[1 + LogHash.Size + LogHash.Size];
        input[0] = NodePrefix;
        l.CopyTo(input[1..]);
        r.CopyTo(input[(1 + LogHash.Size)..]);
        return Hash(input);
    }

    static LogHash Hash(ReadOnlySpan<byte> input)
    {
        Span<byte> digest = stackalloc byte[LogHash.Size];
        SHA256.HashData(input, digest);
        return LogHash.FromBytes(digest);
    }
}

/// <summary>
/// Names the root of a complete subtree: the <paramref name="Index"/>-th group of 2^<paramref name="Level"/> leaves.
/// Once such a hash exists it never changes. Level 0 holds the leaf hashes.
/// </summary>
public readonly record struct HashPosition(int Level, long Index);

/// <summary>Where stored subtree hashes come from.</summary>
public interface ITreeHashReader
{
    /// <summary>The hashes at <paramref name="positions"/>, one each, in the same order.</summary>
    ValueTask<IReadOnlyList<LogHash>> ReadAsync(IReadOnlyList<HashPosition> positions, CancellationToken ct);
}
