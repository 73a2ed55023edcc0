using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using IsaExchange.Service.Settings;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace IsaExchange.Service.Identity;

/// <summary>The public keys by which an issuer's tokens are known.</summary>
interface IIssuerKeys
{
    /// <summary>Null when they cannot be had: then no token of the issuer is taken.</summary>
    Task<ICollection<SecurityKey>?> CurrentAsync(CancellationToken ct);

    /// <summary>Looks for keys that are newer. False when it is too soon to look again.</summary>
    Task<bool> RefreshAsync(CancellationToken ct);
}

/// <summary>
/// Keys from the issuer's own discovery document, over HTTPS alone. Fetched again every hour, and when a token names a
/// key not seen before; the latter at most every half minute, or strangers could make us call the issuer at will.
/// </summary>
sealed partial class DiscoveredKeys(IssuerSettings issuer, TimeProvider clock, ILogger log)
    : IIssuerKeys, IDisposable
{
    const int DocumentBytesMax = 256 << 10;
    static readonly TimeSpan Life = TimeSpan.FromHours(1);
    static readonly TimeSpan LifeWithoutAnswer = TimeSpan.FromHours(24);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim _fetching = new(1, 1);
    readonly HttpClient _http = Client(issuer);
    ICollection<SecurityKey>? _keys;
    DateTimeOffset _fetched = DateTimeOffset.MinValue;
    DateTimeOffset _tried = DateTimeOffset.MinValue;

    public async Task<ICollection<SecurityKey>?> CurrentAsync(CancellationToken ct)
    {
        if (_keys is null || clock.GetUtcNow() - _fetched > Life)
            await RefreshAsync(ct);
        return clock.GetUtcNow() - _fetched <= LifeWithoutAnswer ? _keys : null;
    }

    public async Task<bool> RefreshAsync(CancellationToken ct)
    {
        var asked = clock.GetUtcNow();
        await _fetching.WaitAsync(ct);
        try
        {
            // Somebody else fetched while we waited: theirs is as new as ours would be.
            if (_fetched > asked)
                return true;
            if (asked - _tried < Pause)
                return false;
            _tried = asked;
            _keys = await FetchAsync(ct);
            _fetched = clock.GetUtcNow();
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            LogNoKeys(issuer.Issuer, e.GetType().Name);
            return false;
        }
        finally
        {
            _fetching.Release();
        }
    }

    async Task<ICollection<SecurityKey>> FetchAsync(CancellationToken ct)
    {
        var documents = new HttpDocumentRetriever(_http) { RequireHttps = !ServiceEnvironment.IsDevelopment };
        var found = await OpenIdConnectConfigurationRetriever.GetAsync(
            issuer.Issuer.TrimEnd('/') + "/.well-known/openid-configuration", documents, ct);
        return found.Issuer == issuer.Issuer
            ? found.SigningKeys
            : throw new InvalidDataException("The discovery document is of another issuer.");
    }

    static HttpClient Client(IssuerSettings issuer)
    {
        // A redirect could lead away from HTTPS, or to a document of somebody else.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (new Uri(issuer.Issuer).IsLoopback)
            handler.UseProxy = false;
        if (issuer.TrustedAuthority is { } pem)
        {
            var trust = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            trust.CustomTrustStore.ImportFromPemFile(pem);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        }

        return new HttpClient(handler)
        {
            Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = DocumentBytesMax,
        };
    }

    [LoggerMessage(20, LogLevel.Warning, "No keys from issuer {Issuer} ({Fault}); its tokens may be refused")]
    partial void LogNoKeys(string issuer, string fault);

    public void Dispose()
    {
        _http.Dispose();
        _fetching.Dispose();
    }
}
