using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Identity;

/// <summary>
/// The private certificate authority of an embedded exchange. P-256 throughout. A certificate says who somebody is;
/// what they may do is the agreement's to say.
/// </summary>
sealed class PrivateAuthority : ICertificateAuthority, IDisposable
{
    /// <summary>Clocks of two machines differ: a certificate is valid a little before it was made.</summary>
    static readonly TimeSpan Backdated = TimeSpan.FromMinutes(5);

    static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    readonly X509Certificate2 _certificate;
    readonly TimeProvider _clock;

    PrivateAuthority(X509Certificate2 certificate, TimeProvider clock) => (_certificate, _clock) = (certificate, clock);

    public X509Certificate2 Certificate => _certificate;

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

    /// <summary>The authority of a home that has been set up.</summary>
    /// <exception cref="SettingsException">Its key cannot be read.</exception>
    public static PrivateAuthority Open(HomeFolder home, TimeProvider clock)
    {
        try
        {
            return new PrivateAuthority(
                X509Certificate2.CreateFromPemFile(home.AuthorityCertificate, home.AuthorityKey), clock);
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                $"{home.AuthorityKey} or its certificate cannot be read. Restore both from the copy of keys/.");
        }
    }

    /// <summary>Certificate and key, as one PEM text, of the service itself.</summary>
    public string IssueServer()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Sign(
            new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256), names, ServerAuthentication,
            TimeSpan.FromDays(365));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>A certificate for the key of the request, and for nothing else that the request asks for.</summary>
    public IssuedCertificate Issue(Principal subject, SigningRequest request, TimeSpan life)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(subject.Subject));
        using var certificate = Sign(
            new CertificateRequest(
                new X500DistinguishedName("CN=IsaExchange credential"), request.PublicKey, HashAlgorithmName.SHA256),
            names, ClientAuthentication, life);
        return new IssuedCertificate(
            certificate.ExportCertificatePem() + "\n", new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
    }

    X509Certificate2 Sign(
        CertificateRequest request, SubjectAlternativeNameBuilder names, Oid usage, TimeSpan life)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], true));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var now = _clock.GetUtcNow();
        var end = now + life;
        var last = new DateTimeOffset(_certificate.NotAfter.ToUniversalTime());
        return request.Create(
            _certificate, now - Backdated, end < last ? end : last, RandomNumberGenerator.GetBytes(16));
    }

    /// <summary>Hex SHA-256 of a certificate's public key: what the registry knows a credential by.</summary>
    public static string Spki(X509Certificate2 certificate) =>
        Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    public void Dispose() => _certificate.Dispose();
}
