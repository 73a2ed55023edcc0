using IsaExchange.Agreement;

namespace IsaExchange.Exchange;

/// <summary>A party without a liaison officer for some of the areas it owes something for.</summary>
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
        .. agreement.Parties.Where(p => IsMember(p, day)).Select(p => Of(agreement, p, day)).OfType<Vacancy>(),
    ];

    static Vacancy? Of(SharingAgreement agreement, PartyClause party, DateOnly day)
    {
        var owed = agreement.DatasetsOwed
            .Where(d => d.Party == party.Id && !(day < d.From) && !(day > d.To))
            .SelectMany(d => d.Areas).Distinct(StringComparer.Ordinal).ToList();
        var holders = agreement.OfficersOn(party.Id, day);
        var vacant = Uncovered(agreement, owed, holders.Where(o => !o.Deputy));
        return vacant.Count == 0
            ? null
            : new Vacancy(party.Id, vacant, Uncovered(agreement, vacant, holders).Count == 0);
    }

    static List<string> Uncovered(SharingAgreement agreement, List<string> areas, IEnumerable<OfficerClause> holders)
    {
        var covered = holders.SelectMany(o => o.Areas).ToList();
        return areas.FindAll(area => !agreement.LiesIn(area, covered));
    }

    static bool IsMember(PartyClause party, DateOnly day) =>
        !(day < party.From) && !(day > party.To) && !(day > party.WithdrawnAfter);
}
