namespace IsaExchange.TransparencyLog.Tiles;

/// <summary>The hashes of a tile, one after the other, as they are published.</summary>
public static class HashTile
{
    /// <summary>The positions of its hashes in the tree.</summary>
    public static IEnumerable<HashPosition> Positions(TileAddress tile) => Enumerable.Range(0, tile.Width)
        .Select(i => new HashPosition(tile.Level * TileAddress.Height, (tile.Index * TileAddress.WidthMax) + i));

    public static byte[] Write(IReadOnlyList<LogHash> hashes)
    {
        var bytes = new byte[hashes.Count * LogHash.Size];
        for (var i = 0; i < hashes.Count; i++)
            hashes[i].CopyTo(bytes.AsSpan(i * LogHash.Size));
        return bytes;
    }

    /// <exception cref="LogFormatException">Not as many hashes as its name says.</exception>
    public static LogHash[] Read(TileAddress tile, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != tile.Width * LogHash.Size)
            throw new LogFormatException($"{tile.Path} has {bytes.Length} bytes, not {tile.Width * LogHash.Size}.");
        var hashes = new LogHash[tile.Width];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = LogHash.FromBytes(bytes.Slice(i * LogHash.Size, LogHash.Size));
        return hashes;
    }

    /// <summary>The root of the subtree at a position that this tile holds or makes.</summary>
    /// <param name="hashes">All of the tile.</param>
    /// <exception cref="ArgumentException">The subtree is not below the tile, or not complete in it.</exception>
    public static LogHash Subtree(TileAddress tile, IReadOnlyList<LogHash> hashes, HashPosition position)
    {
        var height = position.Level - (tile.Level * TileAddress.Height);
        var first = (position.Index << height) - (tile.Index * TileAddress.WidthMax);
        if (height is < 0 or >= TileAddress.Height || first < 0 || first + (1L << height) > hashes.Count)
            throw new ArgumentException($"{position} does not lie in {tile.Path}.", nameof(position));
        return TreeProofs.RootOfLeaves(hashes.Skip((int)first).Take(1 << height));
    }
}
