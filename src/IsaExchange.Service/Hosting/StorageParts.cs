using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters;
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
        services.AddSingleton<ICatalogue>(_ => new SqliteCatalogue(home.Catalogue));
        services.AddSingleton<IObjectStore>(
            _ => new ResilientObjectStore(new FolderObjectStore(home.Objects), ResilientObjectStore.Pipeline(clock)));
        if (settings.Vault is { } vault)
            AddVault(services, vault, clock);
        else
            services.AddSingleton<IKeyRing>(_ => new KeyFileRing(home.KeyEncryptionKeys));
    }

    static void AddVault(IServiceCollection services, VaultSettings settings, TimeProvider clock)
    {
        // The only line that knows how a vault is spoken to: Azure's own package of keys takes its place here.
        services.AddSingleton(p => new VaultKeyRing(
            new Uri(settings.Address), AzureIdentity.Credential(),
            new Dependency(Dependencies.Keys, clock, p.GetRequiredService<ILoggerFactory>()), clock));
        services.AddSingleton<IKeyRing>(p =>
        {
            var limits = p.GetRequiredService<Limits>();
            return new CachedKeyRing(
                p.GetRequiredService<VaultKeyRing>(), limits.UnwrappedKeyLife, limits.UnwrappedKeysMax, clock);
        });
        services.AddSingleton<IDependencyProbe>(p => p.GetRequiredService<VaultKeyRing>());
    }
}
