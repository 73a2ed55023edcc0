using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>How a vault can be away.</summary>
public enum VaultOutage
{
    None,

    /// <summary>Every call is answered 503.</summary>
    Unavailable,

    /// <summary>No call is answered.</summary>
    Hanging,
}

/// <summary>
/// Stands in for Azure Key Vault, of which there is no real one to be had without an account: the documented contract
/// of its REST interface 7.4 for RSA keys over TLS, and nothing beside it. A token is taken when its audience, tenant
/// and time are right. As the real one does, it wraps with a disabled version and refuses to unwrap with it.
/// </summary>
public sealed class VaultStandIn : IAsyncDisposable
{
    public const string Tenant = "00000000-0000-4000-8000-000000000001";
    const int VersionsOnAPage = 2;

    readonly VaultStandInKeys _keys = new();
    readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    readonly X509Certificate2 _certificate;
    readonly int _port;
    WebApplication? _app;
    int _throttled;

    VaultStandIn(X509Certificate2 certificate, int port) => (_certificate, _port) = (certificate, port);

    /// <summary>The vault's address; keys are named by it.</summary>
    public Uri Address => new($"https://localhost:{_port}");

    /// <summary>Resource of which the challenge says that its tokens are taken.</summary>
    public string Resource { get; set; } = "https://localhost";

    /// <summary>The address by which callers know the vault and its keys, where something stands between.</summary>
    public Uri? KnownAs { get; set; }

    /// <summary>Rights that the caller does not have: get list create rotate update delete wrapKey unwrapKey.</summary>
    public ISet<string> Denied { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Rights that the caller has and needs not: backup purge recover decrypt sign.</summary>
    public ISet<string> Granted { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>What becomes of deleted keys.</summary>
    public string RecoveryLevel { get; set; } = "Recoverable";

    /// <summary>By which versions are dated; tokens are looked at by that of the machine.</summary>
    public TimeProvider Clock
    {
        get => _keys.Clock;
        set => _keys.Clock = value;
    }

    public VaultOutage Outage { get; set; }

    /// <summary>The next call of this operation is carried out, and its answer lost.</summary>
    public string? LoseAnswerOf { get; set; }

    /// <summary>Seconds that a throttled caller is told to wait.</summary>
    public int RetryAfterSeconds { get; set; } = 1;

    /// <summary>How long a deleted key can be recovered.</summary>
    public TimeSpan Recoverable { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a deletion takes: until then the key is neither there nor among the deleted.</summary>
    public TimeSpan Deleting { get; set; }

    /// <summary>Bytes of bodies that came without a token.</summary>
    public long AnonymousBytes { get; private set; }

    /// <summary>Tenants of the tokens that were taken.</summary>
    public ConcurrentDictionary<string, int> TokenTenants { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => _keys.Names;

    public static async Task<VaultStandIn> StartAsync(TestAuthority authority)
    {
        var vault = new VaultStandIn(authority.IssueServer(), TestExchange.FreePort());
        await vault.RestartAsync();
        return vault;
    }

    /// <summary>Calls of an operation that were let in: also "challenge" and "throttled".</summary>
    public int Count(string operation) => _counts.GetValueOrDefault(operation);

    /// <summary>The next calls are answered 429.</summary>
    public void Throttle(int calls) => Interlocked.Exchange(ref _throttled, calls);

    /// <summary>Addresses of the versions of a key, oldest first.</summary>
    public IReadOnlyList<string> Kids(string name) =>
        [.. (_keys.Versions(name) ?? []).Select(v => $"{Authority}/keys/{name}/{v.Id}")];

    /// <summary>What an administrator of the vault can do behind our back.</summary>
    public void SetEnabled(string kid, bool enabled)
    {
        var parts = new Uri(kid).AbsolutePath.Split('/');
        _keys.Find(parts[2], parts[3])!.IsEnabled = enabled;
    }

    public void Delete(string name) => _keys.Delete(name, Recoverable);

    public void Recover(string name) => _keys.Recover(name);

    public void Purge(string name) => _keys.Purge(name);

    /// <summary>Connections are refused from now on; the keys stay.</summary>
    public async Task KillAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await app.StopAsync(now.Token);
            await app.DisposeAsync();
        }
    }

    public async Task RestartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, _port, listen => listen.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _keys.Dispose();
        _certificate.Dispose();
    }

    string Authority => (KnownAs ?? Address).GetLeftPart(UriPartial.Authority);

    async Task AnswerAsync(HttpContext call)
    {
        if (Outage == VaultOutage.Hanging)
            await Task.Delay(Timeout.Infinite, call.RequestAborted);
        var (operation, right, answer) = await ServeAsync(call);
        if (operation.Length > 0)
            _counts.AddOrUpdate(operation, 1, (_, n) => n + 1);
        if (LoseAnswerOf == operation && right)
        {
            LoseAnswerOf = null;
            call.Abort();
            return;
        }

        call.Response.StatusCode = answer.Status;
        await call.Response.WriteAsJsonAsync(answer.Body, call.RequestAborted);
    }

    async Task<(string Operation, bool Done, Answer Answer)> ServeAsync(HttpContext call)
    {
        if (Outage == VaultOutage.Unavailable)
            return ("", false, Error(503, "ServiceUnavailable"));
        using var body = new MemoryStream();
        await call.Request.Body.CopyToAsync(body, call.RequestAborted);
        if (!IsTokenTaken(call.Request.Headers.Authorization.ToString()))
        {
            AnonymousBytes += body.Length;
            call.Response.Headers.WWWAuthenticate =
                $"Bearer authorization=\"https://login.microsoftonline.com/{Tenant}\", resource=\"{Resource}\"";
            return ("challenge", false, Error(401, "Unauthorized"));
        }

        if (call.Request.Query["api-version"] != "7.4")
            return ("", false, Error(400, "BadParameter"));
        if (Interlocked.Decrement(ref _throttled) >= 0)
        {
            call.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
            return ("throttled", false, Error(429, "Throttled"));
        }

        var path = call.Request.Path.Value!.Split('/')[1..];
        var (operation, right, work) = Route(call.Request, path, body.ToArray());
        if (work is null)
            return ("", false, Error(404, "NotFound"));
        if (Denied.Contains(right))
            return (operation, false, Error(403, "Forbidden", "ForbiddenByPolicy"));
        var answer = work();
        return (operation, answer.Status == 200, answer);
    }

    (string Operation, string Right, Func<Answer>? Work) Route(HttpRequest request, string[] path, byte[] body) =>
        (request.Method, path) switch
        {
            ("GET", ["keys", var name, "versions"]) => ("versions", "list", () => List(request, name)),
            ("GET", ["keys", var name]) => ("get", "get", () => Get(name)),
            ("POST", ["keys", var name, "create"]) => ("create", "create", () => Create(name, body)),
            ("POST", ["keys", var name, "rotate"]) => ("rotate", "rotate", () => Rotate(name)),
            ("PATCH", ["keys", var name, var version]) => ("update", "update", () => Update(name, version, body)),
            ("DELETE", ["keys", var name]) =>
                ("delete", "delete", () => Deleted(name, _keys.Delete(name, Recoverable))),
            ("GET", ["deletedkeys", var name]) =>
                ("getdeleted", "get", () => Deleted(name, _keys.FindDeleted(name, Deleting))),
            ("POST", ["keys", var name, var version, "wrapkey"]) =>
                ("wrapkey", "wrapKey", () => Use(name, version, body, isWrap: true)),
            ("POST", ["keys", var name, var version, "unwrapkey"]) =>
                ("unwrapkey", "unwrapKey", () => Use(name, version, body, isWrap: false)),
            ("POST", ["keys", _, "backup"]) => Unneeded("backup"),
            ("DELETE", ["deletedkeys", _]) => Unneeded("purge"),
            ("POST", ["deletedkeys", _, "recover"]) => Unneeded("recover"),
            ("POST", ["keys", _, _, "decrypt"]) => Unneeded("decrypt"),
            ("POST", ["keys", _, _, "sign"]) => Unneeded("sign"),
            _ => ("", "", null),
        };

    /// <summary>Forbidden unless it was granted. It does nothing here: nobody is to ask it of a key that is
    /// there.</summary>
    (string Operation, string Right, Func<Answer>? Work) Unneeded(string right) => (right, right, () =>
        Granted.Contains(right) ? Error(404, "KeyNotFound") : Error(403, "Forbidden", "ForbiddenByPolicy"));

    Answer Get(string name) => _keys.Versions(name) is [.., var latest]
        ? Bundle(name, latest)
        : Error(404, "KeyNotFound");

    Answer List(HttpRequest request, string name)
    {
        if (_keys.Versions(name) is not { } versions)
            return Ok(new { value = Array.Empty<object>(), nextLink = (string?)null });
        var from = int.TryParse(request.Query["$skiptoken"], out var token) ? token : 0;
        var page = versions.Skip(from).Take(VersionsOnAPage)
            .Select(v => new { kid = Kid(name, v), attributes = Attributes(v) });
        var next = from + VersionsOnAPage;
        return Ok(new
        {
            value = page,
            nextLink = next < versions.Count
                ? $"{Authority}/keys/{name}/versions?api-version=7.4&$skiptoken={next}&maxresults={VersionsOnAPage}"
                : null,
        });
    }

    Answer Create(string name, byte[] body)
    {
        var wanted = JsonElement.Parse(body);
        var bits = wanted.TryGetProperty("key_size", out var size) ? size.GetInt32() : 2048;
        if (wanted.GetProperty("kty").GetString() != "RSA" || bits is not (2048 or 3072 or 4096) || !IsName(name))
            return Error(400, "BadParameter");
        var operations = wanted.TryGetProperty("key_ops", out var ops)
            ? ops.EnumerateArray().Select(o => o.GetString()!).ToArray()
            : ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];
        return Added(name, _keys.Add(name, bits, operations));
    }

    Answer Rotate(string name) => _keys.Versions(name) is [.., var latest]
        ? Added(name, _keys.Add(name, latest.Public.Modulus!.Length * 8, latest.Operations))
        : Error(404, "KeyNotFound");

    Answer Added(string name, StoodInVersion? made) =>
        made is null ? Error(409, "Conflict", "ObjectIsDeletedButRecoverable") : Bundle(name, made);

    Answer Update(string name, string version, byte[] body)
    {
        if (_keys.Find(name, version) is not { } found)
            return Error(404, "KeyNotFound");
        if (JsonElement.Parse(body).GetProperty("attributes").TryGetProperty("enabled", out var enabled))
            found.IsEnabled = enabled.GetBoolean();
        return Bundle(name, found);
    }

    Answer Use(string name, string version, byte[] body, bool isWrap)
    {
        if (_keys.Find(name, version) is not { } found)
            return Error(404, "KeyNotFound");
        var asked = JsonElement.Parse(body);
        if (asked.GetProperty("alg").GetString() != "RSA-OAEP-256")
            return Error(400, "BadParameter");
        if (!found.Operations.Contains(isWrap ? "wrapKey" : "unwrapKey"))
            return Error(403, "Forbidden", "KeyOperationForbidden");
        if (!isWrap && !found.IsEnabled)
            return Error(403, "Forbidden", "KeyDisabled");
        try
        {
            var value = Base64Url.DecodeFromChars(asked.GetProperty("value").GetString());
            var result = isWrap ? found.Wrap(value) : found.Unwrap(value);
            return Ok(new { kid = Kid(name, found), value = Base64Url.EncodeToString(result) });
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return Error(400, "BadParameter");
        }
    }

    Answer Deleted(string name, StoodInDeletion? deletion) => deletion is null
        ? Error(404, "KeyNotFound")
        : Ok(new
        {
            recoveryId = $"{Authority}/deletedkeys/{name}",
            deletedDate = deletion.Deleted.ToUnixTimeSeconds(),
            scheduledPurgeDate = deletion.Purge.ToUnixTimeSeconds(),
            key = Jwk(name, deletion.Versions[^1]),
            attributes = Attributes(deletion.Versions[^1]),
        });

    Answer Bundle(string name, StoodInVersion version) =>
        Ok(new { key = Jwk(name, version), attributes = Attributes(version) });

    object Jwk(string name, StoodInVersion version) => new
    {
        kid = Kid(name, version),
        kty = "RSA",
        key_ops = version.Operations,
        n = Base64Url.EncodeToString(version.Public.Modulus),
        e = Base64Url.EncodeToString(version.Public.Exponent),
    };

    object Attributes(StoodInVersion version) => new
    {
        enabled = version.IsEnabled,
        created = version.Made.ToUnixTimeSeconds(),
        updated = version.Made.ToUnixTimeSeconds(),
        recoveryLevel = RecoveryLevel,
        recoverableDays = (int)Recoverable.TotalDays,
    };

    string Kid(string name, StoodInVersion version) => $"{Authority}/keys/{name}/{version.Id}";

    static bool IsName(string name) =>
        name.Length is > 0 and <= 127 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    bool IsTokenTaken(string authorization)
    {
        if (authorization.Split(' ') is not ["Bearer", var token] || token.Split('.') is not [_, var claims, _]
            || !Base64Url.IsValid(claims))
            return false;
        var said = JsonElement.Parse(Base64Url.DecodeFromChars(claims));
        if (!said.TryGetProperty("tid", out var tid))
            return false;
        var tenant = tid.GetString()!;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var taken = said.GetProperty("aud").GetString() == Resource && tenant == Tenant
            && said.GetProperty("exp").GetInt64() > now && said.GetProperty("nbf").GetInt64() <= now;
        if (taken)
            TokenTenants.AddOrUpdate(tenant, 1, (_, n) => n + 1);
        return taken;
    }

    static Answer Ok(object body) => new(200, body);

    static Answer Error(int status, string code, string? inner = null) => new(status, inner is null
        ? new { error = new { code, message = "Said by the stand-in." } }
        : new { error = new { code, message = "Said by the stand-in.", innererror = new { code = inner } } });

    readonly record struct Answer(int Status, object Body);
}
