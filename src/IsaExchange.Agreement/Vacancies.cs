namespace IsaExchange.Agreement;

/// <summary>A party without a liaison officer for some of its areas.</summary>
/// <param name="DeputyActs">A deputy answers for all of them; else what only an officer can do waits.</param>
public sealed record Vacancy(string Party, IReadOnlyList<string> Areas, bool DeputyActs);

/// <summary>
/// Who is missing on a day. A vacancy never stops a sender that is designated unattended: the duty does not lapse with
/// the person.
/// </summary>
public static class Vacancies
{
    public static IReadOnlyList<Vacancy> Of(SharingAgreement agreement, DateOnly day) =>
    [
        .. from party in agreement.Parties
           where SharingAgreement.IsMember(party, day)
           let areas = Areas(agreement, party.Id, day, officersOnly: true)
           where areas.Count > 0
           select new Vacancy(party.Id, areas, Areas(agreement, party.Id, day).Count == 0),
    ];

    /// <summary>
    /// Areas for which the party owes something on the day and nobody answers, officer or deputy. All of its areas when
    /// nobody is designated at all, whether it owes anything or not.
    /// </summary>
    public static IReadOnlyList<string> Areas(
        SharingAgreement agreement, string party, DateOnly day, bool officersOnly = false)
    {
        var designated = agreement.OfficersOn(party, day).Where(o => !(officersOnly && o.Deputy)).ToList();
        if (designated.Count == 0)
            return agreement.Party(party)?.Areas ?? [];
        var covered = designated.SelectMany(o => o.Areas).ToList();
        return [.. agreement.DatasetsOwed.Where(d => d.Party == party && Terms.Holds(d.From, d.To, day))
            .SelectMany(d => d.Areas).Distinct(StringComparer.Ordinal)
            .Where(area => !agreement.LiesIn(area, covered)).Order(StringComparer.Ordinal)];
    }
}
