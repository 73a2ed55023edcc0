using IsaExchange.Agreement.Deciding;
using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

/// <summary>
/// One information sharing agreement as loaded and checked: immutable, and the only source of permits.
/// <see cref="AgreementLoader"/> makes it.
/// </summary>
public sealed class SharingAgreement
{
    readonly Dictionary<string, HashSet<string>> districtsOf;
    readonly AgreementText text;

    internal SharingAgreement(AgreementText text, string sourceYaml)
        : this(text, sourceYaml, AgreementActs.None, CanonicalForm.Revision(text))
    {
    }

    SharingAgreement(AgreementText text, string sourceYaml, AgreementActs acts, string revision)
    {
        this.text = text;
        Acts = acts;
        Id = text.Id;
        Title = text.Title;
        Owner = text.Owner;
        From = text.From;
        To = text.To;
        ReviewDue = text.ReviewDue;
        ReviewGraceDays = text.ReviewGraceDays;
        LegalBases = text.LegalBases;
        Geography = text.Geography;
        Parties = Overlay.Parties(text, acts);
        Areas = text.Areas;
        People = Overlay.People(text, acts);
        Officers = Overlay.Officers(text, acts);
        Senders = text.Senders;
        Roles = text.Roles;
        Purposes = text.Purposes;
        DatasetsOwed = text.DatasetsOwed;
        Feeds = text.Feeds;
        Retention = text.Retention;
        Signing = text.Signing;
        Accession = text.Accession;
        Withdrawal = text.Withdrawal;
        Records = text.Records;
        Requests = text.Requests;
        Breach = text.Breach;
        Compliance = text.Compliance;
        Quality = text.Quality;
        SourceYaml = sourceYaml;
        Revision = revision;
        SignedParties = acts.Signatures.Select(s => s.Party).ToHashSet(StringComparer.Ordinal);
        districtsOf = Geographies.DistrictsByArea(Areas);
    }

    public string Id { get; }

    /// <summary>SHA-256 of the canonical form, lower-case hex: moves with the meaning, not with the layout.</summary>
    public string Revision { get; }

    public string Title { get; }

    /// <summary>The party that keeps the agreement.</summary>
    public string Owner { get; }

    public DateOnly From { get; }

    /// <summary>The last day.</summary>
    public DateOnly To { get; }

    public DateOnly ReviewDue { get; }

    public int ReviewGraceDays { get; }

    /// <summary>The last day on which a review that is overdue stops nothing yet.</summary>
    public DateOnly ReviewGraceEnd => ReviewDue.AddDays(ReviewGraceDays);

    public IReadOnlyList<string> LegalBases { get; }

    public GeographyClause Geography { get; }

    public IReadOnlyList<PartyClause> Parties { get; }

    public IReadOnlyList<AreaClause> Areas { get; }

    public IReadOnlyList<PersonClause> People { get; }

    public IReadOnlyList<OfficerClause> Officers { get; }

    public IReadOnlyList<SenderClause> Senders { get; }

    public IReadOnlyList<RoleClause> Roles { get; }

    public IReadOnlyList<PurposeClause> Purposes { get; }

    public IReadOnlyList<DatasetOwedClause> DatasetsOwed { get; }

    public IReadOnlyList<FeedClause> Feeds { get; }

    public IReadOnlyList<RetentionClause> Retention { get; }

    public SigningClause Signing { get; }

    /// <summary>Null: nobody can join without the full quorum.</summary>
    public AccessionClause? Accession { get; }

    /// <summary>Null: nobody can leave before the term ends.</summary>
    public WithdrawalClause? Withdrawal { get; }

    /// <summary>A dataset without a clause here is closed: its records are received and shared with nobody.</summary>
    public IReadOnlyList<RecordsClause> Records { get; }

    public RequestsClause? Requests { get; }

    public BreachClause? Breach { get; }

    public ComplianceClause Compliance { get; }

    public IReadOnlyList<QualityClause> Quality { get; }

    /// <summary>The agreement as written.</summary>
    public string SourceYaml { get; }

    /// <summary>What has been done under this revision; <see cref="AgreementActs.None"/> makes it a draft.</summary>
    public AgreementActs Acts { get; }

    /// <summary>Ids of the parties whose signature stands under this revision.</summary>
    public IReadOnlySet<string> SignedParties { get; }

    /// <summary>Whether as many have signed as the agreement demands.</summary>
    public bool HasQuorum => SignedParties.Count >= Signing.Quorum;

    /// <summary>The same revision, with what has been done under it.</summary>
    public SharingAgreement With(AgreementActs acts) => new(text, SourceYaml, acts, Revision);

    /// <summary>The one decision of the exchange. Unknown, missing and empty are refused.</summary>
    public Decision Decide(AccessRequest request) => DecisionRules.Decide(this, request);

    /// <summary>
    /// What is owed for the periods that begin between the two days, both included, by due date and id. Only whole
    /// periods inside the term, the party's membership and the clause's own dates are expected: what was expected does
    /// not depend on what came in.
    /// </summary>
    public IReadOnlyList<Obligation> ObligationsBetween(DateOnly firstPeriodStart, DateOnly lastPeriodStart) =>
    [
        .. DatasetsOwed.SelectMany(owed => ObligationsOf(owed, firstPeriodStart, lastPeriodStart))
            .OrderBy(o => o.DueDate).ThenBy(o => o.Id, StringComparer.Ordinal),
    ];

    /// <summary>Whether the sender may submit by itself, with queries open; a vacancy does not stop it.</summary>
    public bool IsUnattendedSender(Principal p, string dataset, DateOnly on) =>
        p.Kind == PrincipalKind.Sender
        && Senders.Any(s => s.Party == p.Party && s.Name == p.SenderName && s.Unattended
            && s.Datasets.Contains(dataset) && Terms.Holds(s.From, s.To, on));

    /// <summary>Who is designated for the party on the day, officers before deputies. Empty is a vacancy.</summary>
    public IReadOnlyList<OfficerClause> OfficersOn(string party, DateOnly on) =>
        [.. Officers.Where(o => o.Party == party && o.Holds(on)).OrderBy(o => o.Deputy)];

    /// <summary>Whether every district of <paramref name="area"/> is in the areas; an unknown one is not.</summary>
    public bool LiesIn(string area, IEnumerable<string> areas) => districtsOf.TryGetValue(area, out var inner)
        && inner.IsSubsetOf(DistrictsOf(areas));

    IEnumerable<string> DistrictsOf(IEnumerable<string> areas) =>
        areas.SelectMany(a => districtsOf.TryGetValue(a, out var districts) ? districts : []);

    /// <summary>
    /// Whether every responsible authority of the area can read the records of the dataset: only then is what was
    /// received also shared, as section 17A demands.
    /// </summary>
    public bool SharesRecords(string dataset, string area, DateOnly day)
    {
        var relevant = Parties.Where(p => p.Class == PartyClause.Responsible && IsMember(p, day) && HasPartIn(p, area));
        return Records.FirstOrDefault(r => r.Dataset == dataset) is { } records
            && relevant.All(p => records.Readers.Count == 0 || records.Readers.Contains(p.Id));
    }

    /// <summary>Whether the party covers the area or a part of it.</summary>
    internal bool HasPartIn(PartyClause party, string area) => districtsOf.TryGetValue(area, out var inner)
        && inner.Overlaps(DistrictsOf(party.Areas.Concat(party.PartsOf)));

    internal static bool IsMember(PartyClause party, DateOnly day) =>
        Terms.Holds(party.From, Terms.Earliest(party.To, party.WithdrawnAfter), day);

    /// <summary>The party itself, and those whose place it had taken by the day, however long ago.</summary>
    internal bool ActsFor(PartyClause party, string other, DateOnly day) => party.Id == other
        || (!(day < party.From) && party.Succeeds.Select(Party).OfType<PartyClause>()
            .Any(predecessor => ActsFor(predecessor, other, day)));

    internal PartyClause? Party(string id) => Parties.FirstOrDefault(p => p.Id == id);

    internal FeedClause? Feed(string? id) => Feeds.FirstOrDefault(f => f.Id == id);

    internal PersonClause? Person(string id) => People.FirstOrDefault(p => p.Id == id);

    internal DatasetOwedClause? Owed(string? party, string? dataset) =>
        DatasetsOwed.FirstOrDefault(d => d.Party == party && d.Dataset == dataset);

    /// <summary>Whether a return for the period is expected, wholly inside every term that bounds it.</summary>
    internal bool Expects(DatasetOwedClause owed, InformationPeriod period)
    {
        var party = Party(owed.Party)
            ?? throw new InvalidOperationException("A dataset is owed by a party that the loader checked.");
        // Notice ends what was agreed; what section 17A demands is owed as long as the authority exists.
        var leaves = owed.IsStatutory ? null : party.WithdrawnAfter;
        return period.Start >= Terms.Latest(From, party.From, owed.From)
            && period.LastDay <= Terms.Earliest(To, party.To, owed.To, leaves);
    }

    /// <summary>Whether the area exists for the whole period: a district that merges is owed nothing after.</summary>
    bool Exists(string area, InformationPeriod period) => Areas.FirstOrDefault(a => a.Code == area) is not { } found
        || (!(period.Start < found.From) && !(period.LastDay > found.To));

    IEnumerable<Obligation> ObligationsOf(DatasetOwedClause owed, DateOnly first, DateOnly last)
    {
        // No period of a term begins more than a quarter before it, so nothing expected is missed by starting there.
        var from = first > From ? first : From;
        for (var period = owed.PeriodContaining(from); period.Start <= last && period.Start <= To;
            period = owed.PeriodContaining(period.EndExclusive))
        {
            if (period.Start < first || !Expects(owed, period))
                continue;
            foreach (var area in owed.Areas.Where(a => Exists(a, period)))
                yield return new Obligation(
                    owed.Party, owed.Dataset, area, period, owed.DueDate(period), owed.LegalBasis, owed.Clause);
        }
    }
}

/// <summary>Days from and to, both inclusive; an open end is bounded by what surrounds it.</summary>
static class Terms
{
    public static bool Holds(DateOnly? from, DateOnly? to, DateOnly day) => !(day < from) && !(day > to);

    public static DateOnly Latest(params DateOnly?[] days) => days.Max() ?? DateOnly.MinValue;

    public static DateOnly Earliest(params DateOnly?[] days) => days.Min() ?? DateOnly.MaxValue;
}

/// <summary>The clauses as the acts have left them.</summary>
static class Overlay
{
    public static IReadOnlyList<PartyClause> Parties(AgreementText text, AgreementActs acts) =>
    [
        .. text.Parties.Select(p => acts.Withdrawals.LastOrDefault(w => w.Party == p.Id) is { } notice
            ? p with { WithdrawnAfter = notice.LastDay }
            : p),
    ];

    public static IReadOnlyList<PersonClause> People(AgreementText text, AgreementActs acts) =>
        [.. text.People, .. acts.People.Where(p => text.People.All(known => known.Id != p.Id))];

    public static IReadOnlyList<OfficerClause> Officers(AgreementText text, AgreementActs acts)
    {
        var designated = acts.Designations.Select(d =>
            new OfficerClause(d.Party, d.Person, d.Areas, d.From, d.To, d.Deputy) { Clause = $"designations[{d.Id}]" });
        return
        [
            .. text.Officers.Concat(designated).Select(o => acts.Ends.FirstOrDefault(e => e.Clause == o.Clause) is { } e
                ? o with { Ended = e.Time }
                : o),
        ];
    }
}

/// <summary>Areas as sets of districts, the only level at which they can be compared.</summary>
static class Geographies
{
    public static Dictionary<string, HashSet<string>> DistrictsByArea(IEnumerable<AreaClause> areas) =>
        areas.ToDictionary(
            area => area.Code,
            area => area.Of.Count > 0 ? area.Of.ToHashSet(StringComparer.Ordinal) : [area.Code],
            StringComparer.Ordinal);
}
