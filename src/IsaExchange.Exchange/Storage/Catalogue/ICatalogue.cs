namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>
/// Transactions on the catalogue. Reads see committed state, all of one moment; a write commits whole or not at all.
/// Whatever is passed here may be run more than once, each time on a context of its own, because it met another: it
/// reads what it decides on from that context, and leaves nothing changed outside of it but its result.
/// </summary>
public interface ICatalogue : IDisposable
{
    /// <exception cref="IOException">The tables are not those that this program was made for; the message says what to
    /// do.</exception>
    Task CheckSchemaAsync(CancellationToken ct);

    Task<T> ReadAsync<T>(Func<CatalogueContext, Task<T>> read, CancellationToken ct);

    /// <summary>
    /// Runs <paramref name="write"/> in one serialisable transaction and commits it durably before returning.
    /// An exception from <paramref name="write"/> rolls everything back.
    /// </summary>
    /// <exception cref="ExchangeException">ABORTED: others changed the same all the time.</exception>
    /// <exception cref="CatalogueUnavailableException">It may have been committed, or not, when the server went away in
    /// that very moment and did not come back.</exception>
    Task<T> WriteAsync<T>(Func<CatalogueContext, Task<T>> write, CancellationToken ct);

    /// <summary>
    /// As <see cref="WriteAsync"/>, for what only adds rows and decides nothing by what it reads: events. It need not
    /// be serialisable, because keys alone say what may stand beside each other.
    /// </summary>
    Task<T> AppendAsync<T>(Func<CatalogueContext, Task<T>> append, CancellationToken ct);

    /// <summary>
    /// Runs <paramref name="step"/> for the one sequencer that there is among all replicas, with the state of the tree,
    /// which it may change; returns the default while another one leads. A step that began before another took over
    /// does not commit.
    /// </summary>
    Task<T?> SequenceAsync<T>(Func<CatalogueContext, TreeStateRow, Task<T>> step, CancellationToken ct);

    /// <summary>
    /// Runs <paramref name="act"/> unless it is run somewhere already under that name; returns whether it ran. Spares
    /// work: what must not be done twice needs a transaction.
    /// </summary>
    Task<bool> TryExclusiveAsync(string what, Func<CancellationToken, Task> act, CancellationToken ct);
}
