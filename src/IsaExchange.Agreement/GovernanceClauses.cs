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

/// <summary>What is known to be wrong with a dataset; travels with everything made from it.</summary>
public sealed record QualityClause(string Dataset, string Caveat)
{
    public string Clause => $"quality[{Dataset}]";

    internal int Line { get; init; }
}
