namespace IsaExchange.TransparencyLog.Tiles;

/// <summary>
/// Makes any hash of a tree from its tiles: what a client with nothing but static files proves with. Each tile is read
/// once. The tiles are not believed: compare the root of the whole with a signed one, or check each proof.
/// </summary>
/// <param name="size">Of the tree, from a verified checkpoint: it says which tiles are partial.</param>
/// <param name="read">Gives the bytes of a tile.</param>
public sealed class TileHashReader(
    long size, Func<TileAddress, CancellationToken, ValueTask<byte[]>> read) : ITreeHashReader
{
    readonly Dictionary<TileAddress, LogHash[]> _tiles = [];

    /// <exception cref="LogFormatException">A tile has another length than its name says.</exception>
    public async ValueTask<IReadOnlyList<LogHash>> ReadAsync(
        IReadOnlyList<HashPosition> positions, CancellationToken ct)
    {
        var hashes = new LogHash[positions.Count];
        for (var i = 0; i < hashes.Length; i++)
        {
            var tile = TileLayout.Holding(positions[i], size);
            if (!_tiles.TryGetValue(tile, out var held))
                _tiles[tile] = held = HashTile.Read(tile, await read(tile, ct));
            hashes[i] = HashTile.Subtree(tile, held, positions[i]);
        }

        return hashes;
    }
}
