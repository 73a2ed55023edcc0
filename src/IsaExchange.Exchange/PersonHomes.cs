using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// The one party of the whole exchange that answers for a person. Anybody may be designated by several parties, but a
/// key acts in all that its holder is: were every designating party to give keys, each could become anybody.
/// </summary>
public sealed class PersonHomes(AgreementGate gate, AuditTrail trail, TimeProvider clock)
{
    const string AnotherParty = "HOLDER_OF_ANOTHER_PARTY";
    const string SignatoryRequired = "SIGNATORY_REQUIRED";

    /// <summary>
    /// Commits a change that lets the holder in, if the caller may make it. Decided inside the transaction, so that
    /// two first keys by two parties cannot both be the first. All parties of the holder see it, and a refusal too.
    /// </summary>
    /// <exception cref="ExchangeException">FAILED_PRECONDITION.</exception>
    public async Task<T> CommitAsync<T>(
        Caller caller, PartyName at, Principal holder, AuditEvent said,
        Func<AuditScope, AuditEvent, Task<T>> change, CancellationToken ct)
    {
        try
        {
            var audited = await trail.CommitAsync(
                async scope =>
                {
                    said = said with { Subjects = await PartiesAsync(scope.Catalogue, at, holder, ct) };
                    await CheckAsync(scope.Catalogue, caller, at, holder, ct);
                    return await change(scope, said);
                },
                ct);
            return audited.Value;
        }
        catch (ExchangeException e) when (e.Reason is AnotherParty or SignatoryRequired)
        {
            await trail.RecordAsync(said with { Allowed = false, Reason = e.Reason }, ct);
            Telemetry.Refused(e.Reason);
            throw;
        }
    }

    /// <summary>
    /// Whether the caller may end what lets the person in: a deputy does not shut out those who sign, steward or audit,
    /// save themselves. For a key that was stolen the officer is enough.
    /// </summary>
    /// <exception cref="ExchangeException">FAILED_PRECONDITION.</exception>
    public void CheckEnd(Caller caller, PartyName at, string subject)
    {
        var isOwn = caller.Principal.Subject == subject;
        if (isOwn || !Principal.TryParse(subject, out var holder) || holder.Person is not { } person)
            return;
        var today = LondonTime.Date(clock.GetUtcNow());
        var isOfficer = gate.Book.Find(at.Agreement)!.Agreement.Officers.Any(
            o => !o.Deputy && o.Party == at.Party && o.Person == caller.Principal.Person && o.Ended is null
                && o.From <= today && today <= o.To);
        if (IsGuarded(person) && !isOfficer && !IsSignatory(caller, at))
            throw ExchangeException.Precondition(
                SignatoryRequired,
                "The holder signs, stewards or audits: a signatory or the liaison officer of the party ends it.");
    }

    /// <summary>Somebody whom the agreement does not know yet must be nobody whom the exchange knows.</summary>
    /// <exception cref="ExchangeException">FAILED_PRECONDITION.</exception>
    public async Task CheckNewAsync(
        CatalogueContext db, string party, string person, string name, CancellationToken ct)
    {
        await gate.Book.CatchUpAsync(db, ct);
        var subject = Principal.ForPerson(person).Subject;
        var names = Texts().SelectMany(a => a.People).Where(p => p.Id == person).Select(p => p.Name)
            .Concat(await db.NamedPeople.Where(p => p.Person == person).Select(p => p.Name).ToListAsync(ct)).ToList();
        var isKnown = names.Count > 0 || await db.Credentials.AnyAsync(c => c.Subject == subject, ct)
            || await db.Identities.AnyAsync(i => i.Person == person, ct);
        if (!isKnown)
            return;
        var home = await HomeAsync(db, person, ct) ?? Named(Texts(), person);
        if (home != party || names.Exists(n => n != name))
            throw ExchangeException.Precondition(
                "PERSON_KNOWN", "The exchange knows somebody of that id already, by another name or of another party.");
    }

    async Task CheckAsync(
        CatalogueContext db, Caller caller, PartyName at, Principal holder, CancellationToken ct)
    {
        if (holder.Person is not { } person)
            return;
        await gate.Book.CatchUpAsync(db, ct);
        if (await HomeAsync(db, person, ct) != at.Party)
            throw ExchangeException.Precondition(
                AnotherParty,
                "The person is another party's, whoever else designates them: that party gives them keys and logins.");
        if (IsGuarded(person) && !IsSignatory(caller, at))
            throw ExchangeException.Precondition(
                SignatoryRequired,
                "The holder signs, stewards or audits: a signatory of the party lets them in, or the operator.");
    }

    /// <summary>
    /// The party of the first key or identity; else the one that a signed agreement says; else the first to designate.
    /// </summary>
    async Task<string?> HomeAsync(CatalogueContext db, string person, CancellationToken ct)
    {
        var subject = Principal.ForPerson(person).Subject;
        var key = await db.Credentials.Where(c => c.Subject == subject).OrderBy(c => c.EnrolTicks)
            .FirstOrDefaultAsync(ct);
        var link = await db.Identities.Where(i => i.Person == person).OrderBy(i => i.LinkTicks)
            .FirstOrDefaultAsync(ct);
        var first = link is null || key?.EnrolTicks <= link.LinkTicks ? key?.Party : link.Party;
        var signed = gate.Book.All.SelectMany(p => p.History).Where(r => r.InForceSince is not null)
            .OrderBy(r => r.InForceSince).Select(r => r.Agreement).OfType<SharingAgreement>();
        return first ?? Named(signed, person)
            ?? await db.Designations.Where(d => d.Person == person).OrderBy(d => d.Ticks).Select(d => d.Party)
                .FirstOrDefaultAsync(ct);
    }

    /// <summary>What the texts say; designations made since are no part of a text.</summary>
    static string? Named(IEnumerable<SharingAgreement> agreements, string person)
    {
        var texts = agreements.ToList();
        return texts.SelectMany(a => a.Signing.Signatories).Select(s => (s.Person, s.Party))
            .Concat(texts.SelectMany(a => a.Officers)
                .Where(o => !o.Clause.StartsWith("designations[", StringComparison.Ordinal))
                .Select(o => (o.Person, o.Party)))
            .Concat(texts.SelectMany(a => a.Roles).Select(r => (r.Person, r.Party)))
            .Concat(texts.SelectMany(a => a.Contacts).Select(c => (c.Person, c.Party)))
            .Where(n => n.Person == person).Select(n => n.Party).FirstOrDefault();
    }

    /// <summary>Who signs, stewards or audits, in any agreement or draft: by them an agreement is made.</summary>
    bool IsGuarded(string person) => Texts().Any(a =>
        a.Signing.Signatories.Any(s => s.Person == person)
        || a.Roles.Any(r => r.Person == person && r.Role is Role.Steward or Role.Auditor));

    bool IsSignatory(Caller caller, PartyName at)
    {
        var today = LondonTime.Date(clock.GetUtcNow());
        return gate.Book.Find(at.Agreement)!.Agreement.Signing.Signatories.Any(
            s => s.Party == at.Party && s.Person == caller.Principal.Person && !(today < s.From) && !(s.To < today));
    }

    IEnumerable<SharingAgreement> Texts() =>
        gate.Book.All.SelectMany(p => p.History).Select(r => r.Agreement).OfType<SharingAgreement>();

    async Task<IReadOnlyList<EventSubject>> PartiesAsync(
        CatalogueContext db, PartyName at, Principal holder, CancellationToken ct)
    {
        var keys = await db.Credentials.Where(c => c.Subject == holder.Subject).Select(c => c.Party).ToListAsync(ct);
        var named = Texts().SelectMany(CredentialRegistry.People).Where(p => p.Person == holder.Person)
            .Select(p => p.Party);
        return
        [
            .. named.Concat(keys).Prepend(at.Party).Distinct(StringComparer.Ordinal)
                .Select(p => new EventSubject(p, "")),
        ];
    }
}
