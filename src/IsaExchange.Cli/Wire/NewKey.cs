using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IsaExchange.Cli.Wire;

/// <summary>
/// A key made on this machine and the request for its certificate. The key never leaves; the request's signature
/// proves that its maker holds it.
/// </summary>
sealed record NewKey(string KeyPem, byte[] Request)
{
    public string RequestPem => PemEncoding.WriteString("CERTIFICATE REQUEST", Request) + "\n";

    /// <summary>Key and request as one text; kept until the certificate is there.</summary>
    public string Pem => KeyPem + RequestPem;

    public static NewKey Make(string holder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=IsaExchange credential", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(holder));
        request.CertificateExtensions.Add(names.Build());
        return new NewKey(key.ExportPkcs8PrivateKeyPem() + "\n", request.CreateSigningRequest());
    }

    /// <summary>What <see cref="Pem"/> wrote.</summary>
    /// <exception cref="VerbException">The file holds something else.</exception>
    public static NewKey Read(string path)
    {
        var text = File.ReadAllText(path);
        var label = "-----BEGIN CERTIFICATE REQUEST-----";
        var at = text.IndexOf(label, StringComparison.Ordinal);
        return at > 0
            ? new NewKey(text[..at], RequestOf(text[at..], path))
            : throw new VerbException(ExitCode.Usage, $"{path} does not hold a key and its request", "remove it");
    }

    /// <summary>DER of a request in PEM or DER.</summary>
    public static byte[] ReadRequest(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().StartsWith("-----BEGIN"u8) ? RequestOf(File.ReadAllText(path), path) : bytes;
    }

    static byte[] RequestOf(string pem, string path)
    {
        var found = PemEncoding.TryFind(pem, out var fields) ? fields : default;
        if (pem[fields.Label] != "CERTIFICATE REQUEST")
            throw new VerbException(ExitCode.Usage, $"{path} does not hold a certificate request");
        return Convert.FromBase64String(pem[found.Base64Data]);
    }
}
