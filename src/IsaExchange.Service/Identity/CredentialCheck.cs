using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Service.Identity;

/// <summary>
/// Who calls, decided for every call anew: an HTTP/2 connection outlives the certificate it was opened with. A chain to
/// our authority is necessary and not sufficient: the key must be enrolled and not revoked.
/// </summary>
sealed class CredentialCheck(X509Certificate2 authority, ICatalogue catalogue, TimeProvider clock)
{
    const int ChainsRememberedMax = 1024;

    readonly CertificateTrust _trust = new(authority);

    // The chain of a given certificate never changes; its dates and its enrolment are looked at on every call.
    readonly ConcurrentDictionary<string, bool> _chains = new(StringComparer.Ordinal);

    /// <summary>The caller, or null. Why not is not said: every refusal looks the same from outside.</summary>
    public async Task<Caller?> IdentifyAsync(X509Certificate2? certificate, CancellationToken ct)
    {
        if (certificate is null || !InTime(certificate) || !ChainHolds(certificate))
            return null;
        if (CertificateTrust.SubjectOf(certificate) is not { } subject
            || !Principal.TryParse(subject, out var principal))
            return null;
        var spki = PrivateAuthority.Spki(certificate);
        var enrolled = await catalogue.ReadAsync(
            db => db.Credentials.SingleOrDefaultAsync(c => c.SpkiSha256 == spki, ct), ct);
        return enrolled is not null && enrolled.LetsIn(clock.GetUtcNow()) && enrolled.Subject == subject
            ? new Caller(principal, spki)
            : null;
    }

    bool InTime(X509Certificate2 certificate)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return certificate.NotBefore.ToUniversalTime() <= now && now < certificate.NotAfter.ToUniversalTime();
    }

    bool ChainHolds(X509Certificate2 certificate)
    {
        var digest = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        if (_chains.TryGetValue(digest, out var holds))
            return holds;
        holds = _trust.Holds(certificate, clock.GetUtcNow());
        if (_chains.Count >= ChainsRememberedMax)
            _chains.Clear();
        return _chains[digest] = holds;
    }
}
