using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IsaExchange.Agreement;

namespace IsaExchange.Cli.Wire;

/// <summary>A signature on its way: the statement, what was made of it, and whose key made it.</summary>
sealed record SignatureFile(
    [property: JsonPropertyName("statement"), JsonRequired] string Statement,
    [property: JsonPropertyName("signature"), JsonRequired] byte[] Signature,
    [property: JsonPropertyName("certificate"), JsonRequired] string Certificate)
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Signs with the key of the credential folder; it does not leave this machine.</summary>
    public static SignatureFile Make(Credential credential, SignatureStatement statement)
    {
        using var key = credential.Certificate.GetECDsaPrivateKey()
            ?? throw new VerbException(ExitCode.Usage, "the credential has no elliptic curve key to sign with");
        return new SignatureFile(
            statement.Text,
            key.SignData(statement.Bytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            credential.Certificate.ExportCertificatePem());
    }

    /// <summary>
    /// What the credential's holder would sign of these bytes. The revision is computed here, whatever anybody else
    /// says that it is.
    /// </summary>
    public static SignatureStatement Prepare(
        Credential credential, SharingAgreement agreement, byte[] source, string? party, TimeProvider clock)
    {
        var person = new Principal(credential.Profile.Subject).Person;
        var offices = agreement.Signing.Signatories
            .Where(s => s.Person == person && (party is null || s.Party == party)).ToList();
        return offices is [var office]
            ? new SignatureStatement(
                agreement.Id, agreement.Revision, Convert.ToHexStringLower(SHA256.HashData(source)), office.Party,
                office.Person, office.Office, clock.GetUtcNow())
            : throw new VerbException(
                offices.Count == 0 ? ExitCode.Refused : ExitCode.Usage,
                offices.Count == 0
                    ? "the revision does not name you as a signatory"
                    : "you sign for several authorities: say for which with --party");
    }

    /// <summary>The agreement in the bytes, read here.</summary>
    public static SharingAgreement Read(byte[] source)
    {
        try
        {
            var read = AgreementLoader.Parse(Strict.GetString(source).TrimStart('\uFEFF'), "agreement.yaml");
            return read.Agreement ?? throw new VerbException(
                ExitCode.ValidationErrors, "what is to be signed is no agreement", read.Faults[0].ToString());
        }
        catch (DecoderFallbackException e)
        {
            throw new VerbException(ExitCode.ValidationErrors, "what is to be signed is not UTF-8", inner: e);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this) + "\n";

    public static SignatureFile Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<SignatureFile>(File.ReadAllText(path))
                ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new VerbException(ExitCode.Usage, $"{path} is not a signature made by isax agreement sign", inner: e);
        }
    }
}
