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
    const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    const string SubjectAlternativeName = "2.5.29.17";
    const int ChainsRememberedMax = 1024;

    // The chain of a given certificate never changes; its dates and its enrolment are looked at on every call.
    readonly ConcurrentDictionary<string, bool> _chains = new(StringComparer.Ordinal);

    /// <summary>The caller, or null. Why not is not said: every refusal looks the same from outside.</summary>
    public async Task<Caller?> IdentifyAsync(X509Certificate2? certificate, CancellationToken ct)
    {
        if (certificate is null || !InTime(certificate) || !ChainHolds(certificate))
            return null;
        if (SubjectOf(certificate) is not { } subject || !Principal.TryParse(subject, out var principal))
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
        holds = BuildChain(certificate);
        if (_chains.Count >= ChainsRememberedMax)
            _chains.Clear();
        return _chains[digest] = holds;
    }

    bool BuildChain(X509Certificate2 certificate)
    {
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority))
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);

        // Revocation is the registry's: it acts on the next call, a list would act some day.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        // A stranger's certificate may name an address to fetch its issuer from; we go nowhere on a stranger's word.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return Builds(chain, certificate)
            && certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
                .Any(e => e.EnhancedKeyUsages.Cast<Oid>().Any(o => o.Value == ClientAuthentication));
    }

    /// <summary>A certificate bent out of all shape makes the platform throw; it is refused like any other.</summary>
    static bool Builds(X509Chain chain, X509Certificate2 certificate)
    {
        try
        {
            return chain.Build(certificate);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The one URI of the subject alternative name; null when there is none, or more than one.</summary>
    static string? SubjectOf(X509Certificate2 certificate)
    {
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
            return null;
        try
        {
            return OneUri(extension);
        }
        catch (System.Formats.Asn1.AsnContentException)
        {
            return null;
        }
    }

    static string? OneUri(X509Extension extension)
    {
        var reader = new System.Formats.Asn1.AsnReader(
            extension.RawData, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        var uri = new System.Formats.Asn1.Asn1Tag(System.Formats.Asn1.TagClass.ContextSpecific, 6);
        string? subject = null;
        while (reader.HasData)
        {
            if (!reader.PeekTag().HasSameClassAndValue(uri) || subject is not null)
                return null;
            subject = reader.ReadCharacterString(System.Formats.Asn1.UniversalTagNumber.IA5String, uri);
        }

        return subject;
    }
}
