using System.Security.Cryptography;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Takes a signature that its signatory made on their own machine. It is checked as it will be at every load; the
/// exchange has no key that could make one.
/// </summary>
public sealed class SignRevision(
    AgreementGate gate, RevisionAccess revisions, SignatureCheck signatures)
{
    const int StatementLengthMax = 2000;
    const int CertificateLengthMax = 8000;

    public async Task<RevisionView> RunAsync(
        Caller caller, RevisionName name, SignedStatement proof, RequestKey request, CancellationToken ct)
    {
        if (proof.Statement.Length > StatementLengthMax || proof.Certificate.Length > CertificateLengthMax
            || SignatureStatement.Parse(proof.Statement) is not { } said)
            throw ExchangeException.Invalid(
                "STATEMENT_ALTERED", "The statement is not in the form that is signed. Make it with isax.");
        var view = await revisions.PermitAsync(
            caller, name, Verb.SignRevision, AuditActions.SignRevision, ct, said.Party);
        if (said.Person != caller.Principal.Person)
            throw ExchangeException.Precondition("NOT_SIGNATORY", "A signatory sends nobody else's signature.");
        var (id, revision) = (view.Partnership.Id, view.Revision.Revision);
        var logged = RevisionAccess.Event(AuditActions.SignRevision, caller, view) with
        {
            ObjectSha256 = Convert.ToHexStringLower(SHA256.HashData(proof.Signature)),
        };
        await revisions.CommitAsync(
            caller, logged, request,
            async (db, now) =>
            {
                await CheckAsync(db, view, proof, said, now, ct);
                var stage = await RevisionAccess.StageAsync(db, id, revision, ct);
                if (await db.Signatures.FindAsync([id, revision, said.Party], ct) is { } there)
                {
                    return there.Statement == proof.Statement && there.Signature.AsSpan().SequenceEqual(proof.Signature)
                        ? logged with { Reason = "REPEATED" }
                        : throw ExchangeException.Precondition(
                            "ALREADY_SIGNED", $"{said.Party} has signed this revision already.");
                }

                if (stage is not (AgreementStage.Signing or AgreementStage.InForce or AgreementStage.Suspended))
                    throw ExchangeException.Precondition(
                        "WRONG_STAGE", $"The revision is in stage {StageWords.Of(stage)}, not open for signing.");
                RegisterWrite.Signature(db, said, proof, now);
                return logged;
            },
            ct);
        var partnership = gate.Find(id, view.Name);
        return new RevisionView(partnership, partnership.Registered(revision)!, view.Permit);
    }

    /// <summary>In the transaction and by its time, which is the time that every load goes by.</summary>
    async Task CheckAsync(
        CatalogueContext db, RevisionView view, SignedStatement proof, SignatureStatement said, DateTimeOffset now,
        CancellationToken ct)
    {
        var subject = Principal.ForPerson(said.Person).Subject;
        var keys = await db.Credentials.Where(c => c.Subject == subject).ToListAsync(ct);
        if (signatures.CheckArriving(view.Agreement, view.Revision.Row, proof, keys, now) is { } fault)
            throw ExchangeException.Precondition(fault.Reason, fault.Message);
    }
}
