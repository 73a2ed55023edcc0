using System.Data.Common;
using Grpc.Core;
using Grpc.Core.Interceptors;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Identity;

namespace IsaExchange.Service.Errors;

/// <summary>
/// Turns every ending of a call into a google.rpc.Status, for all four call shapes. What we did not foresee becomes
/// INTERNAL with an incident id and nothing else: neither message nor value may leave, and none enters the log.
/// </summary>
sealed partial class ErrorInterceptor(DamagedObjects damaged, ILogger<ErrorInterceptor> log) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest,
        TResponse> continuation) =>
        RunAsync(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, async () =>
        {
            await continuation(requestStream, responseStream, context);
            return true;
        });

    static readonly Dictionary<string, string> RetryLater = new(StringComparer.Ordinal) { ["retry_seconds"] = "60" };

    async Task<T> RunAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not RpcException)
        {
            if (DamagedObject.Of(e) is { } found)
                await TellAsync(found, context);
            throw ToRpc(e, context);
        }
    }

    /// <summary>Not cancellable by the caller, who may have hung up: what was found damaged is damaged.</summary>
    async Task TellAsync(DamagedObject found, ServerCallContext context)
    {
        try
        {
            await damaged.RaiseAsync(found, Call.CallerOf(context), CancellationToken.None);
        }
        catch (Exception e)
        {
            // The next call that finds it tells of it; this one has its answer to give.
            LogNotTold(context.Method, e.GetType().Name);
        }
    }

    RpcException ToRpc(Exception exception, ServerCallContext context) => exception switch
    {
        RefusedException refused => StatusDetails.Of(refused),
        ExchangeException problem => StatusDetails.Of(problem),
        SealBrokenException => Fault(exception, context, ProblemKind.DataLoss, DamagedObject.Corrupt,
            "A stored object is damaged or not what its name says. The operator has been told."),
        ObjectNotFoundException => Fault(exception, context, ProblemKind.DataLoss, DamagedObject.Missing,
            "A stored object is gone. The operator has been told."),
        KeyUnavailableException => Fault(exception, context, ProblemKind.Unavailable, "KEY_UNAVAILABLE",
            "The key that opens this is not available now. Nothing is lost; try again later."),
        StorageFaultException { IsOutOfSpace: true } => Fault(
            exception, context, ProblemKind.ResourceExhausted, "STORAGE_FULL",
            "The object store is full. What was acknowledged is safe; the operator has been told. Try again later."),
        StorageFaultException => Fault(exception, context, ProblemKind.Unavailable, "STORAGE_UNAVAILABLE",
            "The object store cannot take or give this now. What was acknowledged is safe; try again later."),
        DbException => Fault(exception, context, ProblemKind.Unavailable, "CATALOGUE_UNAVAILABLE",
            "The catalogue is not available now. Try again later."),
        OperationCanceledException when context.CancellationToken.IsCancellationRequested =>
            new RpcException(new Status(StatusCode.Cancelled, "The caller ended the call.")),
        OperationCanceledException => StatusDetails.Of(new ExchangeException(
            ProblemKind.DeadlineExceeded, "DEADLINE", "The call took longer than a call may take here.")),
        // A link that broke surfaces as whatever the reader of it met first.
        _ when context.CancellationToken.IsCancellationRequested =>
            new RpcException(new Status(StatusCode.Cancelled, "The caller ended the call.")),
        _ => Incident(exception, context),
    };

    RpcException Fault(Exception exception, ServerCallContext context, ProblemKind kind, string reason, string message)
    {
        LogFault(context.Method, reason, exception.GetType().Name);
        var details = kind == ProblemKind.ResourceExhausted ? RetryLater : null;
        return StatusDetails.Of(new ExchangeException(kind, reason, message, details));
    }

    RpcException Incident(Exception exception, ServerCallContext context)
    {
        var incident = Guid.NewGuid().ToString("N")[..12];

        // Type and place only: messages of foreign exceptions may quote what they choked on.
        LogIncident(incident, context.Method, exception.GetType().FullName ?? "?", exception.StackTrace ?? "");
        return StatusDetails.Internal(incident);
    }

    [LoggerMessage(1, LogLevel.Error, "Call {Method} ended with {Reason} ({Fault})")]
    partial void LogFault(string method, string reason, string fault);

    [LoggerMessage(3, LogLevel.Error, "Call {Method} found a damaged object, and nobody could be told ({Fault})")]
    partial void LogNotTold(string method, string fault);

    [LoggerMessage(2, LogLevel.Critical, "Incident {Incident} in {Method}: {Fault}\n{Place}")]
    partial void LogIncident(string incident, string method, string fault, string place);
}
