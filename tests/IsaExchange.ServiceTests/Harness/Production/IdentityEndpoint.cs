using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>
/// Where a program asks for the token of its machine's identity, as App Service and Container Apps offer it
/// (IDENTITY_ENDPOINT, IDENTITY_HEADER). Its tokens are JWTs of the shape that Entra ID gives out, without a signature
/// that anybody could check: for servers on this machine that look at audience and time only.
/// </summary>
public sealed class IdentityEndpoint : IAsyncDisposable
{
    const string Tenant = "00000000-0000-4000-8000-000000000001";

    readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);
    readonly string _secret = RandomNumberGenerator.GetHexString(32, lowercase: true);
    WebApplication? _app;

    /// <summary>Variables of a program that is to find it.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["IDENTITY_ENDPOINT"] = $"{_app!.Urls.First()}/msi/token",
        ["IDENTITY_HEADER"] = _secret,
    };

    /// <summary>Whether a token of that resource was asked for by that identity; null for the machine's own.</summary>
    public bool WasAskedFor(string resource, string? clientId) => _asked.ContainsKey($"{clientId} {resource}");

    public static async Task<IdentityEndpoint> StartAsync()
    {
        var endpoint = new IdentityEndpoint();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        endpoint._app = builder.Build();
        endpoint._app.MapGet("/msi/token", endpoint.Answer);
        await endpoint._app.StartAsync();
        return endpoint;
    }

    /// <summary>The same tokens for code of this process.</summary>
    public static TokenCredential Credential { get; } = DelegatedTokenCredential.Create(
        (context, _) => new AccessToken(
            Token(context.Scopes[0].Replace("/.default", "", StringComparison.Ordinal)),
            TimeProvider.System.GetUtcNow().AddHours(1)));

    IResult Answer(HttpRequest request, string resource)
    {
        if (request.Headers["X-IDENTITY-HEADER"] != _secret)
            return Results.Unauthorized();
        _asked[$"{request.Query["client_id"]} {resource}"] = true;
        var expires = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        return Results.Json(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["access_token"] = Token(resource),
            ["expires_on"] = expires.ToString(CultureInfo.InvariantCulture),
            ["resource"] = resource,
            ["token_type"] = "Bearer",
        });
    }

    static string Token(string audience)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Part(new { alg = "RS256", typ = "JWT" }) + "." + Part(new
        {
            aud = audience,
            iss = $"https://sts.windows.net/{Tenant}/",
            iat = now.AddMinutes(-5).ToUnixTimeSeconds(),
            nbf = now.AddMinutes(-5).ToUnixTimeSeconds(),
            exp = now.AddHours(1).ToUnixTimeSeconds(),
            tid = Tenant,
            oid = "00000000-0000-4000-8000-000000000002",
        }) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes("unsigned"));
    }

    static string Part(object claims) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
