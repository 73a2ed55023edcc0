using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;

namespace IsaExchange.Exchange;

/// <summary>Brings an agreement of the policies folder into a new register, open for signing.</summary>
public sealed class ImportAgreement(AuditTrail trail, TimeProvider clock)
{
    /// <param name="credential">
    /// PEM of a person's certificate and key, to sign in everybody's name and bring it into force; null leaves that to
    /// those who are to sign.
    /// </param>
    public Task RunAsync(PolicyFolder folder, Func<string, string>? credential, CancellationToken ct) =>
        trail.CommitAsync(
            async scope =>
            {
                var (db, agreement, now) = (scope.Catalogue, folder.Agreement, clock.GetUtcNow());
                RegisterWrite.Revision(db, agreement, folder.Source, "", now);
                RegisterWrite.Stage(db, agreement.Id, agreement.Revision, AgreementStage.Signing, "", "", now);
                await RegisterWrite.ActedAsync(db);
                await scope.RecordAsync(Event(AuditActions.ProposeRevision, folder, agreement.Revision));
                if (credential is null)
                    return true;
                foreach (var signatory in agreement.Signing.Signatories.DistinctBy(s => s.Party))
                    await SignAsync(scope, folder, signatory, credential(signatory.Person), now);
                await CodeListUses.HoldAsync(
                    db, agreement.Id, CodeListUses.Geography(agreement, folder.CodeLists), now, ct);
                RegisterWrite.Stage(db, agreement.Id, agreement.Revision, AgreementStage.InForce, "", "", now);
                await scope.RecordAsync(Event(AuditActions.ActivateRevision, folder, agreement.Revision));
                return true;
            },
            ct);

    static async Task SignAsync(
        AuditScope scope, PolicyFolder folder, SignatoryClause signatory, string pem, DateTimeOffset now)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem, pem);
        using var key = certificate.GetECDsaPrivateKey()
            ?? throw new InvalidOperationException("A credential of this exchange has an elliptic curve key.");
        var said = new SignatureStatement(
            folder.Agreement.Id, folder.Agreement.Revision, RegisterWrite.Digest(folder.Source), signatory.Party,
            signatory.Person, signatory.Office, now);
        var signature = key.SignData(said.Bytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        RegisterWrite.Signature(
            scope.Catalogue, said, new SignedStatement(said.Text, signature, certificate.ExportCertificatePem()), now);
        await scope.RecordAsync(Event(
            AuditActions.SignRevision, folder, Convert.ToHexStringLower(SHA256.HashData(signature))) with
        {
            Party = signatory.Party,
        });
    }

    static AuditEvent Event(string action, PolicyFolder folder, string sha256) =>
        new(action, $"agreements/{folder.Agreement.Id}@{folder.Agreement.Revision}")
        {
            Agreement = folder.Agreement.Id,
            Revision = folder.Agreement.Revision,
            ObjectSha256 = sha256,
            Subjects = [.. folder.Agreement.Parties.Select(p => new EventSubject(p.Id, ""))],
        };
}
