using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IsaExchange.Exchange;

/// <summary>
/// Whether a certificate is one that the exchange's own authority gave to a person or a sender, and to whom. The same
/// for a call and for a signature; whether its key is enrolled is the registry's to say.
/// </summary>
public sealed class CertificateTrust(X509Certificate2 authority)
{
    const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>Flaws of a chain that another moment, or another look, may not find.</summary>
    const X509ChainStatusFlags Passing = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested
        | X509ChainStatusFlags.CtlNotTimeValid | X509ChainStatusFlags.RevocationStatusUnknown
        | X509ChainStatusFlags.OfflineRevocation;

    public bool Holds(X509Certificate2 certificate, DateTimeOffset when) => Judge(certificate, when) == true;

    /// <summary>
    /// Null when the chain may hold at another time, or the platform threw: one that is bent out of all shape makes it,
    /// and so may something that has nothing to do with it. It is refused like any other, and nothing is to be
    /// concluded from it for the next time.
    /// </summary>
    /// <param name="certificate">Nobody else's: what it says is decoded when it is asked for, and not twice at
    /// once.</param>
    /// <param name="when">The moment at which the chain must hold.</param>
    public bool? Judge(X509Certificate2 certificate, DateTimeOffset when)
    {
        try
        {
            return IsOfAClient(certificate) ? ChainBuilds(certificate, when) : false;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    static bool IsOfAClient(X509Certificate2 certificate) =>
        !certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority)
        && certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(e => e.EnhancedKeyUsages.Cast<Oid>().Any(o => o.Value == ClientAuthentication));

    bool? ChainBuilds(X509Certificate2 certificate, DateTimeOffset when)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);

        // Revocation is the registry's: it acts on the next call, a list would act some day.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        // A stranger's certificate may name an address to fetch its issuer from; we go nowhere on a stranger's word.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = when.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (chain.Build(certificate))
            return true;
        return chain.ChainStatus.All(flaw => (flaw.Status & ~Passing) == X509ChainStatusFlags.NoError) ? null : false;
    }

    /// <summary>The one URI of the subject alternative name; null when there is none, or something else beside
    /// it.</summary>
    public static string? SubjectOf(X509Certificate2 certificate)
    {
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
            return null;
        try
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            var subject = names.ReadCharacterString(
                UniversalTagNumber.IA5String, new Asn1Tag(TagClass.ContextSpecific, 6));
            return names.HasData ? null : subject;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
