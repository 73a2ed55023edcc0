using IsaExchange.Exchange.Storage;
using Polly;
using Polly.Retry;

namespace IsaExchange.Service.Adapters;

/// <summary>
/// The object store behind one pipeline. Only calls that are safe to repeat are repeated: opening, promoting, putting
/// and discarding are; staging and appending are not (a failed fsync must never be tried again and believed).
/// </summary>
sealed class ResilientObjectStore(IObjectStore inner, ResiliencePipeline pipeline) : IObjectStore
{
    /// <summary>Three quick tries with jitter, for faults of the medium only.</summary>
    public static ResiliencePipeline Pipeline(TimeProvider clock) =>
        new ResiliencePipelineBuilder { TimeProvider = clock, Name = "object-store" }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StorageFaultException>(fault => !fault.IsSync),
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromMilliseconds(50),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    public Task<IStagedObject> StageAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct) =>
        inner.StageAsync(name, header, ct);

    public Task<StoredObject?> ReadStagedAsync(ObjectName name, CancellationToken ct) =>
        RepeatAsync(t => inner.ReadStagedAsync(name, t), ct);

    public Task<StoredObject?> TakeOverAsync(ObjectName name, CancellationToken ct) =>
        RepeatAsync(t => inner.TakeOverAsync(name, t), ct);

    public Task PromoteAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct) =>
        RepeatAsync(t => inner.PromoteAsync(name, header, t), ct);

    public Task ReplaceHeaderAsync(
        ObjectName name, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> replacement, CancellationToken ct) =>
        RepeatAsync(t => inner.ReplaceHeaderAsync(name, expected, replacement, t), ct);

    public Task DiscardStagedAsync(ObjectName name, CancellationToken ct) =>
        RepeatAsync(t => inner.DiscardStagedAsync(name, t), ct);

    public Task<StoredObject> OpenAsync(ObjectName name, CancellationToken ct) =>
        RepeatAsync(t => inner.OpenAsync(name, t), ct);

    public Task PutAsync(
        ObjectName name, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, CancellationToken ct) =>
        RepeatAsync(t => inner.PutAsync(name, header, payload, t), ct);

    public IAsyncEnumerable<ObjectName> ListStagedAsync(CancellationToken ct) => inner.ListStagedAsync(ct);

    public IAsyncEnumerable<ObjectName> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

    public IAsyncEnumerable<string> ListForeignAsync(CancellationToken ct) => inner.ListForeignAsync(ct);

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => RepeatAsync(t => inner.DeleteAsync(name, t), ct);

    public Task SweepAsync(DateTimeOffset before, CancellationToken ct) =>
        RepeatAsync(t => inner.SweepAsync(before, t), ct);

    Task RepeatAsync(Func<CancellationToken, Task> call, CancellationToken ct) =>
        pipeline.ExecuteAsync(async t => await call(t), ct).AsTask();

    Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct) =>
        pipeline.ExecuteAsync(async t => await call(t), ct).AsTask();
}
