using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Lets a key of a sender or person in: a liaison officer of their party approves it, our authority signs it, the
/// registry knows it from the same transaction on.
/// </summary>
public sealed class EnrolCredential(
    AgreementGate gate, PersonHomes homes, CredentialRegistry registry, TimeProvider clock)
{
    public async Task<CredentialRow> RunAsync(
        Caller caller, PartyName parent, string subject, ReadOnlyMemory<byte> signingRequest, RequestKey request,
        CancellationToken ct)
    {
        var name = $"agreements/{parent.Agreement}/parties/{parent.Party}";
        var ask = gate.Request(caller, Verb.EnrolCredential) with { Party = parent.Party };
        var permit = await gate.AskAsync(caller, parent.Agreement, ask, AuditActions.EnrolCredential, name, ct);
        var holder = CredentialRegistry.Holder(gate.Find(parent.Agreement, name).Agreement, parent.Party, subject);
        var wanted = SigningRequest.Parse(signingRequest.Span, holder);
        var asked = AuditEvent.Of(AuditActions.EnrolCredential, name, caller, permit) with { RequestId = request.Id };
        return await homes.CommitAsync(
            caller, parent, holder, asked,
            async (scope, said) =>
            {
                var db = scope.Catalogue;
                if (await request.AnsweredAsync(db, caller, ct) is { } made)
                {
                    await scope.RecordAsync(said with { Resource = made, Reason = "REPEATED" });
                    return await db.Credentials.SingleAsync(c => c.Id == CredentialName.Parse(made).Id, ct);
                }

                var row = await registry.AddAsync(
                    db, new PartyName(parent.Agreement, parent.Party), permit.Revision, holder, wanted,
                    caller.Principal.Subject, ct);
                request.Remember(db, caller, row.Name, clock.GetUtcNow());
                await scope.RecordAsync(said with { Resource = row.Name, ObjectSha256 = row.SpkiSha256 });
                return row;
            },
            ct);
    }
}

/// <summary>What every enrolment has in common, whether an officer, the holder or the operator brings it
/// about.</summary>
public sealed class CredentialRegistry(ICertificateAuthority authority, Limits limits, TimeProvider clock)
{
    /// <summary>Adds the key to the registry in the caller's transaction, with the certificate for it.</summary>
    /// <exception cref="ExchangeException">ALREADY_EXISTS: a key is enrolled once in its life.</exception>
    public async Task<CredentialRow> AddAsync(
        CatalogueContext db, PartyName party, string revision, Principal holder, SigningRequest wanted,
        string approvedBy, CancellationToken ct)
    {
        if (await db.Credentials.AnyAsync(c => c.SpkiSha256 == wanted.SpkiSha256, ct))
            throw new ExchangeException(
                ProblemKind.AlreadyExists, "KEY_ALREADY_ENROLLED",
                "This key was enrolled before. Every credential has a key of its own: make a new one.");
        var life = holder.Kind == PrincipalKind.Sender ? limits.SenderCredentialLife : limits.PersonCredentialLife;
        var issued = authority.Issue(holder, wanted, life);
        var now = clock.GetUtcNow();
        var row = new CredentialRow
        {
            SpkiSha256 = wanted.SpkiSha256,
            Id = Guid.CreateVersion7(now).ToString("N"),
            Subject = holder.Subject,
            Agreement = party.Agreement,
            AgreementRevision = revision,
            Party = party.Party,
            NotBeforeTicks = issued.NotBefore.UtcTicks,
            NotAfterTicks = issued.NotAfter.UtcTicks,
            EnrolTicks = now.UtcTicks,
            EnrolledBy = approvedBy,
            CertificatePem = issued.Pem,
        };
        db.Credentials.Add(row);
        return row;
    }

    /// <summary>The sender or person that the agreement designates for the party under this subject.</summary>
    /// <exception cref="ExchangeException">INVALID_ARGUMENT; absent and another party's are told alike.</exception>
    public static Principal Holder(SharingAgreement agreement, string party, string subject) =>
        Principal.TryParse(subject, out var holder) && Designates(agreement, party, holder)
            ? holder
            : throw ExchangeException.Invalid(
                "HOLDER_NOT_DESIGNATED",
                "The agreement designates nobody of that name for this party. Write the subject of one of its senders"
                + " (urn:isaexchange:party:PARTY:sender:NAME) or people (urn:isaexchange:person:PERSON).");

    public static bool Designates(SharingAgreement agreement, string party, Principal holder) => holder.Kind switch
    {
        PrincipalKind.Sender => holder.Party == party
            && agreement.Senders.Any(s => s.Party == party && s.Name == holder.SenderName),
        PrincipalKind.Person => People(agreement).Contains((holder.Person!, party)),
        _ => false,
    };

    /// <summary>Everybody whom the agreement gives anything to do, with the party they do it for.</summary>
    public static IEnumerable<(string Person, string Party)> People(SharingAgreement agreement) =>
        agreement.Officers.Select(o => (o.Person, o.Party))
            .Concat(agreement.Roles.Select(r => (r.Person, r.Party)))
            .Concat(agreement.Signing.Signatories.Select(s => (s.Person, s.Party)));
}
