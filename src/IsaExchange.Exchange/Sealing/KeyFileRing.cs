using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core.Cryptography;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// The key-encryption keys of an exchange without a vault: one file per key version in a private folder. Whoever can
/// read the folder can open every object, so it is backed up apart from the objects. A key's id is its name and
/// version, <c>northmere-police.standard.v1</c>; the folder holds
/// <code>
/// {id}.key          opens, and the highest of a name seals
/// {id}.retired      disabled: renaming it back brings it back
/// {name}.destroyed  no key of this name opens, seals or is made again
/// </code>
/// </summary>
public sealed class KeyFileRing : IKeyRing
{
    const string Key = ".key";
    const string Retired = ".retired";
    const string Destroyed = ".destroyed";

    readonly string folder;
    readonly TimeProvider clock;

    /// <summary>Opens the folder, making it (mode 0700) when it is missing.</summary>
    public KeyFileRing(string folder, TimeProvider? clock = null)
    {
        (this.folder, this.clock) = (Path.GetFullPath(folder), clock ?? TimeProvider.System);
        DurableFiles.CreatePrivateFolder(this.folder);
    }

    /// <summary>The key that seals new objects of this name; made on first use. Of concurrent makers one wins and all
    /// get its key.</summary>
    /// <param name="keyName">One segment of lower-case letters, digits, '-' and '.', such as
    /// <c>northmere-police.standard</c>.</param>
    /// <exception cref="KeyUnavailableException">The file is there and refused, or could not be made.</exception>
    public Task<IKeyEncryptionKey> CurrentAsync(string keyName, CancellationToken ct) =>
        OnDisk(keyName, () => Current(keyName), ct);

    /// <inheritdoc/>
    /// <exception cref="KeyUnavailableException">Absent or refused.</exception>
    public IKeyEncryptionKey Resolve(string keyId, CancellationToken cancellationToken = default)
    {
        // The id comes from a header that is not yet authenticated: it must not lead out of the folder.
        if (!ObjectName.IsSegment(keyId))
            throw new KeyUnavailableException(keyId, "The header names a key that no key file can have.");
        RequirePrivateFolder(keyId);
        if (keyId.LastIndexOf(".v", StringComparison.Ordinal) is > 0 and var end)
            RequireNotDestroyed(keyId[..end]);
        if (File.Exists(PathOf(keyId, Retired)))
            throw new KeyUnavailableException(keyId, $"The key {keyId} was retired: what it sealed has another now.");
        var key = new KeyFile(PathOf(keyId, Key), keyId);
        CryptographicOperations.ZeroMemory(key.Load());
        return key;
    }

    /// <inheritdoc/>
    public Task<IKeyEncryptionKey> ResolveAsync(string keyId, CancellationToken cancellationToken = default) =>
        Task.Run(() => Resolve(keyId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyVersion>> VersionsAsync(string keyName, CancellationToken ct) =>
        OnDisk<IReadOnlyList<KeyVersion>>(
            keyName, () => File.Exists(PathOf(keyName, Destroyed)) ? [] : [.. Versions(keyName).Select(v => v.Version)],
            ct);

    /// <inheritdoc/>
    public Task<KeyVersion> RotateAsync(string keyName, string currentKeyId, CancellationToken ct) => OnDisk(
        keyName,
        () =>
        {
            RequireNotDestroyed(keyName);
            if (Versions(keyName) is [.., var last] && last.Version.KeyId == currentKeyId)
                Make(Id(keyName, last.Number + 1));
            return Versions(keyName) is [.., var now]
                ? now.Version
                : throw new KeyUnavailableException(keyName, $"There is no key {keyName} that could be rotated.");
        },
        ct);

    /// <inheritdoc/>
    public Task RetireAsync(string keyId, CancellationToken ct) => OnDisk(
        keyId,
        () =>
        {
            var (key, retired) = (PathOf(keyId, Key), PathOf(keyId, Retired));
            if (File.Exists(key))
                DurableFiles.RenameDurably(key, retired);
            return File.Exists(retired)
                ? true
                : throw new KeyUnavailableException(keyId, $"There is no key {keyId} that could be retired.");
        },
        ct);

    /// <inheritdoc/>
    public Task<DestroyedKey> DestroyAsync(string keyName, CancellationToken ct) => OnDisk(
        keyName,
        () =>
        {
            var versions = Versions(keyName);
            var day = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

            // First of all nothing is sealed or opened under the name, whatever becomes of the rest; a crash here is
            // finished by the next call.
            var said = $"isaexchange-key-destroyed/v1\nname: {keyName}\nordered: {day}\n";
            _ = DurableFiles.CreateExclusive(PathOf(keyName, Destroyed), Encoding.ASCII.GetBytes(said));
            foreach (var version in versions)
                Erase(version.Path);
            DurableFiles.SyncFolder(folder);

            // Now, not when it was ordered: from this moment it is true.
            return new DestroyedKey(keyName, [.. versions.Select(v => v.Version.KeyId)], clock.GetUtcNow());
        },
        ct);

    IKeyEncryptionKey Current(string keyName)
    {
        RequirePrivateFolder(keyName);
        RequireNotDestroyed(keyName);
        if (Versions(keyName) is [.., var last])
            return Resolve(last.Version.KeyId);
        var first = Id(keyName, 1);
        Make(first);
        return Resolve(first);
    }

    void Make(string keyId)
    {
        var key = RandomNumberGenerator.GetBytes(KeyFile.KeySize);
        var content = KeyFile.Format(keyId, key);
        try
        {
            // Durable before the first object is sealed with it, or that object is lost with the power. Losing the race
            // is fine.
            _ = DurableFiles.CreateExclusive(PathOf(keyId, Key), content);
        }
        catch (IOException fault)
        {
            throw new KeyUnavailableException(keyId, $"The key file of {keyId} could not be made in {folder}.", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>The old bytes are overwritten before the name goes; a medium that keeps copies of blocks keeps
    /// them.</summary>
    static void Erase(string path)
    {
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, new byte[RandomAccess.GetLength(file)], fileOffset: 0);
            DurableFiles.Sync(file, path);
        }

        File.Delete(path);
    }

    /// <summary>Oldest first.</summary>
    List<Found> Versions(string keyName)
    {
        var prefix = keyName + ".v";
        var found = new List<Found>();
        foreach (var path in Directory.EnumerateFiles(folder, prefix + "*"))
        {
            var (file, kind) = (Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
            if (kind is not (Key or Retired)
                || !int.TryParse(file.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                || file != Id(keyName, n))
                continue;
            var made = new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
            found.Add(new Found(n, path, new KeyVersion(file, made, kind == Key)));
        }

        found.Sort((a, b) => a.Number.CompareTo(b.Number));
        return found;
    }

    void RequireNotDestroyed(string keyName)
    {
        if (File.Exists(PathOf(keyName, Destroyed)))
            throw new KeyUnavailableException(
                keyName, $"The key {keyName} was destroyed: what it sealed is past its retention.");
    }

    void RequirePrivateFolder(string keyId)
    {
        if (OperatingSystem.IsWindows())
            return;
        var mode = File.GetUnixFileMode(folder);
        if ((mode & ~DurableFiles.PrivateFolder) != UnixFileMode.None)
            throw new KeyUnavailableException(
                keyId,
                $"The key folder {folder} has mode {Convert.ToString((int)mode, 8)}, wanted is 700.");
    }

    static Task<T> OnDisk<T>(string key, Func<T> call, CancellationToken ct)
    {
        if (!ObjectName.IsSegment(key))
            throw new ArgumentException("A key name is lower-case letters, digits, '-' and '.'.", nameof(key));
        return Task.Run(
            () =>
            {
                try
                {
                    return call();
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
                {
                    throw new KeyUnavailableException(
                        key, $"The key folder does not let us at {key}: {fault.GetType().Name}.", fault);
                }
            },
            ct);
    }

    static string Id(string keyName, int number) => string.Create(CultureInfo.InvariantCulture, $"{keyName}.v{number}");

    string PathOf(string id, string kind) => Path.Combine(folder, id + kind);

    readonly record struct Found(int Number, string Path, KeyVersion Version);
}
