using Grpc.Core;
using Grpc.Core.Interceptors;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Service.Errors;

namespace IsaExchange.Service.Identity;

/// <summary>Identifies the caller of every call, whatever its shape, and keeps one party from crowding out the
/// others.</summary>
sealed class CallerInterceptor(
    CallerCheck callers, AuditTrail trail, CallLimits limits, TimeProvider clock) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        PartyRows.BeginCall();
        using var call = await EnterAsync(context, limits.UnaryMax);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest,
        TResponse> continuation)
    {
        PartyRows.BeginCall();
        using var call = await EnterAsync(context, limits.StreamMax);
        return await WatchedAsync(call, () => continuation(requestStream, context));
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        PartyRows.BeginCall();
        using var call = await EnterAsync(context, limits.StreamMax);
        using var slot = call is null ? null : limits.TakeStreamOut(call.Caller);
        await WatchedAsync(call, async () =>
        {
            await continuation(request, Watched(responseStream, call), context);
            return true;
        });
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        PartyRows.BeginCall();
        using var call = await EnterAsync(context, limits.StreamMax);
        using var slot = call is null ? null : limits.TakeStreamOut(call.Caller);
        await WatchedAsync(call, async () =>
        {
            await continuation(requestStream, Watched(responseStream, call), context);
            return true;
        });
    }

    static IServerStreamWriter<T> Watched<T>(IServerStreamWriter<T> stream, Call? call) =>
        call is null ? stream : new WatchedWriter<T>(stream, call);

    Task<T> WatchedAsync<T>(Call? call, Func<Task<T>> body) =>
        call is null ? body() : call.RunAsync(body, limits.RecheckEvery, clock);

    /// <summary>Null for health, which anybody may ask about.</summary>
    async Task<Call?> EnterAsync(ServerCallContext context, TimeSpan callMax)
    {
        if (context.Method.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal))
            return null;
        var http = context.GetHttpContext();
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "unknown";

        // Before anything is verified: checking a signature is work that a stranger could ask for without end.
        limits.TakeAddress(address);
        var proof = await callers.IdentifyAsync(http, context.CancellationToken);
        if (proof is null)
        {
            // A flood of strangers must not fill the log; beyond the limit they are turned away unrecorded.
            limits.TakeUnidentified(address);
            throw await RefusedAsync(context, null, context.CancellationToken);
        }

        limits.Take(proof.Caller);
        limits.TakeConnection(http, proof.Caller);
        var call = new Call(
            proof.Caller, callMax, ct => StillAsync(proof, context, ct), context.CancellationToken);
        call.AttachTo(context);
        return call;
    }

    async Task StillAsync(CallerProof proof, ServerCallContext context, CancellationToken ct)
    {
        if (!await callers.StillHoldsAsync(proof, ct))
            throw await RefusedAsync(context, proof.Caller, ct);
    }

    async Task<RpcException> RefusedAsync(ServerCallContext context, Caller? known, CancellationToken ct)
    {
        await trail.RecordAsync(
            new AuditEvent(AuditActions.AuthenticationRefused, context.Method)
            {
                ActorSubject = known?.Principal.Subject,
                CredentialSha256 = known?.CredentialSha256 ?? "",
                Allowed = false,
                Reason = "UNAUTHENTICATED",
            },
            ct);
        Telemetry.Refused("UNAUTHENTICATED");
        return StatusDetails.Unauthenticated();
    }
}
