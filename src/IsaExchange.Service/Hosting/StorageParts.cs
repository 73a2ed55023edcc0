using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.Service.Adapters.Vault;
using IsaExchange.Service.Resilience;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>Wires what keeps things: catalogue, objects, keys. Embedded unless the settings name a server.</summary>
static class StorageParts
{
    public static void Add(
        IServiceCollection services, HomeFolder home, ExchangeSettings settings, TimeProvider clock)
    {
        services.AddSingleton(
            p => CatalogueChoice.Open(home, settings, clock, p.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(p => p.GetRequiredService<ICatalogue>() as IDependencyProbe
            ?? new CatalogueFileProbe(p.GetRequiredService<ICatalogue>()));
        AddObjects(services, home, settings.Blobs, clock);
        AddKeys(services, home, settings.Vault, clock);
    }

    static void AddKeys(IServiceCollection services, HomeFolder home, VaultSettings? vault, TimeProvider clock)
    {
        if (vault is null)
        {
            services.AddSingleton<IKeyRing>(_ => new KeyFileRing(home.KeyEncryptionKeys, clock));
            services.AddSingleton<IDependencyProbe>(p => new KeyFolderProbe(p.GetRequiredService<IKeyRing>()));
            return;
        }

        // The only line that knows how a vault is spoken to: Azure's own package of keys takes its place here.
        services.AddSingleton(p => new VaultKeyRing(
            new Uri(vault.Address), AzureIdentity.Credential(vault.ClientId),
            new Dependency(Dependencies.Keys, clock, p.GetRequiredService<ILoggerFactory>()), clock));
        services.AddSingleton<IKeyRing>(p =>
        {
            var limits = p.GetRequiredService<Limits>();
            return new CachedKeyRing(
                p.GetRequiredService<VaultKeyRing>(), limits.UnwrappedKeyLife, limits.UnwrappedKeysMax, clock);
        });
        services.AddSingleton<IDependencyProbe>(p => p.GetRequiredService<VaultKeyRing>());
    }

    static void AddObjects(IServiceCollection services, HomeFolder home, BlobSettings? blobs, TimeProvider clock)
    {
        if (blobs is null)
        {
            services.AddSingleton<IObjectStore>(_ => new ResilientObjectStore(
                new FolderObjectStore(home.Objects), ResilientObjectStore.Pipeline(clock)));
            services.AddSingleton<IDependencyProbe>(_ => new HomeFolderProbe(home));
            return;
        }

        // Before anything else starts: an account elsewhere is not written to, not even once.
        services.AddSingleton(_ => new RegionCheck(blobs, AzureIdentity.Credential(blobs.ClientId)));
        services.AddHostedService(p => p.GetRequiredService<RegionCheck>());
        services.AddSingleton(p => new BlobObjectStore(
            new Uri(blobs.Account), AzureIdentity.Credential(blobs.ClientId), blobs.ContainerPrefix,
            new Dependency(Dependencies.Objects, clock, p.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<IObjectStore>(p => p.GetRequiredService<BlobObjectStore>());
        services.AddSingleton<IDependencyProbe>(p => p.GetRequiredService<BlobObjectStore>());
        if (blobs.ReleasesContainer is { } releases)
            AddMirror(services, blobs, releases, clock);
    }

    static void AddMirror(IServiceCollection services, BlobSettings blobs, string releases, TimeProvider clock)
    {
        services.AddSingleton<IReleaseMirror>(p => new ParquetMirror(
            BlobAccount.Client(new Uri(blobs.Account), AzureIdentity.Credential(blobs.ClientId), transport: null),
            releases,
            new Dependency(Dependencies.Objects, clock, p.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<MirrorReleases>();
        services.AddHostedService<MirrorLoop>();
    }
}
