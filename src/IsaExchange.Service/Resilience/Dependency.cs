using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace IsaExchange.Service.Resilience;

/// <summary>How calls to one dependency are bounded. Declared in <see cref="Dependencies"/>, nowhere else.</summary>
/// <param name="Name">Names the pipeline in telemetry and in health.</param>
/// <param name="Attempt">One attempt may take this long.</param>
/// <param name="Retries">Repetitions after the first attempt, of calls that are safe to repeat.</param>
/// <param name="RetryFirst">Wait before the first repetition; doubles each time, with jitter.</param>
/// <param name="AtOnce">Calls under way at once; as many again may wait for their turn.</param>
/// <param name="IsFault">Says of an exception that the dependency failed, as opposed to having answered no.</param>
sealed record DependencyTerms(
    string Name, TimeSpan Attempt, int Retries, TimeSpan RetryFirst, int AtOnce, Func<Exception, bool> IsFault)
{
    /// <summary>Shortest time over which the breaker looks at the share of failures.</summary>
    public TimeSpan Sampling { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Attempts in that time from which on a share says anything: all those of four calls. With fewer, one call that
    /// fails for a reason of its own, and is repeated, would take the dependency from everybody in a quiet hour.
    /// </summary>
    public int SamplingCallsMin { get => field > 0 ? field : 4 * (Retries + 1); init; }

    /// <summary>So long nothing is sent after the breaker has opened.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>No wait before a repetition is longer, before jitter.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Says of an exception that another call was in the way: repeated like a fault, but the dependency is well, and so
    /// it counts for no breaker.
    /// </summary>
    public Func<Exception, bool> IsConflict { get; init; } = static _ => false;

    /// <summary>What the dependency itself asked to wait before a repetition, or null.</summary>
    public Func<Exception, TimeSpan?> RetryAfter { get; init; } = static _ => null;
}

/// <summary>
/// Something outside this process that calls depend on, behind one pipeline: bulkhead, circuit breaker, timeout, and
/// repetitions only where the caller says that the call is safe to repeat. An ambiguous end (a timeout, a broken
/// connection) of a call that is not is the adapter's to look at.
/// </summary>
sealed class Dependency
{
    readonly ResiliencePipeline _once;
    readonly ResiliencePipeline _repeated;

    public Dependency(DependencyTerms terms, TimeProvider clock, ILoggerFactory logging)
    {
        Name = terms.Name;
        var isFault = new PredicateBuilder().Handle<Exception>(e => IsFault(terms, e));
        _once = new ResiliencePipelineBuilder { TimeProvider = clock, Name = terms.Name }
            .AddConcurrencyLimiter(terms.AtOnce, terms.AtOnce)
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = isFault,
                FailureRatio = 0.5,
                SamplingDuration = terms.Sampling,
                MinimumThroughput = terms.SamplingCallsMin,
                BreakDuration = terms.Break,
            })
            .AddTimeout(terms.Attempt)
            .ConfigureTelemetry(logging)
            .Build();
        _repeated = new ResiliencePipelineBuilder { TimeProvider = clock, Name = terms.Name + "-repeated" }
            .AddRetry(new RetryStrategyOptions
            {
                // An open breaker is no fault of the call: repeating it is what the breaker is there to stop.
                ShouldHandle = new PredicateBuilder().Handle<Exception>(e => IsFault(terms, e) || terms.IsConflict(e)),
                MaxRetryAttempts = terms.Retries,
                Delay = terms.RetryFirst,
                MaxDelay = terms.RetryMax,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = args => ValueTask.FromResult(
                    args.Outcome.Exception is { } fault ? terms.RetryAfter(fault) : null),
            })
            .AddPipeline(_once)
            .ConfigureTelemetry(logging)
            .Build();
    }

    public string Name { get; }

    /// <summary>True for what this class throws by itself: the call was not sent, or its end is not known
    /// (<see cref="TimeoutRejectedException"/>).</summary>
    public static bool IsRejection(Exception e) =>
        e is BrokenCircuitException or RateLimiterRejectedException or TimeoutRejectedException;

    /// <summary>One attempt: for what must not be done twice.</summary>
    public Task<T> OnceAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct) =>
        RunAsync(_once, call, ct);

    /// <summary>Several attempts: only for what is the same when it is done twice.</summary>
    public Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct) =>
        RunAsync(_repeated, call, ct);

    static Task<T> RunAsync<T>(
        ResiliencePipeline pipeline, Func<CancellationToken, Task<T>> call, CancellationToken ct) =>
        pipeline.ExecuteAsync(
            static async (state, token) => await state(token), call, ct).AsTask();

    static bool IsFault(DependencyTerms terms, Exception e) =>
        e is TimeoutRejectedException || (!IsRejection(e) && terms.IsFault(e));
}
