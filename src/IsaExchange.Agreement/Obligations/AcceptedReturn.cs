namespace IsaExchange.Agreement.Obligations;

/// <summary>
/// A return that was submitted, and what became of it. It carries the times of its acts, so that any past day can be
/// asked about.
/// </summary>
public sealed record AcceptedReturn(
    string Name,
    string Party,
    string Dataset,
    IReadOnlyList<string> Areas,
    InformationPeriod Period,
    DateTimeOffset SubmitTime,
    bool IsNil)
{
    /// <summary>Name of the return that this one corrects; null for a first one.</summary>
    public string? Corrects { get; init; }

    /// <summary>From this instant on it counts no more.</summary>
    public DateTimeOffset? WithdrawTime { get; init; }
}

/// <summary>
/// The party's answer that nothing can be shared for the areas and period, with a reason of
/// <see cref="WithheldReasons"/>. It is an answer, and never content.
/// </summary>
public sealed record Withholding(
    string Party, string Dataset, IReadOnlyList<string> Areas, InformationPeriod Period, string Reason,
    DateTimeOffset Time);

/// <summary>Why a return can be withheld: the closed list.</summary>
public static class WithheldReasons
{
    /// <summary>Section 17A demands no disclosure of personal data, and this cannot be made coarse enough.</summary>
    public const string PersonalData = "constitutes-personal-data";

    /// <summary>The duty is to disclose what is held; the authority does not hold it.</summary>
    public const string NotHeld = "not-held";

    /// <summary>A court or another law forbids it.</summary>
    public const string ProhibitedByLaw = "prohibited-by-law";

    public static IReadOnlyList<string> All { get; } = [PersonalData, NotHeld, ProhibitedByLaw];
}

/// <summary>Everything that was done about obligations, with its times.</summary>
public sealed class ReturnActs(
    IEnumerable<AcceptedReturn> returns, IEnumerable<Withholding> withholdings, IEnumerable<ExceptionAct> exceptions,
    int? lockDaysAfter)
{
    readonly ILookup<(string, string), AcceptedReturn> returns = returns.ToLookup(r => (r.Party, r.Dataset));
    readonly ILookup<(string, string), Withholding> withheld = withholdings.ToLookup(w => (w.Party, w.Dataset));
    readonly ILookup<(string, string), ExceptionAct> exceptions = exceptions.ToLookup(e => (e.Party, e.Dataset));

    /// <summary>Days after the due date on which a period can still be sent; null = always.</summary>
    public int? LockDaysAfter { get; } = lockDaysAfter;

    internal IEnumerable<AcceptedReturn> ReturnsOf(Obligation o) => returns[(o.Party, o.Dataset)];

    internal IEnumerable<Withholding> WithholdingsOf(Obligation o) =>
        withheld[(o.Party, o.Dataset)].Where(w => w.Areas.Contains(o.Area));

    internal IEnumerable<ExceptionAct> ExceptionsOf(Obligation o) => exceptions[(o.Party, o.Dataset)]
        .Where(e => e.Area == o.Area && e.PeriodStart == o.Period.Start);
}
