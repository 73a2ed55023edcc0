namespace IsaExchange.Agreement;

/// <summary>
/// How the agreement comes into force: <paramref name="Quorum"/> is how many parties must have signed a revision, each
/// by its signatory.
/// </summary>
public sealed record SigningClause(int Quorum, IReadOnlyList<SignatoryClause> Signatories);

/// <summary>Who signs for a party, in which office. Open dates mean the term of the agreement.</summary>
public sealed record SignatoryClause(string Party, string Person, string Office, DateOnly? From, DateOnly? To)
{
    public string Clause => $"signing.signatories[{Party}/{Person}]";

    internal int Line { get; init; }
}

/// <summary>
/// A revision that only adds parties needs the signatures of those and of <paramref name="Approvals"/> others. Without
/// <paramref name="BackData"/> a party reads nothing of periods before its first day.
/// </summary>
public sealed record AccessionClause(int Approvals, bool BackData);

/// <summary>A party leaves no earlier than so many days after its notice.</summary>
public sealed record WithdrawalClause(int NoticeDays);

/// <summary>
/// Who may read the records of a dataset, which columns of them and for which purposes. Without
/// <paramref name="Readers"/> it is every responsible authority of the area read.
/// </summary>
public sealed record RecordsClause(
    string Dataset, IReadOnlyList<string> Readers, IReadOnlyList<string> Columns, IReadOnlyList<string> Purposes)
{
    public string Clause => $"records[{Dataset}]";

    internal int Line { get; init; }
}

/// <summary>A request for information is to be answered within so many days.</summary>
public sealed record RequestsClause(int AnswerDays);

/// <summary>After a breach the parties concerned are told within so many hours.</summary>
public sealed record BreachClause(int NotifyHours);

/// <summary>
/// When officers are reminded (days before the due date), when it is taken further (days after it), and when a period
/// locks (days after it; null = never).
/// </summary>
public sealed record ComplianceClause(
    IReadOnlyList<int> RemindDaysBefore, IReadOnlyList<int> EscalateDaysAfter, int? LockDaysAfter);

/// <summary>
/// What is known to be wrong with a dataset, and how much of it must be in, and how much in time, for a release to
/// stand without a warning. Travels with everything made from it, between its days when it has them.
/// </summary>
public sealed record QualityClause(string Dataset, string Caveat)
{
    public string Clause => $"quality[{Dataset}]";

    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }

    /// <summary>Least share of the returns expected for a release that must be in, in percent.</summary>
    public int? CompletePercent { get; init; }

    /// <summary>Least share of them that must have come by the due date, in percent.</summary>
    public int? OnTimePercent { get; init; }

    /// <summary>Whether it is about any day of the period.</summary>
    public bool Concerns(InformationPeriod period) => !(period.LastDay < From) && !(period.Start > To);

    internal int Line { get; init; }
}

/// <summary>The signed paper: its digest and where it is kept.</summary>
public sealed record DocumentClause(string Sha256, string Kept);

/// <summary>What changed with a version, and who agreed to it.</summary>
public sealed record VersionClause(string Version, DateOnly Date, string By, string Title)
{
    public string Clause => $"changes[{Version}]";

    internal int Line { get; init; }
}

/// <summary>A company that works on a party's behalf.</summary>
public sealed record ProcessorClause(string Party, string Name, string Does)
{
    public string Clause => $"processors[{Party}/{Name}]";

    internal int Line { get; init; }
}

/// <summary>Who answers for a party in a matter, for example freedom-of-information.</summary>
public sealed record ContactClause(string Party, string Matter, string Person)
{
    public string Clause => $"contacts[{Party}/{Matter}]";

    internal int Line { get; init; }
}

/// <summary>Whether what was received may go on to others only with the consent of those it came from.</summary>
public sealed record OnwardClause(bool Consent);
