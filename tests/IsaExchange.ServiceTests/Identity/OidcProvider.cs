using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>What a login gave.</summary>
public sealed record LoginTokens(string AccessToken, string IdToken);

/// <summary>
/// A real OpenID provider (npm oidc-provider) as a process on loopback, under an authority of its own making. The tests
/// hold its signing key, so that they can also sign what it never would.
/// </summary>
public sealed partial class OidcProvider : IAsyncDisposable
{
    public const string Client = "isax";
    public const string OtherClient = "another-program";
    public const string Audience = "https://isaexchange.example/northmere";
    public const string KeyId = "of-the-provider";

    readonly Process _process;
    readonly string _folder;

    OidcProvider(Process process, string folder, string issuer, RSA key) =>
        (_process, _folder, Issuer, Key) = (process, folder, issuer, key);

    public string Issuer { get; }

    /// <summary>Signs every token.</summary>
    public RSA Key { get; }

    /// <summary>Of the provider's HTTPS certificate.</summary>
    public string AuthorityPem => Path.Combine(_folder, "authority.pem");

    static string Script => Path.Combine(SharedFolders.Repository, "tests", "oidc", "provider.mjs");

    public static async Task<OidcProvider> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("isax-oidc-").FullName;
        var port = TestExchange.FreePort();
        var issuer = $"https://localhost:{port}";
        var key = RSA.Create(2048);
        var given = new JsonObject
        {
            ["issuer"] = issuer,
            ["port"] = port,
            ["jwks"] = new JsonObject { ["keys"] = new JsonArray(Jwk(key)) },
            ["client"] = Client,
            ["otherClient"] = OtherClient,
            ["audience"] = Audience,
        };
        MakeCertificates(folder, given);
        var file = Path.Combine(folder, "given.json");
        await File.WriteAllTextAsync(file, given.ToJsonString());
        var process = Programs.Start("node", Script, file);
        var said = await process.StandardOutput.ReadLineAsync();
        if (said?.StartsWith("provider on", StringComparison.Ordinal) != true)
            throw new InvalidOperationException(
                $"The provider does not run: {await process.StandardError.ReadToEndAsync()}");

        // Read to nowhere: a provider whose pipe is full would stand still.
        _ = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        return new OidcProvider(process, folder, issuer, key);
    }

    /// <summary>Logs an account in by the device grant, the browser's part included.</summary>
    public async Task<LoginTokens> LoginAsync(string account, string client = Client)
    {
        using var http = Http();
        var device = await PostAsync(http, "/device/auth", new()
        {
            ["client_id"] = client, ["scope"] = "openid isa", ["login_hint"] = account,
        });
        await EnterAsync(http, (string)device["user_code"]!);
        var tokens = await PostAsync(http, "/token", new()
        {
            ["client_id"] = client,
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code",
            ["device_code"] = (string)device["device_code"]!,
        });
        return new LoginTokens((string)tokens["access_token"]!, (string)tokens["id_token"]!);
    }

    /// <summary>What the person does who was shown a code.</summary>
    public async Task EnterAsync(string userCode)
    {
        using var http = Http();
        await EnterAsync(http, userCode);
    }

    static async Task EnterAsync(HttpClient http, string userCode)
    {
        var page = await http.GetStringAsync($"/device?user_code={userCode}");
        var secret = HiddenField().Match(page).Groups[1].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["xsrf"] = secret, ["user_code"] = userCode, ["confirm"] = "yes",
        });
        using var done = await http.PostAsync("/device", form);
        done.EnsureSuccessStatusCode();
    }

    static async Task<JsonObject> PostAsync(HttpClient http, string path, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await http.PostAsync(path, form);
        var said = await answer.Content.ReadFromJsonAsync<JsonObject>();
        return answer.IsSuccessStatusCode ? said! : throw new InvalidOperationException($"{path}: {said}");
    }

    HttpClient Http()
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.ImportFromPemFile(AuthorityPem);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            CookieContainer = new CookieContainer(),
            SslOptions = { CertificateChainPolicy = trust },
        };
        return new HttpClient(handler) { BaseAddress = new Uri(Issuer) };
    }

    static JsonObject Jwk(RSA key)
    {
        var p = key.ExportParameters(true);
        var jwk = new JsonObject { ["kty"] = "RSA", ["kid"] = KeyId, ["use"] = "sig", ["alg"] = "RS256" };
        foreach (var (name, value) in (ReadOnlySpan<(string, byte[]?)>)
            [("n", p.Modulus), ("e", p.Exponent), ("d", p.D), ("p", p.P), ("q", p.Q), ("dp", p.DP), ("dq", p.DQ),
            ("qi", p.InverseQ)])
            jwk[name] = Base64Url.EncodeToString(value);
        return jwk;
    }

    static void MakeCertificates(string folder, JsonObject given)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Authority of the provider", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = root.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "authority.pem"), authority.ExportCertificatePem() + "\n");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        leaf.CertificateExtensions.Add(names.Build());
        using var server = leaf.Create(
            authority, now.AddHours(-1), now.AddDays(1).AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
        given["key"] = key.ExportPkcs8PrivateKeyPem();
        given["cert"] = server.ExportCertificatePem();
    }

    [GeneratedRegex("name=\"xsrf\" value=\"([^\"]+)\"")]
    private static partial Regex HiddenField();

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
