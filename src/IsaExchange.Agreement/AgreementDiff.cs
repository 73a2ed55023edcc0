using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

public enum ClauseChangeKind
{
    Added,
    Removed,
    Changed,
}

/// <summary>One word of a clause before and after; null where the word is not written.</summary>
public sealed record WordChange(string Word, string? Old, string? New);

/// <summary>What happened to one clause. <paramref name="Section"/> is the word that it stands under.</summary>
public sealed record ClauseChange(
    ClauseChangeKind Kind, string Section, string Clause, IReadOnlyList<WordChange> Words)
{
    /// <summary>The parties that the clause is about before or after, by id; empty for one about none.</summary>
    public IReadOnlyList<string> Parties { get; init; } = [];
}

/// <summary>The differences of two revisions, clause by clause, in the order of the agreement.</summary>
public sealed class AgreementDifferences
{
    internal AgreementDifferences(
        IReadOnlyList<ClauseChange> changes, IReadOnlyList<string> joining, bool isAccession) =>
        (Changes, JoiningParties, IsAccession) = (changes, joining, isAccession);

    public IReadOnlyList<ClauseChange> Changes { get; }

    public IReadOnlyList<string> JoiningParties { get; }

    /// <summary>
    /// Whether parties join and nothing changes for those who are there: the accession rule of the old revision then
    /// applies instead of its quorum. A reader added to a feed or to records must be one who joins.
    /// </summary>
    public bool IsAccession { get; }
}

/// <summary>Compares two revisions by their meaning: layout and order make no difference.</summary>
public static class AgreementDiff
{
    static readonly StringComparer Ordinal = StringComparer.Ordinal;

    static readonly SortedDictionary<string, object> None = [];

    /// <summary>Sections in which a clause may be new when a party joins, as long as it is about who joins.</summary>
    static readonly HashSet<string> OfOneParty =
        new(["parties", "officers", "senders", "roles", "datasets", "signing", "contacts", "processors"], Ordinal);

    /// <summary>Sections whose clauses bind nobody by themselves.</summary>
    static readonly HashSet<string> Descriptive =
        new(["people", "areas", "version", "changes", "quality"], Ordinal);

    /// <summary>What the later of two revisions of one agreement says otherwise.</summary>
    public static AgreementDifferences Between(SharingAgreement old, SharingAgreement later)
    {
        var (before, after) = (AgreementClauses.Named(old), AgreementClauses.Named(later));
        var changes = new List<ClauseChange>();
        foreach (var (name, clause) in before)
        {
            if (!after.TryGetValue(name, out var now))
                changes.Add(Change(ClauseChangeKind.Removed, clause, clause, Words(clause.Words, None)));
            else if (Words(clause.Words, now.Words) is { Count: > 0 } words)
                changes.Add(Change(ClauseChangeKind.Changed, clause, now, words));
        }

        changes.AddRange(after.Where(pair => !before.ContainsKey(pair.Key))
            .Select(pair => Change(ClauseChangeKind.Added, pair.Value, pair.Value, Words(None, pair.Value.Words))));
        var ordered = changes.OrderBy(c => CanonicalForm.Sections.IndexOf(c.Section)).ThenBy(c => c.Clause, Ordinal)
            .ToList();
        var joining = later.Parties.Select(p => p.Id).Except(old.Parties.Select(p => p.Id)).ToList();
        return new AgreementDifferences(ordered, joining, IsAccession(ordered, joining, later));
    }

    static bool IsAccession(List<ClauseChange> changes, List<string> joining, SharingAgreement later) =>
        joining.Count > 0
        && changes.TrueForAll(c => c.Kind switch
        {
            ClauseChangeKind.Added when OfOneParty.Contains(c.Section) =>
                c.Parties.Count > 0 && c.Parties.All(joining.Contains) && !GivesPower(c),
            ClauseChangeKind.Added when c.Section == "retention" => IsOfJoiners(c, joining, later),
            ClauseChangeKind.Added => Descriptive.Contains(c.Section),
            ClauseChangeKind.Changed => c.Section is "version"
                || (c.Section is "feeds" or "records" && c.Words.All(w => OnlyAdds(w, joining))),
            _ => false,
        });

    /// <summary>How long a dataset is kept is for those to say who owe it.</summary>
    static bool IsOfJoiners(ClauseChange change, List<string> joining, SharingAgreement later) =>
        later.Retention.Where(r => r.Clause == change.Clause).ToList() is [var kept]
        && later.DatasetsOwed.Where(d => d.Dataset == kept.Dataset).ToList() is { Count: > 0 } owed
        && owed.TrueForAll(d => joining.Contains(d.Party));

    /// <summary>Stewards and auditors act for every party: to add one changes something for all.</summary>
    static bool GivesPower(ClauseChange change) => change.Words.Any(w => w.New is "steward" or "auditor");

    static bool OnlyAdds(WordChange change, List<string> joining) => change.Word == "readers"
        // Nobody named means every responsible authority: to name some is to take from others.
        && Items(change.Old).ToHashSet(Ordinal) is { Count: > 0 } old
        && Items(change.New).ToHashSet(Ordinal) is var later
        && old.IsSubsetOf(later) && later.Except(old).All(joining.Contains);

    static string[] Items(string? list) => list?.Split(", ", StringSplitOptions.RemoveEmptyEntries) ?? [];

    static ClauseChange Change(ClauseChangeKind kind, ComparedClause old, ComparedClause now, List<WordChange> words) =>
        new(kind, now.Section, now.Name, words) { Parties = [.. old.Parties.Union(now.Parties)] };

    static List<WordChange> Words(SortedDictionary<string, object> old, SortedDictionary<string, object> later) =>
    [
        .. old.Keys.Union(later.Keys).Order(Ordinal)
            .Select(word => new WordChange(word, Text(old, word), Text(later, word)))
            .Where(change => change.Old != change.New),
    ];

    static string? Text(SortedDictionary<string, object> clause, string word) =>
        clause.TryGetValue(word, out var value) ? CanonicalForm.Plain(value) : null;
}
