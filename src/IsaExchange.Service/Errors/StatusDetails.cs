using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using IsaExchange.Exchange;
using RpcStatus = Google.Rpc.Status;

namespace IsaExchange.Service.Errors;

/// <summary>Builds the status of a failed call: ErrorInfo first, then RetryInfo where waiting helps, then the
/// sentence.</summary>
static class StatusDetails
{
    public const string Domain = "isaexchange";

    /// <summary>Beyond this the trailers break in one gRPC stack or another, and a refusal would look like an
    /// outage.</summary>
    public const int BytesMax = 4096;

    public static RpcException Of(RefusedException refused)
    {
        var refusal = refused.Refusal;
        var details = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["agreement"] = refused.Agreement,
            ["revision"] = refused.Revision,
            ["clause"] = refusal.Clause,
            ["contact"] = refusal.Contact ?? "",
        };
        return Build(StatusCode.PermissionDenied, refusal.Reason, refusal.Explanation, details);
    }

    public static RpcException Of(ExchangeException problem) =>
        Build(Code(problem.Kind), problem.Reason, problem.Message, problem.Details);

    /// <summary>One answer for every credential that is refused, whatever is wrong with it.</summary>
    public static RpcException Unauthenticated() => Build(
        StatusCode.Unauthenticated,
        "UNAUTHENTICATED",
        "This credential is not known here.",
        new Dictionary<string, string>(StringComparer.Ordinal));

    public static RpcException Internal(string incident) => Build(
        StatusCode.Internal,
        "INTERNAL",
        $"Something is wrong in the exchange itself. Give the operator incident {incident}.",
        new Dictionary<string, string>(StringComparer.Ordinal) { ["incident"] = incident });

    static RpcException Build(
        StatusCode code, string reason, string message, IReadOnlyDictionary<string, string> details)
    {
        var said = new ErrorInfo { Domain = Domain, Reason = reason };
        foreach (var (key, value) in details)
            said.Metadata[key] = Cut(value, 512);
        var status = new RpcStatus { Code = (int)code, Message = Cut(message, 1000) };
        status.Details.Add(Any.Pack(said));
        if (details.TryGetValue("retry_seconds", out var seconds))
            status.Details.Add(
                Any.Pack(
                    new RetryInfo { RetryDelay = Duration.FromTimeSpan(
                        TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))) }));
        else if (code == StatusCode.Unavailable)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) }));
        status.Details.Add(Any.Pack(new LocalizedMessage { Locale = "en-GB", Message = status.Message }));
        for (var last = status.Details.Count - 1; status.CalculateSize() > BytesMax && last > 0; last--)
            status.Details.RemoveAt(last);
        return status.ToRpcException();
    }

    static string Cut(string text, int max) => text.Length <= max ? text : text[..(max - 1)] + "…";

    static StatusCode Code(ProblemKind kind) => kind switch
    {
        ProblemKind.InvalidArgument => StatusCode.InvalidArgument,
        ProblemKind.FailedPrecondition => StatusCode.FailedPrecondition,
        ProblemKind.NotFound => StatusCode.NotFound,
        ProblemKind.PermissionDenied => StatusCode.PermissionDenied,
        ProblemKind.AlreadyExists => StatusCode.AlreadyExists,
        ProblemKind.Aborted => StatusCode.Aborted,
        ProblemKind.OutOfRange => StatusCode.OutOfRange,
        ProblemKind.DataLoss => StatusCode.DataLoss,
        ProblemKind.ResourceExhausted => StatusCode.ResourceExhausted,
        ProblemKind.Unavailable => StatusCode.Unavailable,
        ProblemKind.DeadlineExceeded => StatusCode.DeadlineExceeded,
        _ => StatusCode.Internal,
    };
}
