using IsaExchange.Agreement;

namespace IsaExchange.Exchange;

/// <summary>Who calls, as proved by the credential of this very call (not of the connection).</summary>
/// <param name="Principal">Subject of the certificate: a sender or a person.</param>
/// <param name="SpkiSha256">Hex SHA-256 of the public key used; goes into every audit event.</param>
public sealed record Caller(Principal Principal, string SpkiSha256)
{
    /// <summary>The rule of the call; null where no call is behind it.</summary>
    public VerbsAsked? Verbs { get; init; }
}
