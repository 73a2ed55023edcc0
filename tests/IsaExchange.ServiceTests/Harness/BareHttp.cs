using System.Security.Cryptography.X509Certificates;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>HTTP/2 without gRPC's help, for what no gRPC program would send.</summary>
public static class BareHttp
{
    /// <param name="exchange">The one that is called.</param>
    /// <param name="who">Whose certificate is shown; null: none.</param>
    public static HttpClient Http(this TestExchange exchange, string? who)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(
            Path.Combine(exchange.Home, "keys", "authority.pem"));
        var handler = new SocketsHttpHandler();
        if (who is not null)
        {
            var pem = Path.Combine(exchange.Credential(who), "credential.pem");
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(pem, pem)];
        }

        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{exchange.Port}") };
    }
}
