using System.Security.Cryptography;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>Sealed objects in a folder under one key of a vault.</summary>
sealed class SealedStage : IAsyncDisposable
{
    public const string KeyName = "northmere.northmere-police.until-2027";

    readonly string _folder = Directory.CreateTempSubdirectory("isax-sealed-").FullName;
    readonly List<CachedKeyRing> _rings = [];
    int _made;

    SealedStage(VaultStage vault) => (Vaults, Store) = (vault, new FolderObjectStore(_folder));

    public VaultStage Vaults { get; }

    public FolderObjectStore Store { get; }

    public KeyHolder Holder { get; } = new("northmere", "northmere-police", [KeyName]);

    public static async Task<SealedStage> StartAsync() => new(await VaultStage.StartAsync());

    /// <summary>A ring as a replica has it, with its few remembered keys.</summary>
    public CachedKeyRing Ring(TimeProvider? clock = null)
    {
        var ring = new CachedKeyRing(
            Vaults.Ring(clock), TimeSpan.FromSeconds(60), countMax: 8, clock ?? TimeProvider.System);
        _rings.Add(ring);
        return ring;
    }

    /// <summary>Seals and keeps a new object.</summary>
    public async Task<KeptObject> PutAsync(IKeyRing ring, CancellationToken ct)
    {
        var name = new ObjectName($"datasets/northmere/northmere-police/crime/{Interlocked.Increment(ref _made):D6}.1");
        var plain = RandomNumberGenerator.GetBytes(200);
        await SealedObjects.PutAsync(Store, name, await ring.CurrentAsync(KeyName, ct), plain, ct);
        return new KeptObject(name, plain);
    }

    /// <summary>Reads it as a caller would; true when it is what was put.</summary>
    public async Task<bool> ReadAsync(IKeyRing ring, KeptObject kept, CancellationToken ct)
    {
        await using var opened = await SealedObjects.OpenAsync(Store, kept.Name, ring, ct);
        var plain = new byte[kept.Plain.Length + 1];
        var length = await opened.ReadAtLeastAsync(plain, plain.Length, throwOnEndOfStream: false, ct);
        return plain.AsSpan(0, length).SequenceEqual(kept.Plain);
    }

    /// <summary>Brings everything under the present version; gives how many objects still name another.</summary>
    public async Task<int> RewrapAsync(IKeyRing ring, string present, CancellationToken ct)
    {
        var left = 0;
        var rewrap = new HeaderRewrap(Store, ring);
        await foreach (var name in Store.ListAsync("datasets/", ct))
        {
            var seen = await rewrap.RewrapAsync(name, id => id == present ? null : KeyName, ct);
            left += seen.End is RewrapEnd.Present or RewrapEnd.Moved or RewrapEnd.Gone ? 0 : 1;
        }

        return left;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var ring in _rings)
            ring.Dispose();
        await Vaults.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

sealed record KeptObject(ObjectName Name, byte[] Plain);
