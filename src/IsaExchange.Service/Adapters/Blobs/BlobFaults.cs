using Azure;
using Azure.Identity;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Resilience;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>What the answers of Blob Storage mean.</summary>
static class BlobFaults
{
    /// <summary>There is no blob, or not even its container.</summary>
    public static bool IsAbsent(RequestFailedException e) => e.Status == 404;

    public static bool IsContainerAbsent(RequestFailedException e) =>
        e is { Status: 404, ErrorCode: "ContainerNotFound" };

    /// <summary>
    /// The state that a change was conditional on does not stand (any more). Also when our own blocks were dropped:
    /// a commit by somebody else drops what it does not name. A foreign lease is none of these.
    /// </summary>
    public static bool IsConditionNotMet(RequestFailedException e) => e switch
    {
        { Status: 412 } => e.ErrorCode is null or "ConditionNotMet" or "TargetConditionNotMet",
        { Status: 409 } => e.ErrorCode is "BlobAlreadyExists",
        { Status: 400 } => e.ErrorCode is "InvalidBlockList",
        { Status: 404 } => e.ErrorCode is null or "BlobNotFound",
        _ => false,
    };

    /// <summary>No answer, or one that leaves open what happened.</summary>
    public static bool IsUnclear(Exception e) => Dependencies.IsAzureFault(e) || Dependency.IsRejection(e);

    /// <summary>True for what leaves the adapter as a <see cref="StorageFaultException"/>.</summary>
    public static bool IsOurs(Exception e) =>
        e is not StorageFaultException && (e is RequestFailedException || IsUnclear(e));

    public static StorageFaultException Of(string what, Exception e)
    {
        var (name, sentence) = e switch
        {
            RequestFailedException { Status: 401 or 403 } refused => (
                refused.ErrorCode ?? "Forbidden",
                $"{what}: Azure Blob Storage refused the identity of this service ({refused.ErrorCode ?? "403"})."
                + " It needs the role Storage Blob Data Contributor on the account, and a network that may reach it."),
            RequestFailedException failed => Named(what, failed.ErrorCode ?? $"status {failed.Status}"),
            TimeoutRejectedException => Named(what, "TIMEOUT"),
            BrokenCircuitException => Named(what, "CIRCUIT_OPEN"),
            RateLimiterRejectedException => Named(what, "BUSY"),
            AuthenticationFailedException => Named(what, "IDENTITY_UNAVAILABLE"),
            _ => Named(what, "CONNECTION"),
        };

        // A failed request's own message quotes the answer; who refused and why is said above.
        return StorageFaultException.Because(sentence, name, e is RequestFailedException ? null : e);
    }

    static (string Name, string Sentence) Named(string what, string name) => (name, $"{what} failed with {name}.");
}
