using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Cryptography;
using Azure.Core.Pipeline;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Service.Resilience;

namespace IsaExchange.Service.Adapters.Vault;

/// <summary>
/// The key-encryption keys of an exchange in Azure Key Vault. They never leave it; a key's id is the address of its
/// version. Which version is the present one is remembered for <see cref="CurrentLife"/>: so long after a rotation by
/// another replica this one may still seal with the version before, which stays readable.
/// </summary>
sealed class VaultKeyRing : IKeyRing, IDependencyProbe, IDisposable
{
    /// <summary>Nobody has a key of this name; asking for it shows that the vault answers and lets us ask.</summary>
    const string ProbeName = "isaexchange-probe";

    /// <summary>How long the present version is taken for the present one without asking.</summary>
    public static readonly TimeSpan CurrentLife = TimeSpan.FromMinutes(1);

    readonly VaultApi _vault;
    readonly TimeProvider _clock;
    readonly ConcurrentDictionary<string, Current> _current = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, SemaphoreSlim> _makers = new(StringComparer.Ordinal);

    /// <param name="transport">For tests: which certificates are believed.</param>
    public VaultKeyRing(
        Uri address, TokenCredential credential, Dependency vault, TimeProvider clock,
        HttpPipelineTransport? transport = null)
    {
        (Name, _clock) = (vault.Name, clock);
        _vault = new VaultApi(address, credential, vault, clock, transport);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task ProbeAsync(CancellationToken ct) =>
        _ = await AskAsync(ProbeName, "get", () => _vault.FindAsync(ProbeName, ct));

    /// <summary>For doctor: the vault's clock, null when it does not say; and what it would let us do that we must not
    /// be able to, in the vault's words.</summary>
    public async Task<(DateTimeOffset? Time, IReadOnlyList<string> Excess)> LookAsync(CancellationToken ct)
    {
        var time = await AskAsync(ProbeName, "get", () => _vault.TimeAsync(ProbeName, ct));
        var excess = new List<string>();
        foreach (var (right, method, path, body) in VaultRights.NotNeeded(ProbeName))
        {
            if (await AskAsync(ProbeName, right, () => _vault.WouldAsync(method, path, body, ct)))
                excess.Add(right);
        }

        return (time, excess);
    }

    /// <summary>For doctor: what becomes of a deleted key, in the vault's words; null when there is no such
    /// key.</summary>
    public async Task<string?> RecoveryLevelAsync(string keyName, CancellationToken ct)
    {
        var name = VaultKeyId.NameOf(keyName);
        return (await AskAsync(keyName, "get", () => _vault.FindAsync(name, ct)))?.RecoveryLevel;
    }

    /// <inheritdoc/>
    public async Task<IKeyEncryptionKey> CurrentAsync(string keyName, CancellationToken ct)
    {
        var name = VaultKeyId.NameOf(keyName);
        if (Remembered(name) is { } known)
            return Key(known);

        // One maker at a time: two of them here would make two versions. Two replicas may; both open what they sealed.
        var maker = _makers.GetOrAdd(name, _ => new SemaphoreSlim(1, 1));
        await maker.WaitAsync(ct);
        try
        {
            return Key(Remembered(name) ?? await FindOrMakeAsync(name, keyName, ct));
        }
        finally
        {
            maker.Release();
        }
    }

    /// <inheritdoc/>
    public IKeyEncryptionKey Resolve(string keyId, CancellationToken cancellationToken = default) =>
        // The id comes from a header that is not yet authenticated: it must not send us to another host or path.
        VaultKeyId.TryParse(keyId, _vault.Address, out var id)
            ? Key(id)
            : throw new KeyUnavailableException(keyId, "The header names a key that is not of this exchange's vault.");

    /// <inheritdoc/>
    public Task<IKeyEncryptionKey> ResolveAsync(string keyId, CancellationToken cancellationToken = default) =>
        Task.FromResult(Resolve(keyId, cancellationToken));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KeyVersion>> VersionsAsync(string keyName, CancellationToken ct)
    {
        var name = VaultKeyId.NameOf(keyName);

        // In this order: a version that is made meanwhile is the latest and not in the list, and is looked for again.
        // The other way round it would be in the list and look like an old one.
        var versions = await AskAsync(keyName, "list", () => _vault.VersionsAsync(name, ct));
        var latest = await AskAsync(keyName, "get", () => _vault.FindAsync(name, ct));
        if (latest is null)
            return [];
        if (!versions.Any(v => v.Kid == latest.Kid))
            versions = await AskAsync(keyName, "list", () => _vault.VersionsAsync(name, ct));
        if (!versions.Any(v => v.Kid == latest.Kid))
            throw new KeyUnavailableException(keyName, $"The vault does not list the latest version of {keyName} yet.");

        // The vault counts in seconds, and lists in no order it promises: the present one is the last.
        return
        [
            .. versions.OrderBy(v => v.Kid == latest.Kid).ThenBy(v => v.Made)
                .Select(v => new KeyVersion(v.Kid, v.Made, v.IsEnabled)),
        ];
    }

    /// <inheritdoc/>
    public async Task<KeyVersion> RotateAsync(string keyName, string currentKeyId, CancellationToken ct)
    {
        var name = VaultKeyId.NameOf(keyName);
        var made = await AskAsync(keyName, "get", () => _vault.FindAsync(name, ct));
        if (made?.Kid == currentKeyId)
            made = await OnceAsync(
                keyName, "rotate", () => _vault.RotateOnceAsync(name, ct),
                async () => await _vault.FindAsync(name, ct) is { } now && now.Kid != currentKeyId ? now : null);
        if (made is null)
            throw new KeyUnavailableException(keyName, $"The vault has no key {keyName} that could be rotated.");
        _current[name] = new Current(IdOf(made, keyName), _clock.GetTimestamp());
        return new KeyVersion(made.Kid, made.Made, made.IsEnabled);
    }

    /// <inheritdoc/>
    public async Task RetireAsync(string keyId, CancellationToken ct)
    {
        if (!VaultKeyId.TryParse(keyId, _vault.Address, out var id))
            throw new KeyUnavailableException(keyId, "That is no key of this exchange's vault.");
        Forget(id);
        await AskAsync(keyId, "update", async () =>
        {
            await _vault.DisableAsync(id, ct);
            return true;
        });
    }

    /// <inheritdoc/>
    public async Task<DestroyedKey> DestroyAsync(string keyName, CancellationToken ct)
    {
        var name = VaultKeyId.NameOf(keyName);
        var versions = await VersionsAsync(keyName, ct);
        _current.TryRemove(name, out _);
        var deletion = versions.Count == 0
            ? await AskAsync(keyName, "get", () => _vault.FindDeletedAsync(name, ct))
            : await OnceAsync(
                keyName, "delete", () => _vault.DeleteOnceAsync(name, ct), () => DeletionAsync(name, ct));

        // Neither there nor among the deleted: a deletion takes a moment. It may also have been purged, never been
        // made, or lie in another vault; none of that tells a day, and we do not make one up.
        return new DestroyedKey(keyName, [.. versions.Select(v => v.KeyId)], deletion?.Effective);
    }

    public void Dispose()
    {
        foreach (var maker in _makers.Values)
            maker.Dispose();
    }

    VaultKeyId? Remembered(string name) =>
        _current.TryGetValue(name, out var current) && _clock.GetElapsedTime(current.Since) < CurrentLife
            ? current.Id
            : null;

    VaultKey Key(VaultKeyId id) => new(_vault, id, Forget);

    /// <summary>The vault refused it: the next seal asks again which version is the present one.</summary>
    void Forget(VaultKeyId id)
    {
        if (_current.TryGetValue(id.Name, out var current) && current.Id == id)
            _current.TryRemove(KeyValuePair.Create(id.Name, current));
    }

    async Task<VaultKeyId> FindOrMakeAsync(string name, string keyName, CancellationToken ct)
    {
        var found = await AskAsync(keyName, "get", () => _vault.FindAsync(name, ct))
            ?? await OnceAsync(
                keyName, "create", () => _vault.CreateOnceAsync(name, ct), () => _vault.FindAsync(name, ct));
        if (!found.IsEnabled)
            throw new KeyUnavailableException(keyName, $"The key {keyName} is disabled in the vault.");
        var id = IdOf(found, keyName);
        _current[name] = new Current(id, _clock.GetTimestamp());
        return id;
    }

    VaultKeyId IdOf(VaultVersion version, string keyName) =>
        VaultKeyId.TryParse(version.Kid, _vault.Address, out var id)
            ? id
            : throw new KeyUnavailableException(
                keyName, "The vault gives its keys another address than the one in the settings.");

    /// <summary>A deletion takes a moment: until it is done the key is neither there nor among the deleted.</summary>
    async Task<VaultDeletion?> DeletionAsync(string name, CancellationToken ct)
    {
        for (var look = 0; look < 5; look++)
        {
            if (await _vault.FindDeletedAsync(name, ct) is { } deletion)
                return deletion;
            if (await _vault.FindAsync(name, ct) is not null)
                return null;
            await Task.Delay(TimeSpan.FromMilliseconds(200), _clock, ct);
        }

        return null;
    }

    /// <summary>
    /// What must not be done twice is sent once. When its end is not known we look whether it was done, and only what
    /// is seen to stand counts.
    /// </summary>
    static async Task<T> OnceAsync<T>(string key, string right, Func<Task<T>> call, Func<Task<T?>> look)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (IsEndUnknown(fault))
        {
            return await AskAsync(key, "get", look) ?? throw VaultRefusal.Of(key, right, fault);
        }
        catch (Exception fault) when (VaultRefusal.Is(fault))
        {
            throw VaultRefusal.Of(key, right, fault);
        }
    }

    static bool IsEndUnknown(Exception fault) => fault is Polly.Timeout.TimeoutRejectedException
        || (Dependencies.IsAzureFault(fault) && fault is not VaultFaultException { Status: 429 });

    static async Task<T> AskAsync<T>(string key, string right, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (VaultRefusal.Is(fault))
        {
            throw VaultRefusal.Of(key, right, fault);
        }
    }

    sealed record Current(VaultKeyId Id, long Since);
}
