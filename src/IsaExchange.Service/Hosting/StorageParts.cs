using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.Service.Resilience;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>Wires what keeps things: catalogue, objects, keys. Embedded unless the settings name a server.</summary>
static class StorageParts
{
    public static void Add(
        IServiceCollection services, HomeFolder home, ExchangeSettings settings, TimeProvider clock)
    {
        services.AddSingleton<ICatalogue>(_ => new SqliteCatalogue(home.Catalogue));
        AddObjects(services, home, settings.Blobs, clock);
        services.AddSingleton<IKeyRing>(_ => new KeyFileRing(home.KeyEncryptionKeys));
    }

    static void AddObjects(IServiceCollection services, HomeFolder home, BlobSettings? blobs, TimeProvider clock)
    {
        if (blobs is null)
        {
            services.AddSingleton<IObjectStore>(_ => new ResilientObjectStore(
                new FolderObjectStore(home.Objects), ResilientObjectStore.Pipeline(clock)));
            return;
        }

        // Before anything else starts: an account elsewhere is not written to, not even once.
        services.AddHostedService(_ => new RegionCheck(blobs, AzureIdentity.Credential()));
        services.AddSingleton(p => new BlobObjectStore(
            new Uri(blobs.Account), AzureIdentity.Credential(), blobs.ContainerPrefix,
            new Dependency(Dependencies.Objects, clock, p.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<IObjectStore>(p => p.GetRequiredService<BlobObjectStore>());
        services.AddSingleton<IDependencyProbe>(p => p.GetRequiredService<BlobObjectStore>());
    }
}
