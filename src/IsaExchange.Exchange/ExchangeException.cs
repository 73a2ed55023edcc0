using IsaExchange.Agreement;

namespace IsaExchange.Exchange;

/// <summary>Why a call ended without its result; each maps to one gRPC code.</summary>
public enum ProblemKind
{
    InvalidArgument,
    FailedPrecondition,
    NotFound,
    PermissionDenied,
    AlreadyExists,
    Aborted,
    OutOfRange,
    DataLoss,
    ResourceExhausted,
    Unavailable,
    DeadlineExceeded,
}

/// <summary>
/// A call that cannot give its result. <paramref name="reason"/> is stable and documented (UPPER_SNAKE); the message is
/// for a person and never holds a cell value or a key.
/// </summary>
public sealed class ExchangeException(
    ProblemKind kind,
    string reason,
    string message,
    IReadOnlyDictionary<string, string>? details = null,
    Exception? inner = null) : Exception(message, inner)
{
    public ProblemKind Kind { get; } = kind;

    public string Reason { get; } = reason;

    public IReadOnlyDictionary<string, string> Details { get; } = details ?? new Dictionary<string,
    string>(StringComparer.Ordinal);

    /// <summary>The stored object that is not what it should be; null for every other problem. It does not
    /// leave.</summary>
    internal string? ObjectName { get; init; }

    /// <summary>Absent and forbidden look the same to those who may not know.</summary>
    public static ExchangeException NotFound(string name) =>
        new(ProblemKind.NotFound, "NOT_FOUND", $"{name} does not exist, or is not yours to see.");

    public static ExchangeException Invalid(string reason, string message) =>
        new(ProblemKind.InvalidArgument, reason, message);

    public static ExchangeException Precondition(string reason, string message) =>
        new(ProblemKind.FailedPrecondition, reason, message);
}

/// <summary>The agreement said no. Already in the log when it is thrown.</summary>
public sealed class RefusedException(Refusal refusal, string agreement, string revision)
    : Exception(refusal.Explanation)
{
    public Refusal Refusal { get; } = refusal;

    public string Agreement { get; } = agreement;

    public string Revision { get; } = revision;
}
