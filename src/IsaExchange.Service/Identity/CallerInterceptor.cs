using System.Globalization;
using System.Threading.RateLimiting;
using Grpc.Core;
using Grpc.Core.Interceptors;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Service.Errors;

namespace IsaExchange.Service.Identity;

/// <summary>What every endpoint starts from: who calls, and how long the call may take.</summary>
sealed record Call(Caller Caller, CancellationToken Cancellation)
{
    static readonly object Key = new();

    public static Call Of(ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var call)
            ? (Call)call
            : throw new InvalidOperationException("A call reached an endpoint without an identity.");

    public void AttachTo(ServerCallContext context) => context.UserState[Key] = this;
}

/// <summary>Identifies the caller of every call, whatever its shape, and keeps one party from crowding out the
/// others.</summary>
sealed class CallerInterceptor(CredentialCheck credentials, AuditTrail trail, CallLimits limits) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var ending = await EnterAsync(context, limits.UnaryMax);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest,
        TResponse> continuation)
    {
        using var ending = await EnterAsync(context, limits.StreamMax);
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var ending = await EnterAsync(context, limits.StreamMax);
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var ending = await EnterAsync(context, limits.StreamMax);
        await continuation(requestStream, responseStream, context);
    }

    async Task<CancellationTokenSource?> EnterAsync(ServerCallContext context, TimeSpan callMax)
    {
        if (context.Method.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal))
            return null;
        var http = context.GetHttpContext();
        var caller = await credentials.IdentifyAsync(http.Connection.ClientCertificate, context.CancellationToken);
        if (caller is null)
        {
            // A flood of strangers must not fill the log; beyond the limit they are turned away unrecorded.
            limits.TakeUnidentified(http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
            await trail.RecordAsync(
                new AuditEvent(
                    AuditActions.AuthenticationRefused, context.Method) { Allowed = false, Reason = "UNAUTHENTICATED" },
                context.CancellationToken);
            Telemetry.Refused("UNAUTHENTICATED");
            throw StatusDetails.Unauthenticated();
        }

        limits.Take(caller);
        var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        ending.CancelAfter(callMax);
        new Call(caller, ending.Token).AttachTo(context);
        return ending;
    }
}

/// <summary>
/// Calls a second, by whoever calls: a party for its senders, each person for themselves. Said as RESOURCE_EXHAUSTED
/// with a delay: an HTTP 429 would
/// look like an outage to a gRPC caller and be retried at once.
/// </summary>
sealed class CallLimits : IDisposable
{
    readonly PartitionedRateLimiter<string> _limiter;

    public CallLimits(Limits limits)
    {
        StreamMax = limits.UploadTotalMax;
        _limiter = PartitionedRateLimiter.Create<string, string>(who => RateLimitPartition.GetTokenBucketLimiter(
            who,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.CallsBurst,
                TokensPerPeriod = limits.CallsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
    }

    public TimeSpan UnaryMax { get; } = TimeSpan.FromMinutes(2);

    public TimeSpan StreamMax { get; }

    public void Take(Caller caller)
    {
        Take(caller.Principal.Party ?? caller.Principal.Subject);
    }

    public void TakeUnidentified(string address) => Take("address " + address);

    void Take(string who)
    {
        using var lease = _limiter.AttemptAcquire(who);
        if (lease.IsAcquired)
            return;
        throw new ExchangeException(
            ProblemKind.ResourceExhausted,
            "QUOTA",
            "Too many calls at once. Wait a second, then go on.",
            new Dictionary<string,
            string>(StringComparer.Ordinal) { ["retry_seconds"] = 1.ToString(CultureInfo.InvariantCulture) });
    }

    public void Dispose() => _limiter.Dispose();
}
