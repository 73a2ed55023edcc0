using System.Security.Cryptography;

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>The keys of <see cref="VaultStandIn"/>: versions, deletions and their dates; the RSA is real.</summary>
sealed class VaultStandInKeys : IDisposable
{
    readonly Lock _gate = new();

    // A vault takes capitals for small letters.
    readonly Dictionary<string, List<StoodInVersion>> _keys = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, StoodInDeletion> _deleted = new(StringComparer.OrdinalIgnoreCase);

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Oldest first; null when there is no key of that name.</summary>
    public IReadOnlyList<StoodInVersion>? Versions(string name)
    {
        lock (_gate)
            return _keys.TryGetValue(name, out var versions) ? [.. versions] : null;
    }

    public StoodInVersion? Find(string name, string version) => Versions(name)?.FirstOrDefault(v => v.Id == version);

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
                return [.. _keys.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Adds a version, making the key when it is not there; null while a deleted one can be
    /// recovered.</summary>
    public StoodInVersion? Add(string name, int bits, string[] operations)
    {
        var made = new StoodInVersion(
            RandomNumberGenerator.GetHexString(32, lowercase: true), RSA.Create(bits), operations,
            Clock.GetUtcNow());
        lock (_gate)
        {
            if (_deleted.ContainsKey(name))
                return null;
            if (!_keys.TryGetValue(name, out var versions))
                _keys[name] = versions = [];
            versions.Add(made);
            return made;
        }
    }

    public StoodInDeletion? Delete(string name, TimeSpan recoverable)
    {
        lock (_gate)
        {
            if (!_keys.Remove(name, out var versions))
                return null;
            var now = TimeProvider.System.GetUtcNow();
            return _deleted[name] = new StoodInDeletion(versions, now, now + recoverable);
        }
    }

    /// <param name="deleting">For so long a deletion is not done: nothing is to be seen of it.</param>
    public StoodInDeletion? FindDeleted(string name, TimeSpan deleting)
    {
        lock (_gate)
        {
            return _deleted.TryGetValue(name, out var deletion)
                && TimeProvider.System.GetUtcNow() - deletion.Deleted >= deleting ? deletion : null;
        }
    }

    /// <summary>What an administrator can do until the purge.</summary>
    public void Recover(string name)
    {
        lock (_gate)
        {
            if (_deleted.Remove(name, out var deletion))
                _keys[name] = [.. deletion.Versions];
        }
    }

    /// <summary>What happens by itself on the purge date.</summary>
    public void Purge(string name)
    {
        lock (_gate)
        {
            if (_deleted.Remove(name, out var deletion))
                deletion.Versions.ForEach(v => v.Dispose());
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var version in _keys.Values.Concat(_deleted.Values.Select(d => d.Versions)).SelectMany(v => v))
                version.Dispose();
        }
    }
}

sealed record StoodInDeletion(List<StoodInVersion> Versions, DateTimeOffset Deleted, DateTimeOffset Purge);

sealed class StoodInVersion(string id, RSA rsa, string[] operations, DateTimeOffset made) : IDisposable
{
    readonly Lock _gate = new();

    public string Id { get; } = id;

    public string[] Operations { get; } = operations;

    public DateTimeOffset Made { get; } = made;

    public bool IsEnabled { get; set; } = true;

    public RSAParameters Public
    {
        get
        {
            lock (_gate)
                return rsa.ExportParameters(includePrivateParameters: false);
        }
    }

    public byte[] Wrap(byte[] key)
    {
        lock (_gate)
            return rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256);
    }

    public byte[] Unwrap(byte[] wrapped)
    {
        lock (_gate)
            return rsa.Decrypt(wrapped, RSAEncryptionPadding.OaepSHA256);
    }

    public void Dispose() => rsa.Dispose();
}
