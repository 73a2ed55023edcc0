using System.Security.Cryptography;
using System.Text;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>A tree kept the way the exchange keeps one: what the appender emitted, and nothing else.</summary>
sealed class StoredTree : ITreeHashReader
{
    readonly Dictionary<HashPosition, LogHash> _hashes = [];

    public TreeAppender Appender { get; private set; } = new();

    public int ReadCount { get; private set; }

    public IReadOnlyDictionary<HashPosition, LogHash> Hashes => _hashes;

    public static StoredTree Of(IEnumerable<LogHash> leaves)
    {
        var tree = new StoredTree();
        foreach (var leaf in leaves)
            tree.Append(leaf);
        return tree;
    }

    /// <summary>Distinct leaf hashes: swapping two of them is then never a no-op.</summary>
    public static LogHash[] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => MerkleTree.LeafHash(Encoding.UTF8.GetBytes($"leaf {i}")))];

    public static LogHash Hash(string text) => LogHash.FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public void Append(LogHash leaf)
    {
        var added = new List<KeyValuePair<HashPosition, LogHash>>();
        Appender.Append(leaf, added);
        foreach (var (position, hash) in added)
            _hashes.Add(position, hash);
    }

    public async Task RestartAsync(CancellationToken ct) =>
        Appender = await TreeAppender.ResumeAsync(Appender.Size, this, ct);

    public ValueTask<IReadOnlyList<LogHash>> ReadAsync(IReadOnlyList<HashPosition> positions, CancellationToken ct)
    {
        ReadCount++;
        return new([.. positions.Select(p => _hashes[p])]);
    }
}
