using IsaExchange.Agreement.Deciding;

namespace IsaExchange.Agreement;

/// <summary>As what somebody acts for a party; each comes from a clause of its own.</summary>
public enum Role
{
    Sender,
    Officer,
    Deputy,
    Analyst,
    Steward,
    Auditor,
    Signatory,
}

/// <summary>The answer to a request: <see cref="Permit"/> or <see cref="Refusal"/>, no third.</summary>
public abstract class Decision
{
    private protected Decision(SharingAgreement agreement, AccessRequest request)
    {
        AgreementId = agreement.Id;
        Revision = agreement.Revision;
        Request = request;
    }

    public string AgreementId { get; }

    public string Revision { get; }

    public AccessRequest Request { get; }

    public Verb Verb => Request.Verb;
}

/// <summary>Made by <see cref="SharingAgreement.Decide"/> alone: to hold one is to have asked.</summary>
public sealed class Permit : Decision
{
    internal Permit(
        SharingAgreement agreement, AccessRequest request, string callerParty, Role role, IReadOnlyList<string> clauses)
        : base(agreement, request)
    {
        CallerParty = callerParty;
        Role = role;
        Clauses = clauses;
    }

    /// <summary>The clauses that allow it, the caller's designation first.</summary>
    public IReadOnlyList<string> Clauses { get; }

    public string CallerParty { get; }

    public Role Role { get; }

    public override string ToString() => $"permit by {string.Join(", ", Clauses)}";
}

/// <summary>Why not, in the agreement's own words.</summary>
public sealed class Refusal : Decision
{
    internal Refusal(
        SharingAgreement agreement, AccessRequest request, Objection objection, string? contact, bool known)
        : base(agreement, request)
    {
        Reason = objection.Reason;
        Clause = objection.Clause;
        Explanation = objection.Explanation;
        Contact = contact;
        ResourceKnownToCaller = known;
    }

    /// <summary>UPPER_SNAKE, one of <see cref="RefusalReasons"/>.</summary>
    public string Reason { get; }

    public string Clause { get; }

    /// <summary>A sentence for a person. Holds no word of the request that the agreement does not also hold.</summary>
    public string Explanation { get; }

    /// <summary>Name and contact of the liaison officer to ring; null when there is nobody for the caller.</summary>
    public string? Contact { get; }

    /// <summary>False: the host must answer NOT_FOUND, as it would if the resource did not exist.</summary>
    public bool ResourceKnownToCaller { get; }

    public override string ToString() => $"refusal {Reason} by {Clause}";
}

/// <summary>The closed list of reasons: what a caller's program may branch on.</summary>
public static class RefusalReasons
{
    public const string AgreementNotInForce = "AGREEMENT_NOT_IN_FORCE";
    public const string AgreementSuspended = "AGREEMENT_SUSPENDED";
    public const string AreaNotCovered = "AREA_NOT_COVERED";
    public const string DatasetNotCovered = "DATASET_NOT_COVERED";
    public const string FeedNotCovered = "FEED_NOT_COVERED";
    public const string NotAReader = "NOT_A_READER";
    public const string NotDesignatedOfficer = "NOT_DESIGNATED_OFFICER";
    public const string PartyNotCovered = "PARTY_NOT_COVERED";
    public const string PartyNotSigned = "PARTY_NOT_SIGNED";
    public const string PeriodBeforeAccession = "PERIOD_BEFORE_ACCESSION";
    public const string PeriodLocked = "PERIOD_LOCKED";
    public const string PeriodNotAligned = "PERIOD_NOT_ALIGNED";
    public const string PeriodNotOpen = "PERIOD_NOT_OPEN";
    public const string PeriodNotOwed = "PERIOD_NOT_OWED";
    public const string PurposeNotPermitted = "PURPOSE_NOT_PERMITTED";
    public const string PurposeRequired = "PURPOSE_REQUIRED";
    public const string RecordsClosed = "RECORDS_CLOSED";
    public const string ReviewOverdue = "REVIEW_OVERDUE";
    public const string RoleNotInTerm = "ROLE_NOT_IN_TERM";
    public const string RoleNotPermitted = "ROLE_NOT_PERMITTED";
    public const string UnknownCaller = "UNKNOWN_CALLER";

    /// <summary>All of them, for those who check that they answer every one.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        AgreementNotInForce, AgreementSuspended, AreaNotCovered, DatasetNotCovered, FeedNotCovered, NotAReader, NotDesignatedOfficer,
        PartyNotCovered, PartyNotSigned, PeriodBeforeAccession, PeriodLocked, PeriodNotAligned, PeriodNotOpen,
        PeriodNotOwed, PurposeNotPermitted, PurposeRequired, RecordsClosed,
        ReviewOverdue, RoleNotInTerm, RoleNotPermitted, UnknownCaller,
    ];
}
