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
    const int RememberedMax = 1024;

    readonly CertificateTrust _trust = new(authority);

    // What a given certificate says never changes, nor does its chain; dates and enrolment are looked at on every call.
    readonly ConcurrentDictionary<string, Shown> _known = new(StringComparer.Ordinal);

    /// <summary>The caller, or null. Why not is not said: every refusal looks the same from outside.</summary>
    /// <param name="certificate">Of the connection, and so of all its streams at once: only its bytes are
    /// taken.</param>
    public async Task<Caller?> IdentifyAsync(X509Certificate2? certificate, CancellationToken ct)
    {
        if (certificate is null || Read(certificate.RawDataMemory.Span) is not { Caller: { } caller } shown
            || !shown.IsInTime(clock.GetUtcNow()))
            return null;
        var enrolled = await catalogue.ReadAsync(
            db => db.Credentials.SingleOrDefaultAsync(c => c.SpkiSha256 == caller.CredentialSha256, ct), ct);
        return enrolled is not null && enrolled.LetsIn(clock.GetUtcNow())
            && enrolled.Subject == caller.Principal.Subject ? caller : null;
    }

    /// <summary>Null when nothing is to be concluded from this look.</summary>
    Shown? Read(ReadOnlySpan<byte> der)
    {
        var digest = Convert.ToHexString(SHA256.HashData(der));
        if (_known.TryGetValue(digest, out var known))
            return known;
        try
        {
            // A copy of our own: a certificate decodes its extensions when they are asked for, and parallel streams of
            // one connection that ask at once can find one that says nothing.
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
            var now = clock.GetUtcNow();
            if (!new Shown(null, from, until).IsInTime(now) || _trust.Judge(certificate, now) is not { } holds)
                return null;
            return Remember(digest, new Shown(holds ? CallerOf(certificate) : null, from, until));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    Shown Remember(string digest, Shown shown)
    {
        if (_known.Count >= RememberedMax)
            _known.Clear();
        return _known[digest] = shown;
    }

    static Caller? CallerOf(X509Certificate2 certificate) =>
        CertificateTrust.SubjectOf(certificate) is { } subject && Principal.TryParse(subject, out var principal)
            ? new Caller(principal, PrivateAuthority.Spki(certificate))
            : null;

    /// <param name="Caller">Null for a certificate that never lets anybody in.</param>
    sealed record Shown(Caller? Caller, DateTime From, DateTime Until)
    {
        public bool IsInTime(DateTimeOffset now) => From <= now.UtcDateTime && now.UtcDateTime < Until;
    }
}
