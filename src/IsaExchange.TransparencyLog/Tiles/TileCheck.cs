namespace IsaExchange.TransparencyLog.Tiles;

/// <summary>
/// Makes a log again from its published entries and compares every tile and the root with it. Memory is one tile a
/// level, however long the log.
/// </summary>
public sealed class TileCheck
{
    readonly Func<TileAddress, CancellationToken, ValueTask<byte[]>> _read;
    readonly List<List<LogHash>> _levels = [];
    readonly TreeAppender _tree = new();
    readonly Checkpoint _head;

    TileCheck(Checkpoint head, Func<TileAddress, CancellationToken, ValueTask<byte[]>> read) =>
        (_head, _read) = (head, read);

    /// <summary>Null when all agrees; else the first thing that does not, and where.</summary>
    /// <param name="head">Verified: the tree is to have its size and root.</param>
    /// <param name="read">Gives the bytes of a tile; what it throws is thrown on.</param>
    public static Task<string?> ProblemAsync(
        Checkpoint head, Func<TileAddress, CancellationToken, ValueTask<byte[]>> read, CancellationToken ct) =>
        new TileCheck(head, read).RunAsync(ct);

    async Task<string?> RunAsync(CancellationToken ct)
    {
        try
        {
            while (_tree.Size < _head.Size)
            {
                if (await TakeBundleAsync(ct) is { } problem)
                    return problem;
            }

            for (var level = 0; level < _levels.Count; level++)
            {
                if (_levels[level].Count > 0 && await CompareAsync(level, ct) is { } problem)
                    return problem;
            }
        }
        catch (LogFormatException e)
        {
            return e.Message;
        }

        return _tree.Root() == _head.Root ? null : "The root is not that of the entries.";
    }

    async Task<string?> TakeBundleAsync(CancellationToken ct)
    {
        var width = (int)Math.Min(_head.Size - _tree.Size, TileAddress.WidthMax);
        var bundle = new TileAddress(TileAddress.Entries, _tree.Size / TileAddress.WidthMax, width);
        foreach (var entry in EntryBundle.Read(bundle, await _read(bundle, ct)))
        {
            var hash = MerkleTree.LeafHash(entry);
            _tree.Grow(hash, newHashes: null);
            Level(0).Add(hash);
        }

        for (var level = 0; Level(level).Count == TileAddress.WidthMax; level++)
        {
            if (await CompareAsync(level, ct) is { } problem)
                return problem;
            Level(level + 1).Add(TreeProofs.RootOfLeaves(Level(level)));
            Level(level).Clear();
        }

        return null;
    }

    async Task<string?> CompareAsync(int level, CancellationToken ct)
    {
        var made = Level(level);
        var index = (_tree.Size >> (level * TileAddress.Height)) - made.Count;
        var tile = new TileAddress(level, index / TileAddress.WidthMax, made.Count);
        var there = HashTile.Read(tile, await _read(tile, ct));
        for (var i = 0; i < there.Length; i++)
        {
            if (there[i] != made[i])
                return $"{tile.Path}: hash {i} is not that of the entries below it.";
        }

        return null;
    }

    List<LogHash> Level(int level)
    {
        if (level == _levels.Count)
            _levels.Add([]);
        return _levels[level];
    }
}
