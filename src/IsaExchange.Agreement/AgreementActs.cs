namespace IsaExchange.Agreement;

/// <summary>Where a revision stands on its way from a draft to the archive.</summary>
public enum AgreementStage
{
    Draft,

    /// <summary>Open for comments; not yet for signatures.</summary>
    Consultation,
    Signing,
    InForce,

    /// <summary>The emergency brake: evidence can be read, nothing else moves.</summary>
    Suspended,

    /// <summary>Ended before its day. Duties of section 17A outlive it, as they outlive the term.</summary>
    Retired,

    /// <summary>A later revision is in force; this one still governs what was submitted under it.</summary>
    Replaced,
}

/// <summary>A revision reached a stage.</summary>
public sealed record StageChange(AgreementStage Stage, DateTimeOffset Time);

/// <summary>A party's signature under the revision, checked before it became an act.</summary>
public sealed record SignatureAct(string Party, string Person, string Office, DateTimeOffset Time);

/// <summary>A liaison officer or deputy designated by their authority after the agreement was signed.</summary>
public sealed record DesignationAct(
    string Id, string Party, string Person, IReadOnlyList<string> Areas, DateOnly From, DateOnly To, bool Deputy,
    DateTimeOffset Time);

/// <summary>The end of a designation before its day, named by its clause.</summary>
public sealed record DesignationEnd(string Clause, DateTimeOffset Time);

/// <summary>A party gave notice: its last day as a member. Statutory duties do not end with it.</summary>
public sealed record WithdrawalAct(string Party, DateOnly LastDay, DateTimeOffset Time);

/// <summary>A locked period is open again for one party, dataset and area, until the end of the day.</summary>
public sealed record ExceptionAct(
    string Party, string Dataset, string Area, DateOnly PeriodStart, DateOnly Until, DateTimeOffset Time)
{
    /// <summary>When it was taken back; null while it holds.</summary>
    public DateTimeOffset? Revoked { get; init; }
}

/// <summary>
/// What has been done under a revision since it was written. An agreement without acts is a draft: it permits nobody
/// anything but to read it.
/// </summary>
public sealed record AgreementActs
{
    public static AgreementActs None { get; } = new();

    public IReadOnlyList<StageChange> Stages { get; init; } = [];

    public IReadOnlyList<SignatureAct> Signatures { get; init; } = [];

    /// <summary>People named since, for designations.</summary>
    public IReadOnlyList<PersonClause> People { get; init; } = [];

    public IReadOnlyList<DesignationAct> Designations { get; init; } = [];

    public IReadOnlyList<DesignationEnd> Ends { get; init; } = [];

    public IReadOnlyList<WithdrawalAct> Withdrawals { get; init; } = [];

    public IReadOnlyList<ExceptionAct> Exceptions { get; init; } = [];

    public AgreementStage Stage => Stages.Count == 0 ? AgreementStage.Draft : Stages[^1].Stage;

    /// <summary>The acts that had been done by then: any past day can be asked about.</summary>
    public AgreementActs AsOf(DateTimeOffset time) => this with
    {
        Stages = [.. Stages.Where(s => s.Time <= time)],
        Signatures = [.. Signatures.Where(s => s.Time <= time)],
        Designations = [.. Designations.Where(d => d.Time <= time)],
        Ends = [.. Ends.Where(e => e.Time <= time)],
        Withdrawals = [.. Withdrawals.Where(w => w.Time <= time)],
        Exceptions =
        [
            .. Exceptions.Where(e => e.Time <= time)
                .Select(e => e.Revoked > time ? e with { Revoked = null } : e),
        ],
    };

    /// <summary>In force since the time and signed by every signatory: for tests and for trying an agreement out.</summary>
    public static AgreementActs SignedByAll(SharingAgreement agreement, DateTimeOffset time) => new()
    {
        Stages = [new(AgreementStage.InForce, time)],
        Signatures = [.. agreement.Signing.Signatories.DistinctBy(s => s.Party)
            .Select(s => new SignatureAct(s.Party, s.Person, s.Office, time))],
    };
}
