using System.Numerics;
using IsaExchange.TransparencyLog.Proving;

namespace IsaExchange.TransparencyLog;

/// <summary>
/// Grows a tree leaf by leaf, holding only its right edge: one hash for every set bit of the size.
/// Not safe for concurrent use; a log has one appender at a time.
/// </summary>
public sealed class TreeAppender
{
    const int LevelCount = 63;

    // _edge[level] is meaningful where the size has that bit set: the complete subtree that awaits its sibling.
    readonly LogHash[] _edge = new LogHash[LevelCount];

    /// <summary>An appender for a tree without leaves.</summary>
    public TreeAppender()
    {
    }

    public long Size { get; private set; }

    /// <summary>Continues a tree of <paramref name="size"/> leaves from its stored hashes.</summary>
    public static async Task<TreeAppender> ResumeAsync(long size, ITreeHashReader reader, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var positions = new List<HashPosition>();
        SubtreeRange.Cover(0, size, positions);
        var hashes = await StoredHashes.ReadAsync(reader, positions, ct);
        var appender = new TreeAppender { Size = size };
        for (var i = 0; i < positions.Count; i++)
            appender._edge[positions[i].Level] = hashes[i];
        return appender;
    }

    /// <summary>
    /// Adds a leaf hash and puts every subtree it completes into <paramref name="newHashes"/>, lowest level first,
    /// the leaf itself included. Store them all before a checkpoint of the new size is signed.
    /// </summary>
    public void Append(in LogHash leaf, ICollection<KeyValuePair<HashPosition, LogHash>> newHashes)
    {
        ArgumentNullException.ThrowIfNull(newHashes);
        Grow(leaf, newHashes);
    }

    /// <summary>The root of the tree as it stands.</summary>
    public LogHash Root()
    {
        if (Size == 0)
            return MerkleTree.EmptyRoot;
        var level = BitOperations.TrailingZeroCount(Size);
        var root = _edge[level];
        for (level++; level < LevelCount; level++)
        {
            if ((Size >> level & 1) != 0)
                root = MerkleTree.NodeHash(_edge[level], root);
        }

        return root;
    }

    internal void Grow(in LogHash leaf, ICollection<KeyValuePair<HashPosition, LogHash>>? newHashes)
    {
        if (Size == long.MaxValue)
            throw new InvalidOperationException("A tree has at most 2^63-1 leaves.");
        var hash = leaf;
        var level = 0;
        var index = Size;
        newHashes?.Add(new(new(level, index), hash));
        for (; (index & 1) != 0; index >>= 1)
        {
            hash = MerkleTree.NodeHash(_edge[level], hash);
            level++;
            newHashes?.Add(new(new(level, index >> 1), hash));
        }

        _edge[level] = hash;
        Size++;
    }
}
