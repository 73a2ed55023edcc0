using System.Collections.Frozen;
using System.Net.Http.Headers;
using Azure.Core;
using Azure.Core.Pipeline;

namespace IsaExchange.Service.Adapters.Vault;

/// <summary>
/// The vault says itself, by a 401, which tenant's token for which resource it takes. Until there is a token nothing of
/// a request leaves but its address: no body, so no file key, goes to whoever answers there. Tokens are cached and
/// renewed by the class above.
/// </summary>
sealed class VaultChallengePolicy(TokenCredential credential, Uri vault)
    : BearerTokenAuthenticationPolicy(credential, NoScopeOfOurOwn)
{
    const string NoScopeOfOurOwn = "https://vault.azure.net/.default";

    volatile VaultChallenge? _known;

    protected override ValueTask AuthorizeRequestAsync(HttpMessage message)
    {
        if (_known is { } known)
            return AuthenticateAndAuthorizeRequestAsync(message, known.Context(message.Request.ClientRequestId));
        message.SetProperty(typeof(Withheld), new Withheld(message.Request.Content));
        message.Request.Content = null;
        return default;
    }

    protected override void AuthorizeRequest(HttpMessage message) =>
        throw new NotSupportedException("The vault is called asynchronously only.");

    protected override async ValueTask<bool> AuthorizeRequestOnChallengeAsync(HttpMessage message)
    {
        var challenge = VaultChallenge.Parse(message.Response, vault);
        var withheld = message.TryGetProperty(typeof(Withheld), out var held) ? held as Withheld : null;

        // The same challenge to a request that had a token: another one of the same kind will not be taken either.
        if (withheld is null && challenge == _known)
            return false;
        if (withheld is not null)
            message.Request.Content = withheld.Content;
        if (message.Response.ContentStream is { } refusal)
            await refusal.DisposeAsync();
        await AuthenticateAndAuthorizeRequestAsync(message, challenge.Context(message.Request.ClientRequestId));
        _known = challenge;
        return true;
    }

    protected override bool AuthorizeRequestOnChallenge(HttpMessage message) =>
        throw new NotSupportedException("The vault is called asynchronously only.");

    sealed record Withheld(RequestContent? Content);
}

/// <summary>Which token a vault takes.</summary>
sealed record VaultChallenge(string Scope, string? Tenant)
{
    public TokenRequestContext Context(string request) => new([Scope], request, claims: null, tenantId: Tenant);

    /// <exception cref="VaultChallengeException">No challenge, or one that asks for a token of somebody
    /// else.</exception>
    public static VaultChallenge Parse(Azure.Response response, Uri vault)
    {
        if (!response.Headers.TryGetValue("WWW-Authenticate", out var text)
            || !AuthenticationHeaderValue.TryParse(text, out var header)
            || !string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
            throw new VaultChallengeException("The vault refused the call without saying which token it takes.");
        var words = Words(header.Parameter ?? "");
        var resource = words.GetValueOrDefault("resource") ?? words.GetValueOrDefault("scope");
        if (!Uri.TryCreate(resource, UriKind.Absolute, out var wanted) || wanted.Scheme != Uri.UriSchemeHttps)
            throw new VaultChallengeException("The vault asks for a token without naming a resource.");

        // Whoever sits at the vault's address could otherwise collect a token that opens something else of ours.
        if (!IsOf(wanted.Host, vault.Host))
            throw new VaultChallengeException($"The vault asks for a token of {wanted.Host}, of which it is no part.");
        var scope = resource!.EndsWith("/.default", StringComparison.Ordinal)
            ? resource
            : resource.TrimEnd('/') + "/.default";
        return new VaultChallenge(scope, TenantOf(words.GetValueOrDefault("authorization")));
    }

    static bool IsOf(string parent, string host) =>
        string.Equals(parent, host, StringComparison.OrdinalIgnoreCase)
        || (parent.Contains('.', StringComparison.Ordinal)
            && host.EndsWith("." + parent, StringComparison.OrdinalIgnoreCase));

    static string? TenantOf(string? authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var at) && at.Segments is [_, var first, ..]
            ? first.Trim('/')
            : null;

    static FrozenDictionary<string, string> Words(string parameters) =>
        parameters.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(
                pair => pair[0].Trim(), pair => pair[1].Trim().Trim('"'), StringComparer.OrdinalIgnoreCase);
}

/// <summary>The vault's 401 cannot be answered. Nothing was given to it.</summary>
sealed class VaultChallengeException(string message) : Exception(message);
