using System.Runtime.ExceptionServices;
using Grpc.Core;
using IsaExchange.Exchange;

namespace IsaExchange.Service.Identity;

/// <summary>
/// What every endpoint starts from: who calls, and how long the call may take. While a stream is open, what let the
/// call in is asked about again and again, whether messages flow or not; when it no longer holds, the call is
/// cancelled and ends with the refusal.
/// </summary>
sealed class Call : IDisposable
{
    static readonly object Key = new();

    readonly CancellationTokenSource _ending;
    readonly Lock _checksLock = new();
    readonly List<Func<CancellationToken, Task>> _checks = [];
    readonly SemaphoreSlim _checking = new(1, 1);
    Exception? _refusal;

    /// <param name="still">Throws when the caller's credential no longer lets them in.</param>
    public Call(Caller caller, TimeSpan max, Func<CancellationToken, Task> still, CancellationToken aborted)
    {
        Caller = caller;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        _ending.CancelAfter(max);
        Cancellation = _ending.Token;
        _checks.Add(still);
    }

    public Caller Caller { get; set; }

    public CancellationToken Cancellation { get; }

    /// <summary>Why the call was ended from our side while it was open; null when it was not.</summary>
    public Exception? Refusal => Volatile.Read(ref _refusal);

    public static Call Of(ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var call)
            ? (Call)call
            : throw new InvalidOperationException("A call reached an endpoint without an identity.");

    /// <summary>Null for a call that ended before it was known who calls.</summary>
    public static Caller? CallerOf(ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var call) ? ((Call)call).Caller : null;

    public void AttachTo(ServerCallContext context) => context.UserState[Key] = this;

    public void Deconstruct(out Caller caller, out CancellationToken ct) => (caller, ct) = (Caller, Cancellation);

    /// <summary>
    /// Adds what must still hold while this call is open. <paramref name="check"/> throws the refusal that the call is
    /// then to end with, and has recorded it.
    /// </summary>
    public void Recheck(Func<CancellationToken, Task> check)
    {
        lock (_checksLock)
            _checks.Add(check);
    }

    /// <summary>Asks everything again, now. One refusal is enough: after it nothing is asked, and so recorded,
    /// twice.</summary>
    public async Task CheckAsync(CancellationToken ct)
    {
        await _checking.WaitAsync(ct);
        try
        {
            ThrowIfRefused();
            List<Func<CancellationToken, Task>> checks;
            lock (_checksLock)
                checks = [.. _checks];
            foreach (var check in checks)
                await check(ct);
        }
        catch (Exception e) when (e is RefusedException or ExchangeException or RpcException)
        {
            Volatile.Write(ref _refusal, e);
            throw;
        }
        finally
        {
            _checking.Release();
        }
    }

    /// <summary>Runs the body of a stream; ends with the refusal when one came up while it was open.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> body, TimeSpan every, TimeProvider clock)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watch = WatchAsync(every, clock, over.Token);
        try
        {
            var result = await body();
            ThrowIfRefused();
            return result;
        }
        catch (Exception) when (Refusal is not null)
        {
            ThrowIfRefused();
            throw;
        }
        finally
        {
            await over.CancelAsync();
            await watch;
        }
    }

    async Task WatchAsync(TimeSpan every, TimeProvider clock, CancellationToken over)
    {
        try
        {
            using var timer = new PeriodicTimer(every, clock);
            while (await timer.WaitForNextTickAsync(over))
                await CheckAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The call has ended by itself.
        }
        catch (Exception e)
        {
            // Also a catalogue that does not answer: who cannot be asked about is not let in.
            Volatile.Write(ref _refusal, e);
            await _ending.CancelAsync();
        }
    }

    void ThrowIfRefused()
    {
        if (Refusal is { } refusal)
            ExceptionDispatchInfo.Throw(refusal);
    }

    public void Dispose()
    {
        _ending.Dispose();
        _checking.Dispose();
    }
}

/// <summary>
/// Writes for as long as the call may go on. A message that waits for a slow reader is left alone when the call is
/// refused: cancelling it would tear the connection before the reader hears why.
/// </summary>
sealed class WatchedWriter<T>(IServerStreamWriter<T> inner, Call call) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        call.Cancellation.ThrowIfCancellationRequested();
        await inner.WriteAsync(message, CancellationToken.None).WaitAsync(call.Cancellation);
    }
}
