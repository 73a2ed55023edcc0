using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Identity;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>Wires what tells callers apart.</summary>
static class IdentityParts
{
    public static void Add(
        IServiceCollection services, HomeFolder home, ExchangeSettings settings, TimeProvider clock)
    {
        services.AddSingleton(PrivateAuthority.Open(home, clock));
        services.AddSingleton<ICertificateAuthority>(p => p.GetRequiredService<PrivateAuthority>());
        services.AddSingleton(p => new CredentialCheck(
            p.GetRequiredService<PrivateAuthority>().Certificate, p.GetRequiredService<ICatalogue>(), clock));
        var names = settings.Issuers.Select(i => i.Issuer).ToList();
        services.AddSingleton(new TrustedIssuers(names));
        services.AddSingleton(p => new TokenCheck(
            Issuers(home, settings, clock, p.GetRequiredService<ILogger<TokenCheck>>()),
            p.GetRequiredService<ICatalogue>(), clock));
        services.AddSingleton<CallerCheck>();
    }

    static List<TrustedIssuer> Issuers(
        HomeFolder home, ExchangeSettings settings, TimeProvider clock, ILogger log)
    {
        var issuers = settings.Issuers.Select(
            i => new TrustedIssuer(i, new DiscoveredKeys(i, clock, log))).ToList();
        if (settings.DemoIssuer)
            issuers.Add(new TrustedIssuer(DemoIssuer.Settings, DemoIssuer.Open(home), IsDemo: true));
        return issuers;
    }
}
