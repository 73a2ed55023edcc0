using IsaExchange.Agreement;

namespace IsaExchange.Exchange;

/// <summary>Who calls, as proved by the credential of this very call (not of the connection).</summary>
/// <param name="Principal">A sender or a person.</param>
/// <param name="CredentialSha256">Goes into every audit event: hex SHA-256 of the public key of the certificate used,
/// or of the id of the token used. Neither says who it is.</param>
public sealed record Caller(Principal Principal, string CredentialSha256)
{
    /// <summary>An identity provider vouches for the caller; no key of theirs took part.</summary>
    public bool IsByToken { get; init; }

    /// <summary>What this very call must ask, and has asked, of an agreement; null outside of a call.</summary>
    public VerbsAsked? Verbs { get; init; }
}
