using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IsaExchange.Service.Identity;

/// <summary>Somebody whom an issuer's token vouches for, and until when.</summary>
sealed record TokenHolder(Caller Caller, string Issuer, string Subject, DateTimeOffset Until);

/// <summary>An issuer, what is demanded of its tokens, and its keys.</summary>
/// <param name="IsDemo">Its subjects are persons' ids; only a development service has one.</param>
sealed record TrustedIssuer(IssuerSettings Settings, IIssuerKeys Keys, bool IsDemo = false);

/// <summary>
/// Takes access tokens of the issuers in the settings, strictly. A token says who somebody is, and only by issuer and
/// subject; whom that is the registry of identities knows, and what they may do is the agreement's to say.
/// </summary>
sealed class TokenCheck(IReadOnlyList<TrustedIssuer> issuers, ICatalogue catalogue, TimeProvider clock)
{
    const int TokenLengthMax = 8 << 10;
    static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LifeMax = TimeSpan.FromMinutes(90);
    static readonly string[] Types = ["JWT", "at+jwt"];

    static readonly JsonWebTokenHandler Handler = new()
    {
        MapInboundClaims = false, MaximumTokenSizeInBytes = TokenLengthMax,
    };

    /// <summary>Null for every token that is not to be taken.</summary>
    public async Task<TokenHolder?> IdentifyAsync(string token, CancellationToken ct)
    {
        // Two dots: signed. A token sealed for us, with four, nobody was told to make.
        if (token.Length > TokenLengthMax || token.Count('.'.Equals) != 2 || !Handler.CanReadToken(token))
            return null;
        if (Parse(token) is not { } unverified
            || issuers.FirstOrDefault(i => i.Settings.Issuer == unverified.Issuer) is not { } issuer)
            return null;
        if (await VerifiedAsync(token, issuer, ct) is not { } verified
            || TokenClaims.Read(verified) is not { } claims
            || TokenRules.Until(claims, issuer.Settings, clock.GetUtcNow(), Skew, LifeMax) is not { } until
            || claims.Text(issuer.Settings.SubjectClaim) is not { } subject)
            return null;
        var person = await PersonAsync(issuer, subject, ct);
        if (person is null)
            return null;
        var caller = new Caller(person, Digest(claims, verified)) { IsByToken = true };
        return new TokenHolder(caller, issuer.Settings.Issuer, subject, until + Skew);
    }

    /// <summary>Whether a token that was taken would still be: it runs out, and its subject can be unlinked.</summary>
    public async Task<bool> StillHoldsAsync(TokenHolder holder, CancellationToken ct) =>
        clock.GetUtcNow() < holder.Until
        && issuers.FirstOrDefault(i => i.Settings.Issuer == holder.Issuer) is { } issuer
        && await PersonAsync(issuer, holder.Subject, ct) == holder.Caller.Principal;

    static JsonWebToken? Parse(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    static async Task<JsonWebToken?> VerifiedAsync(string token, TrustedIssuer issuer, CancellationToken ct)
    {
        if (await issuer.Keys.CurrentAsync(ct) is not { } keys)
            return null;
        var result = await Handler.ValidateTokenAsync(token, Parameters(issuer.Settings, keys));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && await issuer.Keys.RefreshAsync(ct)
            && await issuer.Keys.CurrentAsync(ct) is { } newer)
            result = await Handler.ValidateTokenAsync(token, Parameters(issuer.Settings, newer));
        return result.IsValid && result.SecurityToken is JsonWebToken verified
            && !verified.TryGetHeaderValue<object>("crit", out _)
            ? verified
            : null;
    }

    static TokenValidationParameters Parameters(IssuerSettings issuer, ICollection<SecurityKey> keys) => new()
    {
        ValidateIssuer = true,
        ValidIssuer = issuer.Issuer,
        ValidateAudience = true,
        ValidAudience = issuer.Audience,
        ValidateLifetime = true,
        RequireExpirationTime = true,
        ClockSkew = Skew,
        RequireSignedTokens = true,
        ValidateIssuerSigningKey = true,
        IssuerSigningKeys = keys,

        // Only the key that the token names: trying them all would let any key of the issuer stand for any other.
        TryAllIssuerSigningKeys = false,
        ValidAlgorithms = [issuer.Algorithm],
        ValidTypes = Types,
    };

    async Task<Principal?> PersonAsync(TrustedIssuer issuer, string subject, CancellationToken ct)
    {
        if (issuer.IsDemo)
            return Person(subject);
        var name = issuer.Settings.Issuer;
        var link = await catalogue.ReadAsync(
            db => db.Identities.SingleOrDefaultAsync(i => i.Issuer == name && i.Subject == subject, ct), ct);
        return link is null ? null : Person(link.Person);
    }

    static Principal? Person(string id) =>
        Principal.TryParse(Principal.ForPerson(id).Subject, out var person) ? person : null;

    /// <summary>Of the token's id, or of its signature where an issuer gives none: it must tell tokens apart, and say
    /// nothing.</summary>
    static string Digest(TokenClaims claims, JsonWebToken token) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(claims.Text("jti") ?? claims.Text("uti") ?? token.EncodedSignature)));
}

/// <summary>What a token must say beyond what its signature proves.</summary>
static class TokenRules
{
    // Who a token was made for; every one that it has must be allowed.
    static readonly string[] ClientClaims = ["azp", "appid", "client_id"];

    // An ID token has none of these: it says that somebody logged in somewhere, not that they may call us.
    static readonly string[] ScopeClaims = ["scp", "scope", "roles"];

    /// <summary>When it runs out; null when a rule is against it.</summary>
    public static DateTimeOffset? Until(
        TokenClaims claims, IssuerSettings issuer, DateTimeOffset now, TimeSpan skew, TimeSpan lifeMax)
    {
        if (claims.Time("exp") is not { } expires || claims.Time("iat") is not { } issued
            || issued > now + skew || now >= expires + skew || expires - issued > lifeMax)
            return null;
        var clients = ClientClaims.Where(claims.Has).Select(claims.Text).ToList();
        var isForClient = clients.Count > 0
            && clients.TrueForAll(c => c is not null && issuer.AllowedClients.Contains(c, StringComparer.Ordinal));
        var isAccessToken = ScopeClaims.Any(c => claims.Words(c).Count > 0);
        var isOfTenant = issuer.AllowedTenants.Count == 0
            || (claims.Text(issuer.TenantClaim) is { } tenant
                && issuer.AllowedTenants.Contains(tenant, StringComparer.Ordinal));

        // A token that is bound to a key is worth nothing to whoever does not show that key, and we do not ask for it.
        return isForClient && isAccessToken && isOfTenant && IsByMfa(claims, issuer) && !claims.Has("cnf")
            ? expires
            : null;
    }

    static bool IsByMfa(TokenClaims claims, IssuerSettings issuer) => !issuer.RequireMfa
        || claims.Words("amr").Contains("mfa", StringComparer.Ordinal)
        || (claims.Text("acr") is { } acr && issuer.MfaContexts.Contains(acr, StringComparer.Ordinal));
}
