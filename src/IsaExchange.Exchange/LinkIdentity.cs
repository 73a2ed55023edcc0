using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>The identity providers whose word this exchange takes, as its settings name them.</summary>
public sealed record TrustedIssuers(IReadOnlyList<string> Issuers);

/// <summary>
/// Says who a subject of an identity provider is: a person whom the agreement designates for the party. Only issuer and
/// subject identify; a name or an e-mail address can be given to somebody else.
/// </summary>
public sealed class LinkIdentity(
    AgreementGate gate, AuditTrail trail, PersonHomes homes, TrustedIssuers issuers, TimeProvider clock)
{
    const int SubjectLengthMax = 255;

    /// <exception cref="ExchangeException">ALREADY_EXISTS when the subject is linked to somebody else.</exception>
    public async Task<IdentityRow> LinkAsync(
        Caller caller, PartyName parent, string issuer, string subject, string person, RequestKey request,
        CancellationToken ct)
    {
        var name = $"agreements/{parent.Agreement}/parties/{parent.Party}";
        var permit = await PermitAsync(caller, parent, AuditActions.LinkIdentity, name, ct);
        var holder = CheckWords(gate.Find(parent.Agreement, name).Agreement, parent.Party, issuer, subject, person);
        return await homes.CommitAsync(
            caller, parent, holder,
            AuditEvent.Of(AuditActions.LinkIdentity, name, caller, permit) with { RequestId = request.Id },
            async (scope, said) =>
            {
                var db = scope.Catalogue;
                var repeated = await request.AnsweredAsync(db, caller, ct) is not null;
                var row = await AddAsync(db, parent, issuer, subject, person, caller.Principal.Subject, ct);
                if (!repeated)
                    request.Remember(db, caller, row.Name, clock.GetUtcNow());
                await scope.RecordAsync(
                    said with { Resource = row.Name, Reason = repeated ? "REPEATED" : "" });
                return row;
            },
            ct);
    }

    /// <summary>From the commit on no call of the identity is let in, and its open streams end.</summary>
    public async Task UnlinkAsync(Caller caller, IdentityName name, RequestKey request, CancellationToken ct)
    {
        var permit = await PermitAsync(caller, name.Parent, AuditActions.UnlinkIdentity, name.ToString(), ct);
        await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                var repeated = await request.AnsweredAsync(db, caller, ct) is not null;
                if (!repeated)
                {
                    var row = await db.Identities.SingleOrDefaultAsync(
                        i => i.Id == name.Id && i.Agreement == name.Parent.Agreement && i.Party == name.Parent.Party,
                        ct) ?? throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString()));
                    homes.CheckEnd(caller, name.Parent, Principal.ForPerson(row.Person).Subject);
                    db.Identities.Remove(row);
                    request.Remember(db, caller, row.Name, clock.GetUtcNow());
                }

                return await scope.RecordAsync(
                    AuditEvent.Of(AuditActions.UnlinkIdentity, name.ToString(), caller, permit) with
                    {
                        RequestId = request.Id,
                        Reason = repeated ? "REPEATED" : "",
                        Subjects = [new EventSubject(name.Parent.Party, "")],
                    });
            },
            ct);
    }

    /// <summary>Adds the link in the caller's transaction; the link that is there already is given back.</summary>
    public async Task<IdentityRow> AddAsync(
        CatalogueContext db, PartyName parent, string issuer, string subject, string person, string linkedBy,
        CancellationToken ct)
    {
        if (await db.Identities.SingleOrDefaultAsync(i => i.Issuer == issuer && i.Subject == subject, ct) is { } row)
        {
            return row.Person == person && row.Agreement == parent.Agreement && row.Party == parent.Party
                ? row
                : throw new ExchangeException(
                    ProblemKind.AlreadyExists, "IDENTITY_LINKED",
                    "This subject is linked already, to another person or by another party. Unlink it there first.");
        }

        var now = clock.GetUtcNow();
        row = new IdentityRow
        {
            Issuer = issuer,
            Subject = subject,
            Id = Guid.CreateVersion7(now).ToString("N"),
            Person = person,
            Agreement = parent.Agreement,
            Party = parent.Party,
            LinkTicks = now.UtcTicks,
            LinkedBy = linkedBy,
        };
        db.Identities.Add(row);
        return row;
    }

    /// <exception cref="ExchangeException">INVALID_ARGUMENT.</exception>
    public Principal CheckWords(
        SharingAgreement agreement, string party, string issuer, string subject, string person)
    {
        if (!issuers.Issuers.Contains(issuer, StringComparer.Ordinal))
            throw ExchangeException.Invalid(
                "UNKNOWN_ISSUER", "This exchange takes no tokens of that issuer. Its operator says which it takes.");
        if (subject.Length is 0 or > SubjectLengthMax || subject.Any(char.IsControl))
            throw ExchangeException.Invalid(
                "SUBJECT_MALFORMED", "The subject is what the token says in its subject claim, to the letter.");
        if (subject.Contains('@', StringComparison.Ordinal))
            throw ExchangeException.Invalid(
                "SUBJECT_IS_AN_ADDRESS",
                "An e-mail address can pass to somebody else. Link the subject that the provider itself gives.");
        return CredentialRegistry.Holder(agreement, party, Principal.ForPerson(person).Subject);
    }

    async Task<Permit> PermitAsync(
        Caller caller, PartyName parent, string action, string objectName, CancellationToken ct)
    {
        var ask = gate.Request(caller, Verb.LinkIdentity) with { Party = parent.Party };
        return await gate.AskAsync(caller, parent.Agreement, ask, action, objectName, ct);
    }
}
