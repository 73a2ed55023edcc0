using IsaExchange.Agreement;

namespace IsaExchange.Exchange.Notifying;

/// <summary>Who is told of what befell a party's data, whatever was owed.</summary>
static class NoticePeople
{
    public readonly record struct Recipient(string Person, string Party);

    /// <summary>The officers of each party, and where there is none, because of a vacancy or because the party has
    /// left, those who signed for it.</summary>
    public static IEnumerable<Recipient> Answering(
        SharingAgreement agreement, IEnumerable<string> parties, DateOnly day) =>
        parties.Distinct(StringComparer.Ordinal).SelectMany(
            party => Answering(agreement, party, day).Select(person => new Recipient(person, party)));

    public static IEnumerable<Recipient> Stewards(SharingAgreement agreement, DateOnly day) => agreement.Roles
        .Where(r => r.Role == Role.Steward && !(day < r.From) && !(day > r.To))
        .Select(r => new Recipient(r.Person, r.Party));

    static IEnumerable<string> Answering(SharingAgreement agreement, string party, DateOnly day)
    {
        var officers = agreement.OfficersOn(party, day);
        return officers.Count > 0
            ? officers.Select(o => o.Person)
            : agreement.Signing.Signatories
                .Where(s => s.Party == party && !(day < s.From) && !(day > s.To)).Select(s => s.Person);
    }
}
