using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters;
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
        services.AddSingleton<IObjectStore>(
            _ => new ResilientObjectStore(new FolderObjectStore(home.Objects), ResilientObjectStore.Pipeline(clock)));
        services.AddSingleton<IKeyRing>(_ => new KeyFileRing(home.KeyEncryptionKeys));
        services.AddSingleton<IDependencyProbe>(p => new CatalogueFileProbe(p.GetRequiredService<ICatalogue>()));
        services.AddSingleton<IDependencyProbe>(_ => new HomeFolderProbe(home));
        services.AddSingleton<IDependencyProbe>(p => new KeyFolderProbe(p.GetRequiredService<IKeyRing>()));
    }
}
