using static IsaExchange.Agreement.RefusalReasons;

namespace IsaExchange.Agreement.Deciding;

/// <summary>
/// The rules of the road, in the order in which they are asked. Somebody with several designations is judged by each;
/// the first that passes every rule permits, else the one that came furthest says why not.
/// </summary>
static class DecisionRules
{
    static readonly Func<Matter, Objection?>[] Rules =
    [
        WordRules.AreKnown,
        StageRules.RevisionIsInForce,
        TermRules.AgreementIsInTerm,
        StageRules.PartyHasSigned,
        TermRules.PartyIsMember,
        TermRules.CallerIsDesignated,
        RoleRules.RolePermitsVerb,
        RoleRules.PartyIsOwn,
        DatasetRules.DatasetIsOwed,
        DatasetRules.SenderSendsDataset,
        DatasetRules.AreasAreOwed,
        DatasetRules.OfficerAnswersForAreas,
        DatasetRules.PeriodFits,
        DatasetRules.PeriodIsOwed,
        DatasetRules.PeriodIsOpen,
        RecordRules.DatasetIsOpen,
        RecordRules.AreasAreShared,
        RecordRules.PurposeIsPermitted,
        RecordRules.PeriodIsSinceAccession,
        FeedRules.FeedExists,
        FeedRules.PartyIsReader,
        FeedRules.DatasetIsOfFeed,
        FeedRules.AreasAreInFeed,
        FeedRules.PurposeIsPermitted,
    ];

    /// <summary>Every rule, for the tests that leave one out.</summary>
    internal static IReadOnlyList<Func<Matter, Objection?>> All => Rules;

    public static Decision Decide(SharingAgreement agreement, AccessRequest request) =>
        Decide(agreement, request, Rules);

    internal static Decision Decide(
        SharingAgreement agreement, AccessRequest request, Func<Matter, Objection?>[] rules)
    {
        // On the wire a word left out and an empty word are the same thing.
        if (request.Purpose is "")
            request = request with { Purpose = null };
        var rule = VerbRule.For(request.Verb);
        var capacities = Capacity.Of(agreement, request.Caller);
        if (rule is null)
            return Unruled(agreement, request);
        if (capacities.Count == 0)
            return UnknownTo(agreement, request);

        var furthest = (Passed: -1, Matter: default(Matter), Objection: default(Objection));
        foreach (var capacity in capacities)
        {
            var matter = new Matter(agreement, request, rule, capacity);
            var passed = Array.FindIndex(rules, r => r(matter) is not null);
            if (passed < 0)
                return new Permit(agreement, request, capacity.Party, capacity.Role, matter.PermittingClauses());
            if (passed > furthest.Passed)
                furthest = (passed, matter, rules[passed](matter));
        }

        return Refuse(furthest.Matter!, furthest.Objection!);
    }

    static Refusal Unruled(SharingAgreement agreement, AccessRequest request) =>
        new(agreement, request, new Objection(RoleNotPermitted, "roles", "No rule permits this verb."), null, false);

    static Refusal UnknownTo(SharingAgreement agreement, AccessRequest request)
    {
        var clause = request.Caller.Kind == PrincipalKind.Sender ? "senders" : "officers, roles";
        return new Refusal(
            agreement,
            request,
            new Objection(UnknownCaller, clause, "The agreement designates nobody of this name for anything."),
            contact: null,
            known: false);
    }

    static Refusal Refuse(Matter matter, Objection objection) => new(
        matter.Agreement, matter.Request, objection, Contacts.ToRing(matter, objection),
        matter.ResourceIsKnownToCaller());
}

/// <summary>What one rule has against a request.</summary>
sealed record Objection(string Reason, string Clause, string Explanation);

/// <summary>One clause that lets somebody act for a party: a sender, a designation or a role, current or not.</summary>
sealed record Capacity(string Party, Role Role, string Clause, DateOnly? From, DateOnly? To)
{
    public SenderClause? Sender { get; private init; }

    public OfficerClause? Officer { get; private init; }

    public static List<Capacity> Of(SharingAgreement agreement, Principal caller)
    {
        var senders = agreement.Senders
            .Where(s => caller.Kind == PrincipalKind.Sender && s.Party == caller.Party && s.Name == caller.SenderName)
            .Select(s => new Capacity(s.Party, Role.Sender, s.Clause, s.From, s.To) { Sender = s });
        var officers = agreement.Officers
            .Where(o => caller.Kind == PrincipalKind.Person && o.Person == caller.Person)
            .OrderBy(o => o.Deputy)
            .Select(o => new Capacity(o.Party, RoleOf(o), o.Clause, o.From, o.To) { Officer = o });
        var roles = agreement.Roles
            .Where(r => caller.Kind == PrincipalKind.Person && r.Person == caller.Person)
            .Select(r => new Capacity(r.Party, r.Role, r.Clause, r.From, r.To));
        var signatories = agreement.Signing.Signatories
            .Where(s => caller.Kind == PrincipalKind.Person && s.Person == caller.Person)
            .Select(s => new Capacity(s.Party, Role.Signatory, s.Clause, s.From, s.To));
        return [.. senders, .. officers, .. roles, .. signatories];
    }

    static Role RoleOf(OfficerClause officer) => officer.Deputy ? Role.Deputy : Role.Officer;
}

/// <summary>A request in one of the caller's capacities, with what the agreement says about it.</summary>
sealed class Matter(SharingAgreement agreement, AccessRequest request, VerbRule rule, Capacity capacity)
{
    public SharingAgreement Agreement { get; } = agreement;

    public AccessRequest Request { get; } = request;

    public VerbRule Rule { get; } = rule;

    public Capacity Capacity { get; } = capacity;

    public DateOnly Today { get; } = LondonTime.Date(request.Time);

    public PartyClause Party { get; } = agreement.Party(capacity.Party)
        ?? throw new InvalidOperationException("A capacity is for a party that the loader checked.");

    public FeedClause? Feed { get; } = agreement.Feed(request.Feed);

    /// <summary>What the party of the request owes of the dataset of the request.</summary>
    public DatasetOwedClause? Owed { get; } = agreement.Owed(request.Party, request.Dataset);

    public RecordsClause? Records { get; } = agreement.Records.FirstOrDefault(r => r.Dataset == request.Dataset);

    /// <summary>Whether the caller's party is one of those to whom the records are open.</summary>
    public bool ReadsRecords => Records is { } records && (records.Readers.Count == 0
        ? Party.Class == PartyClause.Responsible
        : records.Readers.Contains(Party.Id));

    /// <summary>Whether the party is the caller's own, or one whose place the caller's has taken.</summary>
    public bool IsOwn(string party) => Agreement.ActsFor(Party, party, Today);

    /// <summary>Whether a statutory duty is behind it, which neither expiry nor leaving ends.</summary>
    public bool IsStatutoryDuty => Rule.Season == Season.WhileOwed && Agreement.DatasetsOwed.Any(d =>
        d.IsStatutory && d.Party == Request.Party && (Request.Dataset is null || d.Dataset == Request.Dataset));

    /// <summary>
    /// An explanation is for one's own party's resources, for the feeds one may read or publish, and for verbs of the
    /// agreement as a whole. All else must look as if it did not exist, or refusals would be a way to list it.
    /// </summary>
    public bool ResourceIsKnownToCaller()
    {
        var partyIsKnown = Request.Party is not { } party || IsOwn(party) || Rule.Concern switch
        {
            Concern.OwnParty => Rule.ForEveryParty.Contains(Capacity.Role),
            Concern.Records => ReadsRecords,
            _ => true,
        };
        var feedIsKnown = Request.Feed is null
            || (Feed is not null && (Feed.Readers.Contains(Capacity.Party) || Capacity.Role == Role.Steward));
        return partyIsKnown && feedIsKnown;
    }

    public IReadOnlyList<string> PermittingClauses()
    {
        var clauses = new List<string> { Capacity.Clause };
        if (Rule.IsOfOneParty && Owed is not null)
            clauses.Add(Owed.Clause);
        if (Rule.Concern == Concern.Records)
            clauses.Add(Records!.Clause);
        if (Feed is not null)
            clauses.Add(Feed.Clause);
        if (Request.Purpose is not null)
            clauses.Add(Agreement.Purposes.First(p => p.Id == Request.Purpose).Clause);
        return clauses;
    }
}

/// <summary>Whom to ring: somebody else, who can help with this, and is in office today if anybody is.</summary>
static class Contacts
{
    public static string? ToRing(Matter matter, Objection objection)
    {
        var agreement = matter.Agreement;
        var parties = new[] { matter.Capacity.Party, matter.Request.Party }
            .Concat(agreement.DatasetsOwed.Where(d => d.Dataset == matter.Feed?.Dataset).Select(d => d.Party))
            .OfType<string>();
        var officers = parties.SelectMany(p => agreement.OfficersOn(p, matter.Today)).Select(o => o.Person);
        var stewards = agreement.Roles
            .Where(r => r.Role == Role.Steward && Terms.Holds(r.From, r.To, matter.Today))
            .Select(r => r.Person);
        var nearest = objection.Reason switch
        {
            PartyNotSigned => agreement.Signing.Signatories
                .Where(s => s.Party == matter.Party.Id && Terms.Holds(s.From, s.To, matter.Today))
                .Select(s => s.Person),
            PeriodLocked or AgreementSuspended => stewards,
            _ when matter.Rule.Concern == Concern.Records && matter.Request.Party is { } owner =>
                agreement.OfficersOn(owner, matter.Today).Select(o => o.Person),
            _ => [],
        };
        // Before and after the designations there are still those who sign.
        var signatories = agreement.Signing.Signatories
            .OrderBy(s => s.Party == matter.Party.Id ? 0 : s.Party == agreement.Owner ? 1 : 2).Select(s => s.Person);
        var person = nearest.Concat(officers).Concat(stewards).Concat(signatories)
            .FirstOrDefault(p => p != matter.Request.Caller.Person);
        return person is not null && agreement.Person(person) is { } found ? $"{found.Name}, {found.Contact}" : null;
    }
}
