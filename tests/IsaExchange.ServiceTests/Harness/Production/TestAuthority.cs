using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>
/// A certificate authority for the servers that stand beside an exchange under test. Programs trust it by
/// <c>SSL_CERT_FILE</c>, so that no setting of the product has to.
/// </summary>
public sealed class TestAuthority : IDisposable
{
    readonly X509Certificate2 _certificate;
    readonly string _folder = Directory.CreateTempSubdirectory("isax-authority-").FullName;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Authority of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        File.WriteAllText(PemFile, _certificate.ExportCertificatePem() + "\n");
    }

    /// <summary>The authority's certificate: for SSL_CERT_FILE.</summary>
    public string PemFile => Path.Combine(_folder, "authority.pem");

    /// <summary>A certificate with its key for a server on this machine.</summary>
    public X509Certificate2 IssueServer()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], true));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        using var issued = request.Create(
            _certificate, new DateTimeOffset(_certificate.NotBefore), new DateTimeOffset(_certificate.NotAfter),
            RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>Certificate and key of a server as two PEM files, for a program that is not ours.</summary>
    public (string Certificate, string Key) IssueServerFiles(string name)
    {
        using var server = IssueServer();
        var files = (Path.Combine(_folder, name + ".pem"), Path.Combine(_folder, name + ".key"));
        File.WriteAllText(files.Item1, server.ExportCertificatePem() + "\n");
        File.WriteAllText(files.Item2, server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n");
        return files;
    }

    /// <summary>A handler of this process that trusts the authority and nobody else.</summary>
    public SocketsHttpHandler TrustingHandler()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return handler;
    }

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
