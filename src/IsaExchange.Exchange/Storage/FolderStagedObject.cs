using Microsoft.Win32.SafeHandles;

namespace IsaExchange.Exchange.Storage;

/// <summary>The payload file of a staged object, open for its one writer.</summary>
sealed class FolderStagedObject : IStagedObject
{
    readonly string path;
    readonly FileStream file;
    readonly Action<SafeFileHandle, string> sync;
    StorageFaultException? poison;

    internal FolderStagedObject(string path, Action<SafeFileHandle, string> sync)
    {
        this.path = path;
        this.sync = sync;
        file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
            });
    }

    /// <inheritdoc/>
    public long Length { get; private set; }

    /// <inheritdoc/>
    public Task AppendAsync(ReadOnlyMemory<byte> sealedBytes, CancellationToken ct) =>
        Task.Run(() => Append(sealedBytes.Span), ct);

    public ValueTask DisposeAsync() => file.DisposeAsync();

    void Append(ReadOnlySpan<byte> sealedBytes)
    {
        if (poison is not null)
            throw poison;
        try
        {
            RandomAccess.Write(file.SafeFileHandle, sealedBytes, Length);
            sync(file.SafeFileHandle, path);
        }
        catch (IOException fault)
        {
            // After a failed fsync the kernel may forget the dirty pages and report success the next time; after a
            // failed write the tail is unknown. Either way this file takes no more: what is durable is replayed
            // elsewhere.
            poison = StorageFaultException.Of("append", path, fault);
            throw poison;
        }

        Length += sealedBytes.Length;
    }
}
