using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>Who is to act for a party, for which of its areas, and when.</summary>
public sealed record NewDesignation(PartyName Party, string Person, bool Deputy)
{
    /// <summary>Of somebody whom the agreement does not know yet.</summary>
    public string Name { get; init; } = "";

    public string Contact { get; init; } = "";

    /// <summary>Empty: all of the party's.</summary>
    public IReadOnlyList<string> Areas { get; init; } = [];

    /// <summary>Null: today.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day; null: the agreement's.</summary>
    public DateOnly? To { get; init; }
}

/// <summary>
/// Designates liaison officers and deputies, and ends it: an authority changes its people without a new revision. An
/// end counts from its very moment.
/// </summary>
public sealed class DesignateOfficer(
    AgreementGate gate, RevisionAccess revisions, PersonHomes homes, TimeProvider clock)
{
    const int NameLengthMax = 200;

    public async Task<(SharingAgreement Agreement, OfficerClause Officer)> RunAsync(
        Caller caller, NewDesignation wanted, RequestKey request, CancellationToken ct)
    {
        var (verb, action) = wanted.Deputy
            ? (Verb.AppointDeputy, AuditActions.AppointDeputy)
            : (Verb.DesignateOfficer, AuditActions.DesignateOfficer);
        var (name, partnership, permit) = await PermitAsync(caller, wanted.Party, verb, action, ct);
        var agreement = partnership.Agreement;
        var id = Id(caller, wanted, request);
        var clause = $"designations[{id}]";
        if (agreement.Officers.FirstOrDefault(o => o.Clause == clause) is null)
            Check(agreement, wanted);
        var (today, areas) = (LondonTime.Date(clock.GetUtcNow()), AreasOf(agreement, wanted));
        var said = Event(action, $"{name}/officers/{id}", caller, permit, partnership);
        await revisions.CommitAsync(
            caller, said, request,
            async (db, now) =>
            {
                await NameAsync(db, agreement, wanted, now, ct);
                db.Designations.Add(new DesignationRow
                {
                    Agreement = wanted.Party.Agreement, Id = id, Party = wanted.Party.Party, Person = wanted.Person,
                    Areas = string.Join(',', areas), From = CreateSubmission.Iso(wanted.From ?? today),
                    To = CreateSubmission.Iso(wanted.To ?? agreement.To), Deputy = wanted.Deputy,
                    Actor = caller.Principal.Subject, Ticks = now.UtcTicks,
                });
                return said;
            },
            ct);
        return Found(wanted.Party, name, clause);
    }

    public async Task<(SharingAgreement Agreement, OfficerClause Officer)> EndAsync(
        Caller caller, PartyName party, string clause, string reason, RequestKey request, CancellationToken ct)
    {
        var (name, partnership, permit) = await PermitAsync(
            caller, party, Verb.EndDesignation, AuditActions.EndDesignation, ct);
        GovernAgreement.CheckReason(reason);
        var officer = partnership.Agreement.Officers.FirstOrDefault(o => o.Party == party.Party && o.Clause == clause)
            ?? throw ExchangeException.Precondition(
                "NO_SUCH_DESIGNATION", "The party has no designation of that name. List its officers.");
        var said = Event(AuditActions.EndDesignation, $"{name}/officers", caller, permit, partnership) with
        {
            Clauses = [.. permit.Clauses, clause],
            ObjectSha256 = GovernAgreement.Digest(reason),
        };
        await revisions.CommitAsync(
            caller, said, request,
            (db, now) =>
            {
                if (officer.Ended is not null || officer.To < LondonTime.Date(now))
                    throw ExchangeException.Precondition("DESIGNATION_OVER", "The designation is over already.");
                db.DesignationEnds.Add(new DesignationEndRow
                {
                    Agreement = party.Agreement, Clause = clause, Reason = reason, Actor = caller.Principal.Subject,
                    Ticks = now.UtcTicks,
                });
                return Task.FromResult(said);
            },
            ct);
        return Found(party, name, clause);
    }

    async Task<(string Name, Partnership Partnership, Permit Permit)> PermitAsync(
        Caller caller, PartyName party, Verb verb, string action, CancellationToken ct)
    {
        var name = $"agreements/{party.Agreement}/parties/{party.Party}";
        var ask = gate.Request(caller, verb) with { Party = party.Party };
        var permit = await gate.AskAsync(caller, party.Agreement, ask, action, name, ct);
        return (name, gate.Find(party.Agreement, name), permit);
    }

    (SharingAgreement Agreement, OfficerClause Officer) Found(PartyName party, string name, string clause)
    {
        var agreement = gate.Find(party.Agreement, name).Agreement;
        return (agreement, agreement.Officers.First(o => o.Clause == clause));
    }

    static AuditEvent Event(string action, string name, Caller caller, Permit permit, Partnership partnership) =>
        AuditEvent.Of(action, name, caller, permit) with
        {
            Subjects = RevisionAccess.AllParties(partnership, partnership.Agreement),
        };

    void Check(SharingAgreement agreement, NewDesignation wanted)
    {
        CheckPerson(agreement, wanted);
        var party = agreement.Parties.First(p => p.Id == wanted.Party.Party);
        if (wanted.Areas.Any(a => !agreement.LiesIn(a, party.Areas.Concat(party.PartsOf))))
            throw ExchangeException.Invalid("AREA_NOT_OF_PARTY", "One of the areas is not the party's.");
        var today = LondonTime.Date(clock.GetUtcNow());
        var (from, to) = (wanted.From ?? today, wanted.To ?? agreement.To);
        if (from < today || to < from || to > agreement.To)
            throw ExchangeException.Invalid(
                "TERM_INVALID", $"A designation begins today or later and ends by {agreement.To:d MMM yyyy}.");
        var areas = AreasOf(agreement, wanted);
        var clash = wanted.Deputy ? null : agreement.Officers.FirstOrDefault(o =>
            !o.Deputy && o.Party == party.Id && o.Ended is null && o.From <= to && from <= o.To
            && (areas.Any(a => agreement.LiesIn(a, o.Areas)) || o.Areas.Any(a => agreement.LiesIn(a, areas))));
        if (clash is not null)
            throw ExchangeException.Precondition(
                "OFFICERS_OVERLAP", $"{clash.Clause} answers for one of the areas on one of the days. End it first.");
    }

    static void CheckPerson(SharingAgreement agreement, NewDesignation wanted)
    {
        if (!Principal.TryParse(Principal.ForPerson(wanted.Person).Subject, out _))
            throw ExchangeException.Invalid("PERSON_INVALID", "A person's id is lower case with hyphens.");
        var known = agreement.People.FirstOrDefault(p => p.Id == wanted.Person);
        if (known is null && (IsUnfit(wanted.Name) || IsUnfit(wanted.Contact)))
            throw ExchangeException.Invalid(
                "PERSON_UNKNOWN", "The agreement does not know the person yet: give a name and a contact.");
        if (known is not null && ((wanted.Name.Length > 0 && wanted.Name != known.Name)
            || (wanted.Contact.Length > 0 && wanted.Contact != known.Contact)))
            throw ExchangeException.Precondition(
                "PERSON_KNOWN", "The agreement knows somebody of that id by another name or contact.");
    }

    static bool IsUnfit(string text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > NameLengthMax || text.Any(char.IsControl);

    static IReadOnlyList<string> AreasOf(SharingAgreement agreement, NewDesignation wanted) => wanted.Areas.Count > 0
        ? wanted.Areas
        : agreement.Parties.First(p => p.Id == wanted.Party.Party).Areas;

    async Task NameAsync(
        CatalogueContext db, SharingAgreement agreement, NewDesignation wanted, DateTimeOffset now,
        CancellationToken ct)
    {
        if (agreement.People.Any(p => p.Id == wanted.Person)
            || await db.NamedPeople.FindAsync([agreement.Id, wanted.Person], ct) is not null)
            return;
        await homes.CheckNewAsync(db, wanted.Party.Party, wanted.Person, wanted.Name, ct);
        db.NamedPeople.Add(new NamedPersonRow
        {
            Agreement = agreement.Id, Person = wanted.Person, Name = wanted.Name, Contact = wanted.Contact,
            Ticks = now.UtcTicks,
        });
    }

    /// <summary>From the request, so that its repeat finds what it made.</summary>
    static string Id(Caller caller, NewDesignation wanted, RequestKey request) =>
        wanted.Person + "-" + GovernAgreement.Digest(
            $"{caller.Principal.Subject} {(request.Id.Length > 0 ? request.Id : Guid.NewGuid().ToString())}")[..12];
}
