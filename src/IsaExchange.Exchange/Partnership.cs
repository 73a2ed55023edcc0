using IsaExchange.Agreement;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>One revision as the register holds it.</summary>
/// <param name="Agreement">With its acts; null when what is stored does not hold, and then it decides nothing.</param>
public sealed record RegisteredRevision(
    RevisionRow Row, SharingAgreement? Agreement, IReadOnlyList<RevisionStageRow> Stages,
    IReadOnlyList<SignatureRow> Signatures)
{
    public string Revision => Row.Revision;

    public AgreementStage Stage => Stages.Count == 0 ? AgreementStage.Draft : (AgreementStage)Stages[^1].Stage;

    /// <summary>When it first came into force; null for one that never has.</summary>
    public DateTimeOffset? InForceSince { get; } =
        Stages.FirstOrDefault(s => s.Stage == (int)AgreementStage.InForce) is { } began
            // A time that is none is a fault of the loader's; here it must not stop the others.
            ? new DateTimeOffset(Math.Clamp(began.Ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero)
            : null;
}

/// <summary>An agreement with all its revisions: the one that rules today, and those that still govern.</summary>
public sealed class Partnership
{
    readonly RegisteredRevision _current;
    readonly List<RegisteredRevision> _ruled;
    readonly Dictionary<string, SharingAgreement> _governing = new(StringComparer.Ordinal);

    internal Partnership(
        string id, IReadOnlyList<RegisteredRevision> history, CodeListCatalog codeLists, ValidationLimits limits)
    {
        (Id, History, CodeLists, Plans) = (id, history, codeLists, new CompiledPlans(codeLists, limits));
        _current = CurrentOf(history);
        _ruled = [.. history.Where(r => r.InForceSince is not null).OrderBy(r => r.InForceSince)];
        if (_current.Agreement is not { } current)
            return;
        foreach (var revision in history)
        {
            if (revision.Agreement is { } agreement)
                _governing.Add(revision.Revision, agreement.GovernedBy(current));
        }
    }

    public string Id { get; }

    /// <summary>Every revision, in the order in which they were proposed.</summary>
    public IReadOnlyList<RegisteredRevision> History { get; }

    public CodeListCatalog CodeLists { get; }

    public CompiledPlans Plans { get; }

    /// <summary>Whether the revision that rules is not what was signed; then nothing is decided at all.</summary>
    public bool IsAltered => _current.Agreement is null;

    /// <summary>The revision that rules: in force or suspended, else retired, else the draft furthest on.</summary>
    /// <exception cref="ExchangeException">DATA_LOSS when it is not what was signed.</exception>
    public SharingAgreement Agreement => _current.Agreement ?? throw Altered(Id);

    public RegisteredRevision Current => _current;

    /// <summary>The revision that ruled at a time in the past; before the first it is the one that rules
    /// now.</summary>
    public SharingAgreement RulingAt(DateTimeOffset time) =>
        _ruled.FindLast(r => r.InForceSince <= time)?.Agreement ?? Agreement;

    public RegisteredRevision? Registered(string revision) => History.FirstOrDefault(r => r.Revision == revision);

    /// <summary>A revision's own clauses, for what was submitted under it; null when there is none such.</summary>
    /// <exception cref="ExchangeException">DATA_LOSS when it is not what was signed.</exception>
    public SharingAgreement? Find(string revision) =>
        Registered(revision) is { } found ? found.Agreement ?? throw Altered(Id) : null;

    /// <summary>
    /// The revision that decides about a period: the one in force when it began, or the first that covers it. Its
    /// clauses hold, with the people and the stage of today.
    /// </summary>
    /// <exception cref="ExchangeException">DATA_LOSS when it is not what was signed.</exception>
    public SharingAgreement RevisionFor(InformationPeriod period)
    {
        if (InForceAt(period.Start) is { } inForce)
        {
            var began = Governing(inForce);
            if (Covers(began, period))
                return began;
        }

        return _ruled.Where(r => r.Agreement is not null).Select(Governing).FirstOrDefault(a => Covers(a, period))
            ?? Agreement;
    }

    /// <summary>
    /// What is owed, each period by the revision that governs it. A draft obliges nobody, nor does a revision that is
    /// not what was signed: about its periods nothing is known, and about the others everything.
    /// </summary>
    public IReadOnlyList<Obligation> ObligationsBetween(DateOnly firstPeriodStart, DateOnly lastPeriodStart) =>
    [
        .. _ruled.Where(Holds).SelectMany(r => Governing(r).ObligationsBetween(firstPeriodStart, lastPeriodStart)
                .Where(o => InForceAt(o.Period.Start) is not { } began || Holds(began))
                .Where(o => RevisionFor(o.Period).Revision == r.Revision))
            .OrderBy(o => o.DueDate).ThenBy(o => o.Id, StringComparer.Ordinal),
    ];

    RegisteredRevision? InForceAt(DateOnly start) =>
        _ruled.FindLast(r => LondonTime.Date(r.InForceSince!.Value) < start);

    /// <summary>When the one that rules does not hold, everybody is told so rather than that nothing is owed.</summary>
    bool Holds(RegisteredRevision revision) => IsAltered || revision.Agreement is not null;

    SharingAgreement Governing(RegisteredRevision revision) =>
        _governing.GetValueOrDefault(revision.Revision) ?? throw Altered(Id);

    static bool Covers(SharingAgreement agreement, InformationPeriod period) =>
        agreement.From <= period.Start && period.Start <= agreement.To;

    static RegisteredRevision CurrentOf(IReadOnlyList<RegisteredRevision> history) =>
        Last(history, AgreementStage.InForce, AgreementStage.Suspended)
        ?? Last(history, AgreementStage.Retired)
        ?? history.Where(r => r.Agreement is not null).Reverse().MaxBy(r => r.Stage)
        ?? history[^1];

    static RegisteredRevision? Last(IReadOnlyList<RegisteredRevision> history, params AgreementStage[] stages) =>
        history.Where(r => stages.Contains(r.Stage)).MaxBy(r => r.Stages[^1].Sequence);

    internal static ExchangeException Altered(string agreement) => new(
        ProblemKind.DataLoss, "AGREEMENT_ALTERED",
        $"The stored agreement {agreement} is not what was signed. It decides nothing; the operator has been told.");
}
