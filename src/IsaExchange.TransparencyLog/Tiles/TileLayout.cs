namespace IsaExchange.TransparencyLog.Tiles;

/// <summary>Which tiles a tree of some size consists of, as C2SP tlog-tiles cuts it.</summary>
public static class TileLayout
{
    /// <summary>
    /// What a log must publish before a checkpoint of <paramref name="newSize"/>, when all of
    /// <paramref name="oldSize"/> is out: entries first, then hashes from the leaves up; the last of each kind may be
    /// partial.
    /// </summary>
    public static IEnumerable<TileAddress> Between(long oldSize, long newSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        foreach (var bundle in OfLevel(0, oldSize, newSize))
            yield return bundle with { Level = TileAddress.Entries };
        for (var level = 0; newSize >> (level * TileAddress.Height) > 0; level++)
        {
            foreach (var tile in OfLevel(level, oldSize, newSize))
                yield return tile;
            if (level == TileAddress.LevelMax)
                yield break;
        }
    }

    /// <summary>The tile that holds a subtree's hash, or from which it is made, in a tree of this size.</summary>
    /// <exception cref="ArgumentException">The subtree is not in the tree.</exception>
    public static TileAddress Holding(HashPosition position, long size)
    {
        if (position.Index >= size >> position.Level)
            throw new ArgumentException($"{position} is not in a tree of {size} leaves.", nameof(position));
        var level = position.Level / TileAddress.Height;
        var first = position.Index << (position.Level - (level * TileAddress.Height));
        var index = first / TileAddress.WidthMax;
        var hashes = (size >> (level * TileAddress.Height)) - (index * TileAddress.WidthMax);
        return new TileAddress(level, index, (int)Math.Min(hashes, TileAddress.WidthMax));
    }

    static IEnumerable<TileAddress> OfLevel(int level, long oldSize, long newSize)
    {
        var (had, has) = (oldSize >> (level * TileAddress.Height), newSize >> (level * TileAddress.Height));
        if (had == has)
            yield break;
        for (var index = had / TileAddress.WidthMax; index * TileAddress.WidthMax < has; index++)
        {
            var width = Math.Min(has - (index * TileAddress.WidthMax), TileAddress.WidthMax);
            yield return new TileAddress(level, index, (int)width);
        }
    }
}
