using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IsaExchange.Service.Identity;

/// <summary>
/// The private certificate authority of an embedded exchange. P-256 throughout. A certificate says who somebody is;
/// what they may do is the agreement's to say.
/// </summary>
sealed class PrivateAuthority : IDisposable
{
    /// <summary>Clocks of two machines differ: a certificate is valid a little before it was made.</summary>
    static readonly TimeSpan Backdated = TimeSpan.FromMinutes(5);

    static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    readonly X509Certificate2 _certificate;
    readonly TimeProvider _clock;

    PrivateAuthority(X509Certificate2 certificate, TimeProvider clock) => (_certificate, _clock) = (certificate, clock);

    public string CertificatePem => _certificate.ExportCertificatePem();

    public string KeyPem => _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    public string FingerprintSha256 => _certificate.GetCertHashString(HashAlgorithmName.SHA256);

    public static PrivateAuthority Create(string exchange, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={exchange} private authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = clock.GetUtcNow();
        return new PrivateAuthority(request.CreateSelfSigned(now - Backdated, now.AddYears(10)), clock);
    }

    /// <summary>Certificate and key, as one PEM text, of the service itself.</summary>
    public string IssueServer()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        return Issue("CN=localhost", names, ServerAuthentication, out _);
    }

    /// <summary>Certificate and key, as one PEM text, of a person or a sender, and the digest to enrol.</summary>
    public string IssueCredential(string subject, out string spkiSha256)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(subject));
        return Issue("CN=IsaExchange credential", names, ClientAuthentication, out spkiSha256);
    }

    string Issue(string distinguishedName, SubjectAlternativeNameBuilder names, Oid usage, out string spkiSha256)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(distinguishedName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], true));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var now = _clock.GetUtcNow();
        using var certificate = request.Create(
            _certificate, now - Backdated, now.AddDays(365), RandomNumberGenerator.GetBytes(16));
        spkiSha256 = Spki(certificate);
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Hex SHA-256 of a certificate's public key: what the registry knows a credential by.</summary>
    public static string Spki(X509Certificate2 certificate) =>
        Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    public void Dispose() => _certificate.Dispose();
}
