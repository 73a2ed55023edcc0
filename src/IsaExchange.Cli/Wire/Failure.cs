using System.Net.Sockets;
using System.Security.Authentication;
using Google.Rpc;
using Grpc.Core;

namespace IsaExchange.Cli.Wire;

/// <summary>
/// What a failed call says, read once from google.rpc.Status: the reason to decide by, the sentence to show, the clause
/// that refused and whom to ring.
/// </summary>
sealed record Failure(
    StatusCode Code, string Reason, string Sentence, string Clause, string Contact, string Incident,
    string Submission, TimeSpan? RetryAfter)
{
    public ExitCode ExitCode => Reason switch
    {
        "VALIDATION_NOT_PASSED" => ExitCode.ValidationErrors,
        "SERVER_NOT_TRUSTED" => ExitCode.Integrity,
        _ => OfCode(Code),
    };

    /// <summary>First word of the message: what kind of no it is.</summary>
    public string Kind => ExitCode switch
    {
        ExitCode.Refused => "refused",
        ExitCode.NotFound => "not found",
        ExitCode.Conflict => "not possible now",
        ExitCode.TryAgain => "try again later",
        ExitCode.Integrity => "integrity failure",
        ExitCode.Usage => "not accepted",
        ExitCode.ValidationErrors => "needs correction",
        _ => "fault of the exchange",
    };

    public static Failure Of(RpcException e)
    {
        var status = e.GetRpcStatus();
        var error = status?.GetDetail<ErrorInfo>();
        var metadata = error?.Metadata;
        return new Failure(
            e.StatusCode,
            error?.Reason ?? (IsUntrusted(e) ? "SERVER_NOT_TRUSTED" : ""),
            SentenceOf(e, status),
            Value(metadata, "clause"),
            Value(metadata, "contact"),
            status?.GetDetail<RequestInfo>()?.RequestId ?? Value(metadata, "incident"),
            Value(metadata, "submission"),
            status?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan());
    }

    /// <summary>
    /// The link broke or the exchange said UNAVAILABLE: the same call, or the rest of an upload, may be sent again.
    /// </summary>
    public static bool IsTransient(Exception? e) =>
        e is HttpIOException
        || (e is RpcException rpc && !IsUntrusted(rpc)
            && (rpc.StatusCode is StatusCode.Unavailable || IsBrokenLink(rpc)));

    static bool IsBrokenLink(RpcException e) =>
        e.StatusCode is StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled
        && e.Status.DebugException is { } cause
        && Causes(cause).Any(c => c is IOException or SocketException);

    static bool IsUntrusted(RpcException e) =>
        e.Status.DebugException is { } cause && Causes(cause).Any(c => c is AuthenticationException);

    static IEnumerable<Exception> Causes(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException) yield return cause;
    }

    static string SentenceOf(RpcException e, Google.Rpc.Status? status)
    {
        var localized = status?.GetDetail<LocalizedMessage>()?.Message;
        if (!string.IsNullOrEmpty(localized)) return localized;
        if (IsUntrusted(e))
            return "the server did not prove that it is the exchange this credential belongs to; nothing was sent";
        if (status is null && e.StatusCode is StatusCode.Unavailable) return "the exchange cannot be reached";
        if (e.StatusCode is StatusCode.DeadlineExceeded) return "the exchange did not answer in time";
        return e.Status.Detail;
    }

    static string Value(Google.Protobuf.Collections.MapField<string, string>? metadata, string key) =>
        metadata is not null && metadata.TryGetValue(key, out var value) ? value : "";

    static ExitCode OfCode(StatusCode code) => code switch
    {
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => ExitCode.Refused,
        StatusCode.NotFound => ExitCode.NotFound,
        StatusCode.AlreadyExists or StatusCode.Aborted or StatusCode.FailedPrecondition or StatusCode.OutOfRange =>
            ExitCode.Conflict,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted or StatusCode.Cancelled =>
            ExitCode.TryAgain,
        StatusCode.DataLoss => ExitCode.Integrity,
        StatusCode.InvalidArgument => ExitCode.Usage,
        _ => ExitCode.Ours,
    };
}
