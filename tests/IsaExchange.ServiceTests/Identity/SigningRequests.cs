using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>Requests for certificates, right and wrong.</summary>
public static class SigningRequests
{
    public const string PoliceSender = "urn:isaexchange:party:northmere-police:sender:records-system";
    public const string PoliceDeputy = "urn:isaexchange:person:ben-hartley";

    /// <summary>A request that is signed by the key that it holds.</summary>
    public static ByteString Of(ECDsa key, params X509Extension[] extensions)
    {
        var request = new CertificateRequest("CN=whatever the holder likes", key, HashAlgorithmName.SHA256);
        foreach (var extension in extensions)
            request.CertificateExtensions.Add(extension);
        return ByteString.CopyFrom(request.CreateSigningRequest());
    }

    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static ByteString OnAnotherCurve()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        return Of(key);
    }

    public static ByteString OfRsa()
    {
        using var key = RSA.Create(2048);
        return ByteString.CopyFrom(new CertificateRequest(
            "CN=rsa", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest());
    }

    /// <summary>Holds one key, is signed by another.</summary>
    public static ByteString SignedByAnother()
    {
        using var held = NewKey();
        using var signing = NewKey();
        var request = new CertificateRequest(
            new X500DistinguishedName("CN=two keys"), new PublicKey(held), HashAlgorithmName.SHA256);
        return ByteString.CopyFrom(request.CreateSigningRequest(X509SignatureGenerator.CreateForECDsa(signing)));
    }

    public static ByteString Naming(string uri)
    {
        using var key = NewKey();
        return Of(key, Names(uri));
    }

    public static X509Extension Names(string uri)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(uri));
        return names.Build();
    }
}
