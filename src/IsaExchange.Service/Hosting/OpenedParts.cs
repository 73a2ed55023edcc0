using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.Service.Adapters.Vault;
using IsaExchange.Service.Resilience;
using IsaExchange.Service.Settings;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Service.Hosting;

/// <summary>What an exchange keeps its things on, opened by the operator without serving anybody.</summary>
sealed class OpenedParts : IAsyncDisposable
{
    readonly ServiceProvider _provider;

    public OpenedParts(HomeFolder home, TimeProvider clock)
    {
        Home = home;
        Settings = ExchangeSettings.Load(home);
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(clock).AddSingleton(Settings.ToLimits());
        StorageParts.Add(services, home, Settings, clock);
        _provider = services.BuildServiceProvider();
        Log = NoteSigner.Parse(File.ReadAllText(home.LogKey).Trim()).Verifier;
    }

    public HomeFolder Home { get; }

    public ExchangeSettings Settings { get; }

    public NoteVerifier Log { get; }

    public ICatalogue Catalogue => _provider.GetRequiredService<ICatalogue>();

    public IObjectStore Objects => _provider.GetRequiredService<IObjectStore>();

    /// <summary>The account, where objects lie in one.</summary>
    public BlobObjectStore? Blobs => _provider.GetService<BlobObjectStore>();

    /// <summary>The vault, where keys lie in one.</summary>
    public VaultKeyRing? Vault => _provider.GetService<VaultKeyRing>();

    public IKeyRing Keys => _provider.GetRequiredService<IKeyRing>();

    public IEnumerable<IDependencyProbe> Probes => _provider.GetServices<IDependencyProbe>();

    public Fsck Fsck => new(Catalogue, Objects, Keys, Log, Settings.Exchange);

    /// <summary>Refuses an account in a region that the settings do not name, as the service does.</summary>
    /// <exception cref="SettingsException">It lies elsewhere, or cannot be asked.</exception>
    public async Task CheckRegionAsync(CancellationToken ct)
    {
        if (_provider.GetService<RegionCheck>() is { } check)
            await check.StartAsync(ct);
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
