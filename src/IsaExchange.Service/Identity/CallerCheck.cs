using System.Security.Cryptography.X509Certificates;
using IsaExchange.Exchange;

namespace IsaExchange.Service.Identity;

/// <summary>What a caller was let in by; asked about again while a stream is open.</summary>
sealed record CallerProof(Caller Caller, X509Certificate2? Certificate, TokenHolder? Holder);

/// <summary>
/// Who calls, by certificate, by token, or by both. Two proofs must be of one principal: else the rights of one could
/// be borrowed for the acts of the other.
/// </summary>
sealed class CallerCheck(CredentialCheck credentials, TokenCheck tokens)
{
    const string Bearer = "Bearer ";

    /// <summary>Null for everybody who is not to be let in; why is not said.</summary>
    public async Task<CallerProof?> IdentifyAsync(HttpContext http, CancellationToken ct)
    {
        var certificate = http.Connection.ClientCertificate;
        var authorization = http.Request.Headers.Authorization;
        if (authorization.Count == 0)
            return await credentials.IdentifyAsync(certificate, ct) is { } known
                ? new CallerProof(known, certificate, null)
                : null;
        if (authorization.Count != 1 || authorization[0] is not { } said
            || !said.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return null;
        if (await tokens.IdentifyAsync(said[Bearer.Length..], ct) is not { } holder)
            return null;
        if (certificate is null)
            return new CallerProof(holder.Caller, null, holder);
        return await credentials.IdentifyAsync(certificate, ct) is { } caller
            && caller.Principal == holder.Caller.Principal
            ? new CallerProof(caller, certificate, holder)
            : null;
    }

    public async Task<bool> StillHoldsAsync(CallerProof proof, CancellationToken ct)
    {
        if (proof.Holder is { } holder && !await tokens.StillHoldsAsync(holder, ct))
            return false;
        return proof.Certificate is null
            || await credentials.IdentifyAsync(proof.Certificate, ct) is { } caller && caller == proof.Caller;
    }
}
