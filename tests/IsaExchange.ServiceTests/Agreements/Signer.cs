using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;

namespace IsaExchange.ServiceTests.Agreements;

/// <summary>Signs as a signatory's own machine would, and can be told to do it wrong.</summary>
public sealed record Signer(TestExchange Exchange, Agreement Revision, string Party, string Person, string Office)
{
    /// <summary>Whose key signs; the signatory's own unless said otherwise.</summary>
    public string? KeyOf { get; init; }

    public string? Digits { get; init; }

    /// <summary>How far the clock of the signatory's machine is ahead.</summary>
    public TimeSpan Ahead { get; init; }

    public static Signer Of(TestExchange exchange, Agreement revision, string party)
    {
        var signatory = revision.Missing.First(m => m.Party == party);
        return new Signer(exchange, revision, signatory.Party, signatory.Person, signatory.Office);
    }

    public string Statement => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        isaexchange agreement signature v1
        agreement northmere
        revision {Digits ?? Revision.Revision}
        source sha256 {Convert.ToHexStringLower(Revision.SourceSha256.Span)}
        party {Party}
        person {Person}
        office {Office}
        signed {(TimeProvider.System.GetUtcNow() + Ahead).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}

        """).ReplaceLineEndings("\n");

    public SignRevisionRequest Request()
    {
        var pem = Path.Combine(Exchange.Credential(KeyOf ?? Person), "credential.pem");
        using var certificate = X509Certificate2.CreateFromPemFile(pem, pem);
        using var key = certificate.GetECDsaPrivateKey()!;
        var statement = Statement;
        var signature = key.SignData(
            System.Text.Encoding.UTF8.GetBytes(statement), HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);
        return new SignRevisionRequest
        {
            Name = Revision.Name, Statement = statement, Signature = ByteString.CopyFrom(signature),
            Certificate = certificate.ExportCertificatePem(),
        };
    }

    public Task<Agreement> SignAsync(CancellationToken ct) => SendAsync(Request(), ct);

    public async Task<Agreement> SendAsync(SignRevisionRequest request, CancellationToken ct) =>
        await new AgreementService.AgreementServiceClient(Exchange.As(Person)).SignRevisionAsync(
            request, cancellationToken: ct);
}
