using System.Security.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// File keys that were unwrapped a moment ago, so that a vault is not asked for every read of one object. Few, for a
/// short time, pinned so that the collector leaves no copies, and wiped when they go. What may be read is not decided
/// here: every access has its permit and its event before a key is asked for.
/// </summary>
sealed class UnwrappedKeys : IDisposable
{
    readonly Lock gate = new();
    readonly Dictionary<(string KeyId, string Wrapped), Entry> entries = [];
    readonly LinkedList<(string KeyId, string Wrapped)> oldestFirst = [];
    readonly HashSet<string> ended = new(StringComparer.Ordinal);
    readonly TimeProvider clock;
    readonly TimeSpan life;
    readonly int countMax;
    readonly ITimer sweep;

    /// <param name="life">A key is wiped so long after it was unwrapped, however often it was used.</param>
    /// <param name="countMax">With one more, the oldest is wiped.</param>
    public UnwrappedKeys(TimeSpan life, int countMax, TimeProvider clock)
    {
        (this.life, this.countMax, this.clock) = (life, countMax, clock);
        // Also when nobody asks any more: a key that nobody reads with does not stay.
        sweep = clock.CreateTimer(_ => WipeExpired(), null, life, life / 4);
    }

    public int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    /// <summary>A copy that the caller wipes, or null.</summary>
    public byte[]? Find(string keyId, ReadOnlySpan<byte> wrapped)
    {
        var at = (keyId, Digest(wrapped));
        lock (gate)
        {
            return entries.TryGetValue(at, out var entry) && clock.GetElapsedTime(entry.Since) < life
                ? entry.Key.ToArray()
                : null;
        }
    }

    public void Add(string keyId, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> key)
    {
        var at = (keyId, Digest(wrapped));
        lock (gate)
        {
            // An answer that was on its way while the version ended must not outlive it.
            if (ended.Contains(keyId) || entries.ContainsKey(at))
                return;
            while (entries.Count >= countMax)
                Wipe(oldestFirst.First!.Value);
            var pinned = GC.AllocateArray<byte>(key.Length, pinned: true);
            key.CopyTo(pinned);
            entries.Add(at, new Entry(pinned, clock.GetTimestamp()));
            oldestFirst.AddLast(at);
        }
    }

    /// <summary>Wipes what this version unwrapped, and keeps nothing of it from now on.</summary>
    public void End(string keyId)
    {
        lock (gate)
        {
            ended.Add(keyId);
            foreach (var at in entries.Keys.Where(at => at.KeyId == keyId).ToList())
                Wipe(at);
        }
    }

    public void Dispose()
    {
        sweep.Dispose();
        lock (gate)
        {
            foreach (var at in entries.Keys.ToList())
                Wipe(at);
        }
    }

    void WipeExpired()
    {
        lock (gate)
        {
            while (oldestFirst.First is { } oldest && clock.GetElapsedTime(entries[oldest.Value].Since) >= life)
                Wipe(oldest.Value);
        }
    }

    void Wipe((string KeyId, string Wrapped) at)
    {
        if (!entries.Remove(at, out var entry))
            return;
        CryptographicOperations.ZeroMemory(entry.Key);
        oldestFirst.Remove(at);
    }

    static string Digest(ReadOnlySpan<byte> wrapped) => Convert.ToHexStringLower(SHA256.HashData(wrapped));

    readonly record struct Entry(byte[] Key, long Since);
}
