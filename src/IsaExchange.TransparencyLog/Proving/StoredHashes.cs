namespace IsaExchange.TransparencyLog.Proving;

static class StoredHashes
{
    public static async ValueTask<IReadOnlyList<LogHash>> ReadAsync(
        ITreeHashReader reader, IReadOnlyList<HashPosition> positions, CancellationToken ct)
    {
        if (positions.Count == 0)
            return [];
        var hashes = await reader.ReadAsync(positions, ct);
        if (hashes.Count != positions.Count)
        {
            throw new InvalidOperationException(
                $"A hash reader answers every position: {positions.Count} asked, {hashes.Count} answered.");
        }

        return hashes;
    }

    /// <summary>The root of each range, with one read for all of them.</summary>
    public static async Task<IReadOnlyList<LogHash>> RootsAsync(
        ITreeHashReader reader, IReadOnlyList<SubtreeRange> ranges, CancellationToken ct)
    {
        var positions = new List<HashPosition>();
        var ends = new int[ranges.Count];
        for (var i = 0; i < ranges.Count; i++)
        {
            SubtreeRange.Cover(ranges[i].Start, ranges[i].End, positions);
            ends[i] = positions.Count;
        }

        var hashes = await ReadAsync(reader, positions, ct);
        var roots = new LogHash[ranges.Count];
        for (var i = 0; i < roots.Length; i++)
            roots[i] = Fold(hashes, i == 0 ? 0 : ends[i - 1], ends[i]);
        return roots;
    }

    // Smaller subtrees stand on the right, so the tree closes from the right.
    static LogHash Fold(IReadOnlyList<LogHash> hashes, int start, int end)
    {
        if (start == end)
            return MerkleTree.EmptyRoot;
        var root = hashes[end - 1];
        for (var i = end - 2; i >= start; i--)
            root = MerkleTree.NodeHash(hashes[i], root);
        return root;
    }
}
