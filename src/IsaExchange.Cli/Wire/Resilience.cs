using Grpc.Core;
using Polly;
using Polly.Retry;

namespace IsaExchange.Cli.Wire;

/// <summary>
/// Everything that is ever sent twice, in one place. Only UNAVAILABLE and a broken link are tried again, and of what
/// takes long a deadline that passed; with full-jitter backoff and a bound, and RetryInfo is honoured. A refusal is an
/// answer and is never repeated.
/// </summary>
static class Resilience
{
    const int Tries = 5;
    const int BusyTries = 6;
    static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongCallDeadline = TimeSpan.FromMinutes(10);
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);
    static readonly TimeSpan BusyDelay = TimeSpan.FromSeconds(2);

    static readonly ResiliencePipeline Unary = Retrying(Failure.IsTransient);

    static readonly ResiliencePipeline Long = Retrying(
        e => Failure.IsTransient(e) || e is RpcException { StatusCode: StatusCode.DeadlineExceeded });

    /// <summary>
    /// One unary call: a read, or a mutation that carries a request_id and so happens once however often it is sent.
    /// </summary>
    public static async Task<T> Call<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken stop) =>
        await Unary.ExecuteAsync(
            async token =>
            {
                using var answer = call(Options(CallDeadline, token));
                return await answer.ResponseAsync;
            },
            stop);

    /// <summary>
    /// A mutation that takes as long as there is much to do. Its request_id makes the repeat of one whose answer was
    /// not waited for ask for that very answer.
    /// </summary>
    public static async Task<T> LongCall<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken stop) =>
        await Long.ExecuteAsync(
            async token =>
            {
                using var answer = call(Options(LongCallDeadline, token));
                return await answer.ResponseAsync;
            },
            stop);

    /// <summary>
    /// One server stream read to its end. <paramref name="read"/> runs again from its own remembered position when the
    /// link breaks, so it must be able to go on or to begin anew.
    /// </summary>
    public static async Task Stream(Func<CallOptions, Task> read, CancellationToken stop) =>
        await Unary.ExecuteAsync(async token => await read(Options(TimeSpan.FromMinutes(30), token)), stop);

    /// <summary>
    /// The rounds of an upload. A round that moved the durable size forward does not count towards the bound; another
    /// writer on the same upload (ABORTED) is waited for, a few times.
    /// </summary>
    public static ResiliencePipeline ForUpload(UploadRounds rounds) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = arguments => new(arguments.Outcome.Exception is { } e && MayGoOn(e, rounds)),
            DelayGenerator = arguments =>
                new(arguments.Outcome.Exception is RpcException { StatusCode: StatusCode.Aborted }
                ? BusyDelay
                : Delay(rounds.WithoutProgress, arguments.Outcome.Exception)),
        })
        .Build();

    /// <summary>A bound for a stream of this many bytes: ten minutes and a slow link's time.</summary>
    public static CallOptions UploadOptions(long bytes, CancellationToken stop) =>
        Options(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(bytes / (64.0 * 1024)), stop);

    static ResiliencePipeline Retrying(Func<Exception?, bool> mayRepeat) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Tries - 1,
            ShouldHandle = arguments => new(mayRepeat(arguments.Outcome.Exception)),
            DelayGenerator = arguments => new(Delay(arguments.AttemptNumber, arguments.Outcome.Exception)),
        })
        .Build();

    static bool MayGoOn(Exception e, UploadRounds rounds) => e switch
    {
        RpcException { StatusCode: StatusCode.Aborted } => ++rounds.Busy < BusyTries,
        RpcException { StatusCode: StatusCode.DeadlineExceeded } => ++rounds.WithoutProgress < Tries,
        _ => Failure.IsTransient(e) && ++rounds.WithoutProgress < Tries,
    };

    static TimeSpan? Delay(int attempt, Exception? cause)
    {
        var ceiling = Math.Min(
            LongestDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 16)));
        var delay = TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * ceiling);
        var asked = cause is RpcException e ? Failure.Of(e).RetryAfter : null;
        return asked > delay ? asked : delay;
    }

    static CallOptions Options(TimeSpan deadline, CancellationToken stop) =>
        new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + deadline, cancellationToken: stop);
}

/// <summary>How an upload is going; reset whenever durable bytes were added.</summary>
sealed class UploadRounds
{
    public int WithoutProgress { get; set; }

    public int Busy { get; set; }
}
