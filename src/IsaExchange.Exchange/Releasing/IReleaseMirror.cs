namespace IsaExchange.Exchange.Releasing;

/// <summary>
/// Where releases lie open, for engines that read files and know no exchange: one folder a release. Every call is
/// repeatable, and what several replicas do at once is the same.
/// </summary>
public interface IReleaseMirror
{
    /// <summary>The folders that are there, each with the SHA-256 (hex) of its status; empty for one that is not
    /// whole.</summary>
    Task<IReadOnlyDictionary<string, string>> FoldersAsync(CancellationToken ct);

    /// <summary>Writes the files of a folder; it is not whole yet.</summary>
    /// <exception cref="Storage.StorageFaultException">Also when anybody could read it there.</exception>
    Task WriteAsync(string folder, IReadOnlyList<ReleaseFile> files, CancellationToken ct);

    /// <summary>Writes the status of a folder, after its files: with it the folder is whole.</summary>
    Task CompleteAsync(string folder, ReadOnlyMemory<byte> status, CancellationToken ct);

    /// <summary>Removes a folder, the status first.</summary>
    Task RemoveAsync(string folder, CancellationToken ct);
}
