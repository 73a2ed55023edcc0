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

    /// <summary>Writes a folder: its files first, the status last. With the status it is whole.</summary>
    Task WriteAsync(
        string folder, IReadOnlyList<ReleaseFile> files, ReadOnlyMemory<byte> status, CancellationToken ct);

    /// <summary>Removes a folder, the status first.</summary>
    Task RemoveAsync(string folder, CancellationToken ct);
}
