namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>Transactions on the catalogue. Reads see committed state; a write commits whole or not at all.</summary>
public interface ICatalogue
{
    Task CreateAsync(CancellationToken ct);

    Task<T> ReadAsync<T>(Func<CatalogueContext, Task<T>> read, CancellationToken ct);

    /// <summary>
    /// Runs <paramref name="write"/> in one serialisable transaction and commits it durably before returning.
    /// An exception from <paramref name="write"/> rolls everything back.
    /// </summary>
    Task<T> WriteAsync<T>(Func<CatalogueContext, Task<T>> write, CancellationToken ct);
}
