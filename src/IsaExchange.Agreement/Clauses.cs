namespace IsaExchange.Agreement;

/// <summary>The edition of the area code list that <see cref="AreaClause.Code"/> comes from.</summary>
public sealed record GeographyClause(string CodeList, string Edition)
{
    /// <summary>Editions that take over later, by their first day.</summary>
    public IReadOnlyList<GeographyEdition> Later { get; init; } = [];

    public string EditionOn(DateOnly day) => Later.LastOrDefault(e => e.From <= day)?.Edition ?? Edition;
}

public sealed record GeographyEdition(string Edition, DateOnly From);

/// <summary>An authority that has signed. Open dates mean the term of the agreement; both days are inclusive.</summary>
public sealed record PartyClause(
    string Id, string Title, string Kind, IReadOnlyList<string> Areas, DateOnly? From, DateOnly? To)
{
    public string Clause => $"parties[{Id}]";

    /// <summary>responsible, co-operating or invited: only a responsible authority is relevant in law.</summary>
    public string Class { get; init; } = Responsible;

    public const string Responsible = "responsible";

    /// <summary>Areas of which the party covers a part, as a health body may.</summary>
    public IReadOnlyList<string> PartsOf { get; init; } = [];

    /// <summary>Areas and the areas covered in part.</summary>
    internal IEnumerable<string> Covered => Areas.Concat(PartsOf);

    /// <summary>Parties whose place it took on its first day: what they still owe, it owes.</summary>
    public IReadOnlyList<string> Succeeds { get; init; } = [];

    /// <summary>Last day as a member after a notice; statutory duties go on.</summary>
    public DateOnly? WithdrawnAfter { get; init; }

    internal int Line { get; init; }
}

/// <summary>A district, or a community safety partnership or county made <paramref name="Of"/> districts.</summary>
public sealed record AreaClause(string Code, string Title, string Kind, IReadOnlyList<string> Of)
{
    public string Clause => $"areas[{Code}]";

    public DateOnly? From { get; init; }

    /// <summary>The last day; null while it exists.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Areas that merged into this one on its first day.</summary>
    public IReadOnlyList<string> Succeeds { get; init; } = [];

    internal int Line { get; init; }
}

public sealed record PersonClause(string Id, string Name, string Contact)
{
    public string Clause => $"people[{Id}]";

    internal int Line { get; init; }
}

/// <summary>
/// A designation as liaison officer, or as deputy. <paramref name="Areas"/> are those the person answers for: what the
/// agreement wrote as <c>all</c> is the party's areas here. Both days are inclusive.
/// </summary>
public sealed record OfficerClause(
    string Party, string Person, IReadOnlyList<string> Areas, DateOnly From, DateOnly To, bool Deputy)
{
    /// <summary>A person designated again after a break has two clauses; each then names its first day.</summary>
    public string Clause { get; init; } = $"officers[{Party}/{Person}]";

    internal int Line { get; init; }

    /// <summary>When it was ended before its last day; null when it was not.</summary>
    public DateTimeOffset? Ended { get; init; }

    internal bool Holds(DateOnly day) => From <= day && day <= To && !(Ended is { } end && LondonTime.Date(end) <= day);
}

/// <summary>A system that uploads for its party; only an unattended one may also submit.</summary>
public sealed record SenderClause(
    string Party, string Name, IReadOnlyList<string> Datasets, bool Unattended, DateOnly? From, DateOnly? To)
{
    public string Clause => $"senders[{Party}/{Name}]";

    internal int Line { get; init; }
}

/// <summary>An analyst, steward or auditor of a party.</summary>
public sealed record RoleClause(Role Role, string Party, string Person, DateOnly? From, DateOnly? To)
{
#pragma warning disable CA1308 // The words of the language are lower case; nothing is compared.
    public string Clause => $"roles.{Role.ToString().ToLowerInvariant()}s[{Party}/{Person}]";
#pragma warning restore CA1308

    internal int Line { get; init; }
}

public sealed record PurposeClause(string Id, string Title)
{
    public string Clause => $"purposes[{Id}]";

    internal int Line { get; init; }
}

/// <summary>A table of a feed.</summary>
/// <param name="Name">Of its files.</param>
/// <param name="Dimensions">Each by its name, or at a coarser level: <c>location/lad</c>.</param>
public sealed record FeedTable(string Name, IReadOnlyList<string> Dimensions);

/// <summary>What of a regime is agreed for one feed; null: as usual.</summary>
/// <param name="Threshold">Counts below it are not shown; 0: none is too small.</param>
/// <param name="Width">How far apart two possible values of a protected count lie at least.</param>
public sealed record ProtectionClause(int? Threshold, int? Width, bool? ZerosAreShown)
{
    /// <summary>Cells of fewer contributors are not shown, where the dataset tells who contributes.</summary>
    public int? Contributors { get; init; }
}

/// <summary>What is published of one dataset, to whom, for which purposes, under which disclosure regime.</summary>
public sealed record FeedClause(
    string Id,
    string Title,
    string Dataset,
    IReadOnlyList<string> Areas,
    IReadOnlyList<FeedTable> Tables,
    string Regime,
    IReadOnlyList<string> Purposes,
    IReadOnlyList<string> Readers,
    string Marking)
{
    public string Clause => $"feeds[{Id}]";

    /// <summary>What to do when it is asked for under freedom of information; null when not agreed.</summary>
    public string? FreedomOfInformation { get; init; }

    /// <summary>Null: as usual under its regime.</summary>
    public ProtectionClause? Protection { get; init; }

    /// <summary>Whether a table that is not safe, or of no use, goes to coarser places by itself.</summary>
    public bool FindsGeography { get; init; }

    /// <summary>How a reader must handle it beyond its marking.</summary>
    public string? Handling { get; init; }

    /// <summary>How many stewards besides the one who proposes a release must approve it; 0: none, it is published
    /// at once.</summary>
    public int Approvals { get; init; }

    /// <summary>Days after its publication before readers may read a release; 0: none.</summary>
    public int EmbargoDays { get; init; }

    internal int Line { get; init; }
}

/// <summary>How many information periods of the dataset are kept.</summary>
public sealed record RetentionClause(string Dataset, int Periods)
{
    public string Clause => $"retention[{Dataset}]";

    internal int Line { get; init; }
}
