namespace IsaExchange.Service.Settings;

/// <summary>
/// An OpenID provider whose access tokens are taken, and what is demanded of them. Who can change this decides who can
/// say who people are.
/// </summary>
public sealed record IssuerSettings
{
    static readonly string[] Algorithms = ["RS256", "PS256"];

    /// <summary>To the letter, as its tokens and its discovery document name it.</summary>
    public required string Issuer { get; init; }

    /// <summary>What tokens for this exchange name as their audience.</summary>
    public required string Audience { get; init; }

    /// <summary>Programs (client ids) whose tokens are taken.</summary>
    public required IReadOnlyList<string> AllowedClients { get; init; }

    /// <summary>The one signature algorithm taken: RS256 or PS256.</summary>
    public string Algorithm { get; init; } = "RS256";

    /// <summary>Claim that names the person for ever: sub, or oid where sub differs between programs.</summary>
    public string SubjectClaim { get; init; } = "sub";

    public string TenantClaim { get; init; } = "tid";

    /// <summary>Home tenants of the authorities; empty where the issuer has no tenants.</summary>
    public IReadOnlyList<string> AllowedTenants { get; init; } = [];

    /// <summary>Tokens must say that their holder proved themselves twice.</summary>
    public bool RequireMfa { get; init; } = true;

    /// <summary>Values of the acr claim that say so, where the issuer does not write mfa into amr.</summary>
    public IReadOnlyList<string> MfaContexts { get; init; } = [];

    /// <summary>PEM file of the authority that the issuer's own HTTPS certificate is of; else the machine's.</summary>
    public string? TrustedAuthority { get; init; }

    /// <summary>What is wrong with it, as a sentence; null when nothing is.</summary>
    internal string? Fault()
    {
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var uri) || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            return "issuer must be an https address without query.";
        var isPlainOnLoopback = uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && ServiceEnvironment.IsDevelopment;
        if (uri.Scheme != Uri.UriSchemeHttps && !isPlainOnLoopback)
            return "issuer must be an https address: its keys come from there.";
        if (Audience.Length == 0 || AllowedClients.Count == 0 || SubjectClaim.Length == 0)
            return "audience, allowed_clients and subject_claim must not be empty.";
        if (!Algorithms.Contains(Algorithm, StringComparer.Ordinal))
            return "algorithm must be RS256 or PS256.";
        if (SubjectClaim is "email" or "upn" or "preferred_username" or "unique_name")
            return "subject_claim must be one that never passes to another person: sub or oid.";
        return TrustedAuthority is { } pem && !File.Exists(pem)
            ? $"trusted_authority names a file that does not exist: {pem}" : null;
    }
}
