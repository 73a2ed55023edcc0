using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Register;

/// <summary>A statement, the signature under it and the certificate of the key that made it.</summary>
/// <param name="Signature">ECDSA P-256 with SHA-256, DER.</param>
/// <param name="Certificate">PEM, without its key.</param>
public sealed record SignedStatement(string Statement, byte[] Signature, string Certificate);

/// <summary>Why a signature does not hold: UPPER_SNAKE, and a sentence.</summary>
public sealed record SignatureFault(string Reason, string Message);

/// <summary>
/// Whether a signature holds: it says exactly what is stored, in the name of a signatory, by a key that was enrolled
/// for that person when it was made. The same check when it arrives and at every load; arriving, the key must also be
/// one of now.
/// </summary>
public sealed class SignatureCheck(X509Certificate2 authority)
{
    readonly CertificateTrust _trust = new(authority);

    /// <summary>Clocks of two machines differ.</summary>
    static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The check at arrival: whoever has an old key that has run out or was ended signs nothing by dating it back, and
    /// nobody has signed what was not there to be read.
    /// </summary>
    /// <param name="row">The revision's.</param>
    /// <param name="enrolled">The registry's entries of the signatory.</param>
    /// <returns>Null when it holds.</returns>
    public SignatureFault? CheckArriving(
        SharingAgreement revision, RevisionRow row, SignedStatement proof, IReadOnlyCollection<CredentialRow> enrolled,
        DateTimeOffset now)
    {
        if (SignatureStatement.Parse(proof.Statement) is { } said && EndOfSecond(said) <= row.Ticks)
            return new("SIGNED_BEFORE_PROPOSAL", "The statement is older than the revision. Set the clock, and sign.");
        if (Check(revision, row.SourceSha256, proof, enrolled, now) is { } fault)
            return fault;
        if (Check(revision, row.SourceSha256, proof, enrolled.Where(k => k.LetsIn(now)), now) is not null)
            return new("KEY_REVOKED", "The key has been revoked. Sign with the one in force.");
        using var certificate = Certificate(proof.Certificate);
        return certificate is not null && _trust.Holds(certificate, now)
            ? null
            : new("CERTIFICATE_NOT_TRUSTED", "The certificate has run out. Sign with the one in force.");
    }

    /// <param name="sourceSha256">Digest of the stored bytes of the revision.</param>
    /// <param name="enrolled">The registry's entries of the signatory.</param>
    /// <param name="arrived">When it came in.</param>
    /// <returns>Null when it holds.</returns>
    public SignatureFault? Check(
        SharingAgreement revision, string sourceSha256, SignedStatement proof,
        IEnumerable<CredentialRow> enrolled, DateTimeOffset arrived)
    {
        if (SignatureStatement.Parse(proof.Statement) is not { } said)
            return new("STATEMENT_ALTERED", "The statement is not in the form that is signed. Make it with isax.");
        if (said.Agreement != revision.Id || said.Revision != revision.Revision || said.SourceSha256 != sourceSha256)
            return new("WRONG_REVISION", "The statement is about another revision, or about other bytes.");
        if (!revision.Signing.Signatories.Any(
            s => s.Party == said.Party && s.Person == said.Person && s.Office == said.Office))
            return new("NOT_SIGNATORY", "The revision names no such signatory of that party in that office.");
        if (said.SignTime > arrived + Ahead)
            return new("SIGNED_IN_FUTURE", "The statement's time has not come yet. Set the clock, and sign again.");
        try
        {
            return CheckKey(said, proof, enrolled, arrived);
        }
        catch (CryptographicException)
        {
            // A certificate bent in the right place throws where it should be refused: it must not stop the others.
            return new("CERTIFICATE_NOT_TRUSTED", "The certificate cannot be read.");
        }
    }

    SignatureFault? CheckKey(
        SignatureStatement said, SignedStatement proof, IEnumerable<CredentialRow> enrolled, DateTimeOffset arrived)
    {
        // A statement may be ahead of its arrival; what happens to the key in between comes after the signature.
        var made = said.SignTime < arrived ? said.SignTime : arrived;
        using var certificate = Certificate(proof.Certificate);
        var subject = Principal.ForPerson(said.Person).Subject;
        if (certificate is null || !_trust.Holds(certificate, made))
            return new("CERTIFICATE_NOT_TRUSTED", "The certificate is not this exchange's, or was not valid then.");
        if (CertificateTrust.SubjectOf(certificate) != subject)
            return new("WRONG_KEY", "The certificate is not the signatory's.");
        var spki = Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        if (!enrolled.Any(c => c.SpkiSha256 == spki && c.Subject == subject && c.EnrolTicks < EndOfSecond(said)
            && c.EnrolTicks <= arrived.UtcTicks && !(c.EndTicks < made.UtcTicks)))
            return new("WRONG_KEY", "The key was not enrolled for the signatory when it was signed.");
        return Verifies(certificate, said.Bytes(), proof.Signature)
            ? null
            : new("SIGNATURE_INVALID", "The signature is not of this statement by this key.");
    }

    /// <summary>The statement has whole seconds: what was done within the second of signing was done before.</summary>
    static long EndOfSecond(SignatureStatement said) => said.SignTime.UtcTicks + TimeSpan.TicksPerSecond;

    static X509Certificate2? Certificate(string pem)
    {
        try
        {
            // One spelling a certificate, so that no byte of what is stored can change unnoticed.
            var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.ExportCertificatePem() == pem ? certificate : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    static bool Verifies(X509Certificate2 certificate, byte[] statement, byte[] signature)
    {
        using var key = certificate.GetECDsaPublicKey();
        try
        {
            return key is { KeySize: 256 } && key.VerifyData(
                statement, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
