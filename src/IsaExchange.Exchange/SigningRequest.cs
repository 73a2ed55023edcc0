using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IsaExchange.Agreement;

namespace IsaExchange.Exchange;

/// <summary>
/// A PKCS#10 request whose signature proves that whoever made it holds the key. Of what it asks for only the key is
/// taken: name, usage and life of a certificate are ours to say.
/// </summary>
public sealed class SigningRequest
{
    const int BytesMax = 8 << 10;
    const string EllipticCurve = "1.2.840.10045.2.1";
    const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>DER of the object identifier of P-256.</summary>
    static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    SigningRequest(PublicKey key)
    {
        PublicKey = key;
        SpkiSha256 = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    public PublicKey PublicKey { get; }

    public string SpkiSha256 { get; }

    /// <summary>Reads and checks the DER form of a request that is to become a credential of this subject.</summary>
    /// <exception cref="ExchangeException">INVALID_ARGUMENT, saying what is wrong with it.</exception>
    public static SigningRequest Parse(ReadOnlySpan<byte> der, Principal subject)
    {
        if (der.Length is 0 or > BytesMax)
            throw Malformed();
        var read = Load(der, CertificateRequestLoadOptions.SkipSignatureValidation
            | CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        if (read.PublicKey.Oid.Value != EllipticCurve
            || !P256.AsSpan().SequenceEqual(read.PublicKey.EncodedParameters?.RawData))
            throw ExchangeException.Invalid(
                "KEY_NOT_P256", "The key of the request is not an elliptic-curve key on P-256. Make one that is.");
        foreach (var name in read.CertificateExtensions.Where(e => e.Oid?.Value == SubjectAlternativeName))
            CheckNames(name, subject);
        try
        {
            return new SigningRequest(Load(der, CertificateRequestLoadOptions.Default).PublicKey);
        }
        catch (ExchangeException)
        {
            throw ExchangeException.Invalid(
                "KEY_NOT_PROVED", "The request is not signed by the key that it holds. Make it anew on the machine"
                + " that has the key.");
        }
    }

    static CertificateRequest Load(ReadOnlySpan<byte> der, CertificateRequestLoadOptions options)
    {
        try
        {
            var request = CertificateRequest.LoadSigningRequest(
                der, HashAlgorithmName.SHA256, out var used, options);
            return used == der.Length ? request : throw Malformed();
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException)
        {
            throw Malformed();
        }
    }

    /// <summary>A request need not name anybody; one that names somebody else was meant for somebody else.</summary>
    static void CheckNames(X509Extension extension, Principal subject)
    {
        var uri = new Asn1Tag(TagClass.ContextSpecific, 6);
        try
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(uri)
                    && names.ReadCharacterString(UniversalTagNumber.IA5String, uri) == subject.Subject)
                    continue;
                throw ExchangeException.Invalid(
                    "REQUEST_FOR_ANOTHER", "The request names another holder than the one it is to be enrolled for.");
            }
        }
        catch (AsnContentException)
        {
            throw Malformed();
        }
    }

    static ExchangeException Malformed() => ExchangeException.Invalid(
        "REQUEST_MALFORMED", "This is not a PKCS#10 certificate request in DER of at most 8 KiB.");
}

/// <summary>A certificate that was just made.</summary>
public sealed record IssuedCertificate(string Pem, DateTimeOffset NotBefore, DateTimeOffset NotAfter);

/// <summary>Signs certificates for the keys that the registry enrols.</summary>
public interface ICertificateAuthority
{
    IssuedCertificate Issue(Principal subject, SigningRequest request, TimeSpan life);
}
