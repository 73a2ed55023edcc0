namespace IsaExchange.Agreement.Language;

/// <summary>The closed word lists of the language.</summary>
static class LanguageWords
{
    public static readonly string[] LegalBases =
        ["cda-1998-s17a", "cda-1998-s115", "si-2007-1830-r4", "pcsca-2022-s16", "local-agreement"];

    public static readonly string[] PartyKinds =
        ["police", "county-council", "district-council", "unitary-council", "fire", "health", "probation"];

    public static readonly string[] PartyClasses = [PartyClause.Responsible, "co-operating", "invited"];

    public static readonly string[] AreaKinds = ["district", "csp", "county"];

    public static readonly string[] Cadences = ["quarterly", "monthly"];

    public static readonly string[] Calendars = [StatutoryCalendar.Id];

    /// <summary>The first is that of a feed that names none.</summary>
    public static readonly string[] Regimes = ["sticky-5", "suppress", "nhs-2018", "open"];

    /// <summary>Regimes of which a feed can agree more than the word.</summary>
    public static readonly string[] RegimesWithProtection = ["sticky-5", "suppress"];

    public static readonly string[] Zeros = ["shown", "hidden"];

    public static readonly string[] Geographies = ["fixed", "auto"];

    public static readonly string[] Markings = ["OFFICIAL", "OFFICIAL-SENSITIVE"];

    public static readonly string[] Matters = ["subject-access", "freedom-of-information", "complaints"];

    /// <summary>Dimensions that every dataset has.</summary>
    public static readonly string[] Dimensions = ["area", "month"];
}

/// <summary>
/// The ids that the sections of one agreement define, gathered before anything is judged, so that clauses may stand in
/// any order and a wrong reference is reported on the line where it is written.
/// </summary>
sealed class DefinedIds(YamlMap root)
{
    public IReadOnlySet<string> Parties { get; } = Ids(root, "parties", "id");

    public IReadOnlySet<string> Areas { get; } = Ids(root, "areas", "code");

    public IReadOnlySet<string> Districts { get; } =
        Ids(root, "areas", "code", m => m["kind"] is YamlText { Value: "district" });

    public IReadOnlySet<string> People { get; } = Ids(root, "people", "id");

    public IReadOnlySet<string> Purposes { get; } = Ids(root, "purposes", "id");

    public IReadOnlySet<string> Datasets { get; } = Ids(root, "datasets", "dataset");

    public IReadOnlySet<string> LegalBases { get; } = root["legal_bases"] is YamlList list
        ? list.Items.OfType<YamlText>().Select(t => t.Value).ToHashSet(StringComparer.Ordinal)
        : [];

    /// <summary>As written; what is wrong with them is reported where the party is read.</summary>
    public IReadOnlyList<string> AreasOfParty(string party) =>
        root["parties"] is YamlList list
        && list.Items.OfType<YamlMap>().FirstOrDefault(m => m["id"] is YamlText id && id.Value == party) is { } found
        && found["areas"] is YamlList areas
            ? [.. Values(areas), .. found["parts_of"] is YamlList parts ? Values(parts) : []]
            : [];

    static IEnumerable<string> Values(YamlList list) => list.Items.OfType<YamlText>().Select(t => t.Value);

    static HashSet<string> Ids(YamlMap root, string section, string word, Func<YamlMap, bool>? where = null) =>
        root[section] is not YamlList list
            ? []
            : list.Items.OfType<YamlMap>().Where(where ?? (_ => true)).Select(m => m[word]).OfType<YamlText>()
                .Select(t => t.Value).ToHashSet(StringComparer.Ordinal);
}
