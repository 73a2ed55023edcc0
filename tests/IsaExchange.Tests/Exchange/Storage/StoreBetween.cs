using IsaExchange.Exchange.Storage;

namespace IsaExchange.Tests.Exchange.Storage;

/// <summary>A store that hands every call on; tests put theirs in the place of some.</summary>
class StoreBetween(IObjectStore inner) : IObjectStore
{
    public virtual Task<StoredObject> OpenAsync(ObjectName name, CancellationToken ct) => inner.OpenAsync(name, ct);

    public virtual Task<StoredObject?> ReadStagedAsync(ObjectName name, CancellationToken ct) =>
        inner.ReadStagedAsync(name, ct);

    public Task<IStagedObject> StageAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct) =>
        inner.StageAsync(name, header, ct);

    public Task<StoredObject?> TakeOverAsync(ObjectName name, CancellationToken ct) => inner.TakeOverAsync(name, ct);

    public Task PromoteAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct) =>
        inner.PromoteAsync(name, header, ct);

    public Task DiscardStagedAsync(ObjectName name, CancellationToken ct) => inner.DiscardStagedAsync(name, ct);

    public Task PutAsync(
        ObjectName name, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, CancellationToken ct) =>
        inner.PutAsync(name, header, payload, ct);

    public Task ReplaceHeaderAsync(
        ObjectName name, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> replacement, CancellationToken ct) =>
        inner.ReplaceHeaderAsync(name, expected, replacement, ct);

    public IAsyncEnumerable<ObjectName> ListStagedAsync(CancellationToken ct) => inner.ListStagedAsync(ct);

    public IAsyncEnumerable<ObjectName> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => inner.DeleteAsync(name, ct);

    public Task SweepAsync(DateTimeOffset before, CancellationToken ct) => inner.SweepAsync(before, ct);
}
