namespace IsaExchange.Agreement.Language;

/// <summary>A clause in its canonical words, with the name that the log and refusals give it.</summary>
sealed record ComparedClause(
    string Section, string Name, SortedDictionary<string, object> Words, IReadOnlyList<string> Parties);

/// <summary>The canonical form clause by clause, for comparing two revisions.</summary>
static partial class CanonicalForm
{
    /// <summary>The words that name a clause of a section; a section that is not here is one clause.</summary>
    static readonly (string Section, string[] Key)[] Keys =
    [
        ("parties", ["id"]), ("areas", ["code"]), ("people", ["id"]), ("officers", ["party", "person"]),
        ("senders", ["party", "name"]), ("roles", ["party", "person"]), ("purposes", ["id"]),
        ("datasets", ["dataset", "party"]), ("feeds", ["id"]), ("retention", ["dataset"]), ("records", ["dataset"]),
        ("quality", ["dataset"]), ("changes", ["version"]), ("processors", ["party", "name"]),
        ("contacts", ["party", "matter"]),
    ];

    /// <summary>The words at the top of an agreement, in the order in which people read them.</summary>
    public static List<string> Sections { get; } =
    [
        "agreement", "title", "version", "parent", "document", "changes", "owner", "from", "to", "review",
        "legal_bases", "geography", "areas", "parties",
        "people", "officers", "senders", "roles", "purposes", "datasets", "feeds", "records", "retention", "quality",
        "signing", "accession", "withdrawal", "compliance", "requests", "breach",
        "onward", "contacts", "processors",
    ];

    public static IEnumerable<ComparedClause> Compared(AgreementText text)
    {
        var document = Document(text);
        document.Remove("form");
        return document.SelectMany(pair => Split(pair.Key, pair.Value));
    }

    /// <summary>A value for people: lists with commas, clauses with their words.</summary>
    public static string? Plain(object value) => value switch
    {
        object[] { Length: 0 } => null,
        object[] items => string.Join(", ", items.Select(Plain)),
        SortedDictionary<string, object> words =>
            string.Join(' ', words.Select(pair => $"{pair.Key}: {Plain(pair.Value)}")),
        bool flag => flag ? "true" : "false",
        _ => value.ToString(),
    };

    static IEnumerable<ComparedClause> Split(string section, object value)
    {
        if (Keys.FirstOrDefault(k => k.Section == section) is { Key: { } key })
            return ((object[])value).Cast<SortedDictionary<string, object>>().Select(c => Keyed(section, c, key));
        return section == "signing" && value is SortedDictionary<string, object> signing
            ? Signing(signing)
            : [new(section, section, value as SortedDictionary<string, object> ?? Map((section, value)), [])];
    }

    static IEnumerable<ComparedClause> Signing(SortedDictionary<string, object> signing) =>
    [
        new("signing", "signing", Map(("quorum", signing["quorum"])), []),
        .. ((object[])signing["signatories"]).Cast<SortedDictionary<string, object>>()
            .Select(c => Keyed("signing", c, ["party", "person"], "signing.signatories")),
    ];

    static ComparedClause Keyed(
        string section, SortedDictionary<string, object> clause, string[] key, string? prefix = null)
    {
        var under = section == "roles" ? $"roles.{clause["role"]}s" : prefix ?? section;
        IEnumerable<object?> about = section == "parties"
            ? [clause["id"], .. (object[])clause["succeeds"]]
            : [clause.GetValueOrDefault("party")];
        return new ComparedClause(
            section, $"{under}[{string.Join('/', key.Select(word => clause[word]))}]", clause,
            [.. about.OfType<string>()]);
    }
}
