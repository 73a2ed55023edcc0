namespace IsaExchange.Agreement.Obligations;

/// <summary>How an obligation stands; the numbers are those of the wire.</summary>
public enum ObligationState
{
    /// <summary>The period has not ended.</summary>
    NotYetDue = 1,

    /// <summary>The period has ended, the due date has not passed, and not everything is in.</summary>
    Due = 2,
    Overdue = 3,
    Fulfilled = 4,

    /// <summary>Everything is in, content or nil, and the last of it came too late.</summary>
    FulfilledLate = 5,

    /// <summary>In time, and every part of it an explicit nil return.</summary>
    Nil = 6,

    /// <summary>Answered: at least a part cannot be shared, with a reason. Never content, never on time.</summary>
    Withheld = 7,

    /// <summary>The due date has passed, and a steward has granted more time that has not run out.</summary>
    Excepted = 8,

    /// <summary>Overdue for so long that nothing is accepted any more, unless a steward grants an exception.</summary>
    Locked = 9,
}

/// <summary>How an obligation stands on a day; <paramref name="Submissions"/> names what counts, by time.</summary>
public sealed record Standing(
    ObligationState State, IReadOnlyList<string> Submissions, int MonthsReceived, int MonthsOwed)
{
    /// <summary>When the last of what was needed came; null while something is missing.</summary>
    public DateTimeOffset? CompleteTime { get; init; }

    /// <summary>Months for which there is neither content, nor nil, nor an answer.</summary>
    public IReadOnlyList<InformationPeriod> MissingMonths { get; init; } = [];

    /// <summary>Every part of what is in is an explicit nil return.</summary>
    public bool IsNil { get; init; }

    /// <summary>The exception that was granted last and has not been taken back.</summary>
    public ExceptionAct? Exception { get; init; }

    /// <summary>The answer that stands for what is not in; null when nothing is withheld.</summary>
    public Withholding? Withholding { get; init; }

    /// <summary>The last day on which it is accepted without an exception; null when the agreement locks
    /// nothing.</summary>
    public DateOnly? LastOpenDay { get; init; }

    /// <summary>Everything is in, content or explicit nil.</summary>
    public bool IsComplete =>
        State is ObligationState.Fulfilled or ObligationState.FulfilledLate or ObligationState.Nil;

    public bool IsOnTime => State is ObligationState.Fulfilled or ObligationState.Nil;

    /// <summary>Somebody still has to do something.</summary>
    public bool IsOpen => !IsComplete && State is not ObligationState.Withheld;

    /// <summary>It should be in, and is not.</summary>
    public bool IsMissing => State is ObligationState.Overdue or ObligationState.Locked or ObligationState.Excepted;
}
