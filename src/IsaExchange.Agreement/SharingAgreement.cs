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

    internal SharingAgreement(AgreementText text, string sourceYaml)
    {
        Id = text.Id;
        Title = text.Title;
        Owner = text.Owner;
        From = text.From;
        To = text.To;
        ReviewDue = text.ReviewDue;
        ReviewGraceDays = text.ReviewGraceDays;
        LegalBases = text.LegalBases;
        Geography = text.Geography;
        Parties = text.Parties;
        Areas = text.Areas;
        People = text.People;
        Officers = text.Officers;
        Senders = text.Senders;
        Roles = text.Roles;
        Purposes = text.Purposes;
        DatasetsOwed = text.DatasetsOwed;
        Feeds = text.Feeds;
        Retention = text.Retention;
        SourceYaml = sourceYaml;
        Revision = CanonicalForm.Revision(text);
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

    /// <summary>The agreement as written.</summary>
    public string SourceYaml { get; }

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
        && inner.IsSubsetOf(areas.SelectMany(a => districtsOf.TryGetValue(a, out var outer) ? outer : []));

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
        return period.Start >= Terms.Latest(From, party.From, owed.From)
            && period.LastDay <= Terms.Earliest(To, party.To, owed.To);
    }

    IEnumerable<Obligation> ObligationsOf(DatasetOwedClause owed, DateOnly first, DateOnly last)
    {
        // No period of a term begins more than a quarter before it, so nothing expected is missed by starting there.
        var from = first > From ? first : From;
        for (var period = owed.PeriodContaining(from); period.Start <= last && period.Start <= To;
            period = owed.PeriodContaining(period.EndExclusive))
        {
            if (period.Start < first || !Expects(owed, period))
                continue;
            foreach (var area in owed.Areas)
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

/// <summary>Areas as sets of districts, the only level at which they can be compared.</summary>
static class Geographies
{
    public static Dictionary<string, HashSet<string>> DistrictsByArea(IEnumerable<AreaClause> areas) =>
        areas.ToDictionary(
            area => area.Code,
            area => area.Of.Count > 0 ? area.Of.ToHashSet(StringComparer.Ordinal) : [area.Code],
            StringComparer.Ordinal);
}
