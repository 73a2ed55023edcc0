using IsaExchange.Exchange.Storage;
using IsaExchange.Tests.Exchange.Storage;

namespace IsaExchange.Tests.Exchange.KeyLife;

/// <summary>A store that does not let anybody at one of its objects.</summary>
sealed class FaultyReads(IObjectStore inner, ObjectName faulty) : StoreBetween(inner)
{
    public override Task<StoredObject> OpenAsync(ObjectName name, CancellationToken ct) => name == faulty
        ? throw StorageFaultException.Because($"Reading {name} failed with EIO.", "EIO")
        : base.OpenAsync(name, ct);
}
