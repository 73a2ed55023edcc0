using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>
/// A certificate made by whoever holds a certificate authority's key. As it stands it is one the exchange accepts once
/// its key is enrolled; each property makes it wrong in one way.
/// </summary>
public sealed record ForgedCredential
{
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    public const string PoliceSubject = "urn:isaexchange:party:northmere-police:sender:records-system";

    public IReadOnlyList<string> Subjects { get; init; } = [PoliceSubject];

    public DateTimeOffset NotBefore { get; init; } = TimeProvider.System.GetUtcNow().AddMinutes(-1);

    public DateTimeOffset NotAfter { get; init; } = TimeProvider.System.GetUtcNow().AddHours(1);

    public string? Usage { get; init; } = ClientUsage;

    public bool IsAuthority { get; init; }

    /// <summary>Where the certificate says that its issuer can be fetched.</summary>
    public string? IssuerAddress { get; init; }

    /// <summary>Stands in place of a well-formed subject alternative name.</summary>
    public byte[]? RawSubjects { get; init; }

    /// <summary>Signed by the exchange's own private authority.</summary>
    public X509Certificate2 Issue(TestExchange exchange)
    {
        using var authority = X509Certificate2.CreateFromPemFile(
            Path.Combine(exchange.Home, "keys", "authority.pem"), Path.Combine(exchange.Home, "keys", "authority.key"));
        return Issue(authority);
    }

    /// <summary>Signed by an authority that looks the same and is another.</summary>
    public X509Certificate2 IssueByStranger(TestExchange exchange)
    {
        using var real = X509CertificateLoader.LoadCertificateFromFile(
            Path.Combine(exchange.Home, "keys", "authority.pem"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(real.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        using var stranger = request.CreateSelfSigned(NotBefore, NotAfter);
        return Issue(stranger);
    }

    public static string Spki(X509Certificate2 certificate) =>
        Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>Signed by whichever authority, whose key is with it.</summary>
    public X509Certificate2 Issue(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=IsaExchange credential", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(IsAuthority, false, 0, true));
        if (Usage is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(Usage)], true));
        if (IssuerAddress is not null)
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [IssuerAddress]));
        request.CertificateExtensions.Add(SubjectNames());
        using var signingKey = authority.GetECDsaPrivateKey()!;
        using var certificate = request.Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(signingKey), NotBefore, NotAfter,
            RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    X509Extension SubjectNames()
    {
        if (RawSubjects is not null)
            return new X509Extension("2.5.29.17", RawSubjects, critical: false);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var subject in Subjects)
            names.AddUri(new Uri(subject));
        return names.Build();
    }
}
