using IsaExchange.TransparencyLog.Proving;

namespace IsaExchange.TransparencyLog;

/// <summary>
/// Makes and checks the proofs of RFC 6962 section 2.1; the checks follow RFC 9162 sections 2.1.3.2 and 2.1.4.2.
/// </summary>
public static class TreeProofs
{
    /// <summary>The root of the first <paramref name="size"/> leaves; the stored tree may be larger.</summary>
    public static async Task<LogHash> RootAsync(ITreeHashReader reader, long size, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return (await StoredHashes.RootsAsync(reader, [new(0, size)], ct))[0];
    }

    /// <summary>
    /// The proof that leaf <paramref name="index"/> is in the tree of <paramref name="size"/> leaves. Take the size
    /// from the checkpoint the caller named, never from a second look at the log: it may have grown in between.
    /// </summary>
    public static Task<IReadOnlyList<LogHash>> InclusionAsync(
        ITreeHashReader reader, long index, long size, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        return StoredHashes.RootsAsync(reader, SubtreeRange.OfInclusion(index, size), ct);
    }

    /// <summary>
    /// The proof that the tree of <paramref name="newSize"/> leaves extends that of <paramref name="oldSize"/>. Empty
    /// when the sizes are equal, and from size 0, of which there is nothing to prove: the verifier refuses it.
    /// </summary>
    public static Task<IReadOnlyList<LogHash>> ConsistencyAsync(
        ITreeHashReader reader, long oldSize, long newSize, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        return oldSize == 0
            ? Task.FromResult<IReadOnlyList<LogHash>>([])
            : StoredHashes.RootsAsync(reader, SubtreeRange.OfConsistency(oldSize, newSize), ct);
    }

    /// <summary>
    /// Whether the leaf hash stands at <paramref name="index"/> in the tree of this size and root. Size and root must
    /// come from one verified checkpoint: the proof alone does not bind the size.
    /// </summary>
    public static bool VerifyInclusion(
        in LogHash leaf, long index, long size, in LogHash root, IReadOnlyList<LogHash> proof)
    {
        if (index < 0 || index >= size)
            return false;
        var hash = leaf;
        var (at, last) = (index, size - 1);
        foreach (var sibling in proof)
        {
            if (last == 0)
                return false;
            if ((at & 1) != 0 || at == last)
            {
                hash = MerkleTree.NodeHash(sibling, hash);
                SkipLevelsWithoutSibling(ref at, ref last);
            }
            else
            {
                hash = MerkleTree.NodeHash(hash, sibling);
            }

            at >>= 1;
            last >>= 1;
        }

        return last == 0 && hash == root;
    }

    /// <summary>
    /// Whether the new tree begins with the old one. From size 0 always false: every tree extends the empty one, so
    /// such a "proof" shows nothing, and whoever has seen nothing yet must not take it for a check.
    /// </summary>
    public static bool VerifyConsistency(
        long oldSize, long newSize, in LogHash oldRoot, in LogHash newRoot, IReadOnlyList<LogHash> proof)
    {
        if (oldSize <= 0 || oldSize > newSize)
            return false;
        if (oldSize == newSize)
            return proof.Count == 0 && oldRoot == newRoot;
        if (proof.Count == 0)
            return false;

        // A complete old tree is itself the first hash, and is not repeated in the proof.
        var isComplete = (oldSize & (oldSize - 1)) == 0;
        var (at, last) = (oldSize - 1, newSize - 1);
        for (; (at & 1) != 0; at >>= 1)
            last >>= 1;
        var oldHash = isComplete ? oldRoot : proof[0];
        var newHash = oldHash;
        for (var i = isComplete ? 0 : 1; i < proof.Count; i++)
        {
            if (last == 0)
                return false;
            if ((at & 1) != 0 || at == last)
            {
                oldHash = MerkleTree.NodeHash(proof[i], oldHash);
                newHash = MerkleTree.NodeHash(proof[i], newHash);
                SkipLevelsWithoutSibling(ref at, ref last);
            }
            else
            {
                newHash = MerkleTree.NodeHash(newHash, proof[i]);
            }

            at >>= 1;
            last >>= 1;
        }

        return last == 0 && oldHash == oldRoot && newHash == newRoot;
    }

    /// <summary>The root over leaf hashes as they stream by; memory is one hash a level.</summary>
    public static LogHash RootOfLeaves(IEnumerable<LogHash> leafHashes)
    {
        var tree = new TreeAppender();
        foreach (var leaf in leafHashes)
            tree.Grow(leaf, newHashes: null);
        return tree.Root();
    }

    static void SkipLevelsWithoutSibling(ref long at, ref long last)
    {
        for (; (at & 1) == 0 && at != 0; at >>= 1)
            last >>= 1;
    }
}
