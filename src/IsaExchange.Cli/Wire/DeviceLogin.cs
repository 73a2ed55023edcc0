using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace IsaExchange.Cli.Wire;

/// <summary>What the person is to do in a browser, on this machine or any other.</summary>
sealed record DeviceCode(
    string Code, string UserCode, string Address, string? WholeAddress, TimeSpan Life, TimeSpan Interval);

/// <summary>
/// Logs a person in at an OpenID provider by the device grant (RFC 8628): isax shows a code, the person enters it in a
/// browser, and isax never sees a password. Over HTTPS alone.
/// </summary>
sealed class DeviceLogin : IDisposable
{
    const string GrantType = "urn:ietf:params:oauth:grant-type:device_code";
    static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(5);

    readonly HttpClient _http;
    readonly Uri _issuer;
    readonly string _client;
    readonly TimeProvider _clock;

    /// <param name="authority">PEM file of the authority that the provider's certificate is of; null = the
    /// machine's.</param>
    public DeviceLogin(Uri issuer, string client, string? authority, TimeProvider clock)
    {
        (_issuer, _client, _clock) = (issuer, client, clock);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !issuer.IsLoopback };
        if (authority is not null)
        {
            var trust = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            trust.CustomTrustStore.ImportFromPemFile(authority);
            handler.SslOptions.CertificateChainPolicy = trust;
        }
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
    }

    Uri? _tokenEndpoint;

    public async Task<DeviceCode> Begin(IReadOnlyDictionary<string, string> asked, CancellationToken stop)
    {
        var discovery = await Get(
            new Uri(_issuer.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration"), stop);
        _tokenEndpoint = Endpoint(discovery, "token_endpoint");
        var (ok, answer) = await Post(
            Endpoint(discovery, "device_authorization_endpoint"),
            new Dictionary<string, string>(asked, StringComparer.Ordinal) { ["client_id"] = _client }, stop);
        if (!ok) throw Refused(answer);
        return new DeviceCode(
            Text(answer, "device_code"), Text(answer, "user_code"), Text(answer, "verification_uri"),
            answer.TryGetProperty("verification_uri_complete", out var whole) ? whole.GetString() : null,
            TimeSpan.FromSeconds(answer.GetProperty("expires_in").GetInt32()),
            answer.TryGetProperty("interval", out var every)
                ? TimeSpan.FromSeconds(every.GetInt32()) : UsualInterval);
    }

    /// <summary>Waits until the person has logged in; gives the access token.</summary>
    public async Task<string> Wait(DeviceCode device, CancellationToken stop)
    {
        var (until, interval) = (_clock.GetUtcNow() + device.Life, device.Interval);
        while (_clock.GetUtcNow() < until)
        {
            await Task.Delay(interval, _clock, stop);
            var (ok, answer) = await Post(_tokenEndpoint!, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = GrantType, ["device_code"] = device.Code, ["client_id"] = _client,
            }, stop);
            if (ok) return Text(answer, "access_token");
            switch (Text(answer, "error"))
            {
                case "authorization_pending": break;
                case "slow_down": interval += UsualInterval; break;
                default: throw Refused(answer);
            }
        }
        throw new VerbException(ExitCode.TryAgain, "nobody logged in in time", "run isax login again");
    }

    public void Dispose() => _http.Dispose();

    async Task<JsonElement> Get(Uri address, CancellationToken stop)
    {
        try
        {
            return await _http.GetFromJsonAsync<JsonElement>(address, stop);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw Unreachable(e);
        }
    }

    async Task<(bool Ok, JsonElement Answer)> Post(
        Uri address, Dictionary<string, string> form, CancellationToken stop)
    {
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var answer = await _http.PostAsync(address, content, stop);
            return (answer.IsSuccessStatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(stop));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw Unreachable(e);
        }
    }

    static Uri Endpoint(JsonElement discovery, string name) =>
        Uri.TryCreate(Text(discovery, name), UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            ? uri
            : throw new VerbException(ExitCode.Usage, $"the issuer has no {name} over https",
                "ask its operator whether the device grant is allowed");

    static string Text(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : "";

    // Only the provider's code is shown: its free text may quote what was sent.
    static VerbException Refused(JsonElement answer) =>
        new(ExitCode.Refused, $"the issuer refused: {Text(answer, "error")}");

    static VerbException Unreachable(Exception e) =>
        new(ExitCode.TryAgain, "the issuer cannot be reached, or did not prove who it is", inner: e);
}
