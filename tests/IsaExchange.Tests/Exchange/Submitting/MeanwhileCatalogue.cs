using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Tests.Exchange.Submitting;

/// <summary>A catalogue in which something happens just before the next read or decision.</summary>
sealed class MeanwhileCatalogue(ICatalogue inner) : ICatalogue
{
    /// <summary>What happens, once.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public async Task<T> ReadAsync<T>(Func<CatalogueContext, Task<T>> read, CancellationToken ct)
    {
        await HappenAsync();
        return await inner.ReadAsync(read, ct);
    }

    public async Task<T> WriteAsync<T>(Func<CatalogueContext, Task<T>> write, CancellationToken ct)
    {
        await HappenAsync();
        return await inner.WriteAsync(write, ct);
    }

    public Task CheckSchemaAsync(CancellationToken ct) => inner.CheckSchemaAsync(ct);

    public Task<T> AppendAsync<T>(Func<CatalogueContext, Task<T>> append, CancellationToken ct) =>
        inner.AppendAsync(append, ct);

    public Task<T?> SequenceAsync<T>(Func<CatalogueContext, TreeStateRow, Task<T>> step, CancellationToken ct) =>
        inner.SequenceAsync(step, ct);

    public Task<bool> TryExclusiveAsync(string what, Func<CancellationToken, Task> act, CancellationToken ct) =>
        inner.TryExclusiveAsync(what, act, ct);

    async Task HappenAsync()
    {
        var meanwhile = Meanwhile;
        Meanwhile = null;
        if (meanwhile is not null)
            await meanwhile();
    }

    /// <summary>It is another's.</summary>
    public void Dispose()
    {
    }
}
