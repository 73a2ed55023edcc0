using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

/// <summary>A clause as people ask for it: its name and its words, in canonical spelling.</summary>
public sealed record ClausePage(string Section, string Clause, IReadOnlyList<(string Word, string Value)> Words)
{
    /// <summary>What the exchange does because of it.</summary>
    public string EnforcedBy => AgreementClauses.EnforcedBy(Section);
}

/// <summary>The clauses of an agreement under the names that refusals and the log give them.</summary>
public static class AgreementClauses
{
    static readonly Dictionary<string, string> Enforcement = new(StringComparer.Ordinal)
    {
        ["agreement"] = "It is the name of every resource under the agreement.",
        ["title"] = "It is shown with every release.",
        ["version"] = "The list of changes must end with it; it is in every manifest.",
        ["parent"] = "It is shown; the protocol itself is not enforced here.",
        ["document"] = "isax agreement lint --document compares the digest of the signed paper.",
        ["changes"] = "Versions and dates must go up and end at the version.",
        ["owner"] = "It must be one of the parties.",
        ["from"] = "Before this day nothing is permitted but to read and to sign the agreement.",
        ["to"] = "After this day only duties of section 17A and evidence remain.",
        ["review"] = "When its grace has run out, publishing and reading are refused: REVIEW_OVERDUE.",
        ["legal_bases"] = "A dataset can rest on these only.",
        ["geography"] = "The exchange does not start with an area that the edition of the day does not have.",
        ["areas"] = "What names another area is refused: AREA_NOT_COVERED. Nothing is owed outside its dates.",
        ["parties"] = "Others' submissions, logs and feeds do not exist for a party: PARTY_NOT_COVERED.",
        ["people"] = "A person without a designation, role or signature of their own is refused: UNKNOWN_CALLER.",
        ["officers"] = "Nobody else acts for the party, and this person in the term only: NOT_DESIGNATED_OFFICER.",
        ["senders"] = "The system uploads these datasets; it submits only when it is unattended.",
        ["roles"] = "Nobody else may do what the role may: ROLE_NOT_PERMITTED, ROLE_NOT_IN_TERM.",
        ["purposes"] = "A read without a purpose of this list is refused: PURPOSE_REQUIRED, PURPOSE_NOT_PERMITTED.",
        ["datasets"] = "It makes an obligation per area and period; another period is refused: PERIOD_NOT_OWED.",
        ["feeds"] = "Others than its readers are answered as if it did not exist: NOT_A_READER.",
        ["records"] = "Other readers, columns and purposes are refused: RECORDS_CLOSED, PURPOSE_NOT_PERMITTED.",
        ["retention"] = "What is older is not kept.",
        ["quality"] = "The caveat is in every manifest; a release that rests on less says so.",
        ["signing"] = "No revision is in force without its quorum, nor for who has not signed: PARTY_NOT_SIGNED.",
        ["accession"] = "Who joins needs so many approvals, and reads nothing from before: PERIOD_BEFORE_ACCESSION.",
        ["withdrawal"] = "Notice ends what was agreed locally and never what section 17A demands.",
        ["compliance"] = "Notices go out on these days; a locked period is refused: PERIOD_LOCKED.",
        ["requests"] = "It sets the day by which each request is to be answered.",
        ["breach"] = "It sets the hour by which the parties concerned are to be told.",
        ["onward"] = "Every manifest says whose consent it takes.",
        ["contacts"] = "They are named in every manifest.",
        ["processors"] = "They are shown to every member.",
    };

    /// <summary>Every clause, in the order in which an agreement is read.</summary>
    public static IReadOnlyList<ClausePage> Of(SharingAgreement agreement) =>
    [
        .. Named(agreement).Values
            .OrderBy(c => CanonicalForm.Sections.IndexOf(c.Section)).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => new ClausePage(c.Section, c.Name, [.. c.Words.SelectMany(Written)])),
    ];

    static IEnumerable<(string Word, string Value)> Written(KeyValuePair<string, object> word) =>
        CanonicalForm.Plain(word.Value) is { } value ? [(word.Key, value)] : [];

    /// <summary>One sentence about a section of the language.</summary>
    /// <exception cref="KeyNotFoundException">It is not a word of the language.</exception>
    public static string EnforcedBy(string section) => Enforcement[section];

    internal static SortedDictionary<string, ComparedClause> Named(SharingAgreement agreement)
    {
        var clauses = new SortedDictionary<string, ComparedClause>(StringComparer.Ordinal);
        foreach (var clause in CanonicalForm.Compared(agreement.Text))
        {
            // What cannot be told apart by its name is told apart by its place among its like.
            var name = clause.Name;
            for (var n = 2; !clauses.TryAdd(name, clause with { Name = name }); n++)
                name = $"{clause.Name}#{n}";
        }

        return clauses;
    }
}
