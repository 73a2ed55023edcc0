namespace IsaExchange.Agreement.Obligations;

/// <summary>One authority on the partnership's own checklist.</summary>
/// <param name="Officers">Names of the liaison officers designated on the day; empty is a vacancy.</param>
/// <param name="VacantAreas">Areas for which the party owes something and nobody answers, officer or deputy.</param>
/// <param name="SignTime">When it signed the revision; null when it has not.</param>
public sealed record AuthorityCheck(
    string Party, string Title, IReadOnlyList<string> Officers, IReadOnlyList<string> Deputies,
    IReadOnlyList<string> VacantAreas, bool MustSign, DateTimeOffset? SignTime, ReturnRate Rate)
{
    public bool HasOfficer => Officers.Count > 0;

    /// <summary>Nobody acts for it: neither officer nor deputy.</summary>
    public bool IsVacant => Officers.Count == 0 && Deputies.Count == 0;
}

/// <summary>One dataset of one authority: whether it comes in, and whether those who are owed it can read it.</summary>
/// <param name="ReceivedOnly">Areas of which not every responsible authority can read the records: there it is
/// received, not shared.</param>
public sealed record DatasetCheck(string Dataset, string Party, ReturnRate Rate, IReadOnlyList<string> ReceivedOnly)
{
    public bool IsShared => ReceivedOnly.Count == 0;
}

/// <summary>
/// The partnership's own checklist on one day, the past included: who answers for each authority, who has signed, and
/// whether everything that should be in is in, shared and not only received.
/// </summary>
/// <param name="Rate">Over what fell due in the year that ends with the day.</param>
/// <param name="Missing">Overdue, excepted or locked on the day, from whatever year, areas folded.</param>
/// <param name="Withheld">Of the year, areas folded.</param>
public sealed record ComplianceReport(
    string AgreementId, string Revision, DateOnly Day, DateOnly Since, IReadOnlyList<AuthorityCheck> Authorities,
    IReadOnlyList<DatasetCheck> Datasets, ReturnRate Rate, IReadOnlyList<ObligationGroup> Missing,
    IReadOnlyList<ObligationGroup> Withheld)
{
    /// <summary>Groups of <see cref="Missing"/> for which more time has been granted.</summary>
    public IReadOnlyList<ObligationGroup> Excepted =>
        [.. Missing.Where(g => g.Members.All(m => m.Standing.State == ObligationState.Excepted))];

    /// <summary>Whether every item of the checklist can be ticked.</summary>
    public bool IsClean =>
        Authorities.All(a => a.HasOfficer && a.VacantAreas.Count == 0 && !(a.MustSign && a.SignTime is null))
        && Missing.Count == 0 && Datasets.All(d => d.IsShared);

    /// <param name="agreement">The revision that governed on the day, with its acts.</param>
    /// <param name="acts">What was submitted, withheld and excepted, at any time.</param>
    /// <param name="day">A day in London; what was done after it does not count.</param>
    public static ComplianceReport Of(SharingAgreement agreement, ReturnActs acts, DateOnly day) =>
        Of(agreement, agreement.ObligationsBetween(agreement.From, day), acts, day);

    /// <param name="obligations">All that began by the day, each as the revision that governs its period says.</param>
    public static ComplianceReport Of(
        SharingAgreement agreement, IEnumerable<Obligation> obligations, ReturnActs acts, DateOnly day)
    {
        var since = day.AddYears(-1);
        List<AssessedObligation> assessed = [.. obligations
            .Select(o => new AssessedObligation(o, ObligationStanding.Assess(o, acts, day)))];
        var year = assessed.FindAll(a => a.Obligation.DueDate >= since);
        var members = agreement.Parties.Where(p => SharingAgreement.IsMember(p, day)).ToList();
        return new ComplianceReport(
            agreement.Id, agreement.Revision, day, since,
            [.. members.Select(p => Authority(agreement, p, year, day))],
            [.. agreement.DatasetsOwed.Where(d => members.Any(p => p.Id == d.Party))
                .Select(d => Dataset(agreement, d, year, day))
                .OrderBy(d => d.Dataset, StringComparer.Ordinal).ThenBy(d => d.Party, StringComparer.Ordinal)],
            ReturnRate.Of(year, day),
            ObligationGroup.Of(assessed.Where(a => a.Standing.IsMissing)),
            ObligationGroup.Of(year.Where(a => a.Standing.State == ObligationState.Withheld)));
    }

    static AuthorityCheck Authority(
        SharingAgreement agreement, PartyClause party, List<AssessedObligation> year, DateOnly day)
    {
        var designated = agreement.OfficersOn(party.Id, day);
        return new AuthorityCheck(
            party.Id, party.Title,
            Names(agreement, designated.Where(o => !o.Deputy)), Names(agreement, designated.Where(o => o.Deputy)),
            Vacancies.Areas(agreement, party.Id, day),
            agreement.Signing.Signatories.Any(s => s.Party == party.Id),
            agreement.Acts.Signatures.Where(s => s.Party == party.Id && s.Time < LondonTime.EndOf(day))
                .Select(s => (DateTimeOffset?)s.Time).Min(),
            ReturnRate.Of(year.Where(a => a.Obligation.Party == party.Id), day));
    }

    static DatasetCheck Dataset(
        SharingAgreement agreement, DatasetOwedClause owed, List<AssessedObligation> year, DateOnly day) => new(
        owed.Dataset, owed.Party,
        ReturnRate.Of(
            year.Where(a => a.Obligation.Party == owed.Party && a.Obligation.Dataset == owed.Dataset), day),
        [.. owed.Areas.Where(area => !agreement.SharesRecords(owed.Dataset, area, day))]);

    static List<string> Names(SharingAgreement agreement, IEnumerable<OfficerClause> officers) =>
    [
        .. officers.Select(o => agreement.Person(o.Person)?.Name ?? o.Person).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];
}
