using Microsoft.Win32.SafeHandles;

namespace IsaExchange.Exchange.Storage;

/// <summary>The payload file of a staged object, open for its one writer.</summary>
sealed class FolderStagedObject : IStagedObject
{
    readonly ObjectName name;
    readonly string folder;
    readonly FileStream file;
    readonly Action<SafeFileHandle, string> sync;
    Exception? poison;

    internal FolderStagedObject(ObjectName name, string folder, Action<SafeFileHandle, string> sync)
    {
        this.name = name;
        this.folder = folder;
        this.sync = sync;
        file = new FileStream(
            FolderLayout.PayloadIn(folder),
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

        // Before, so that nothing is added to what is another's.
        CheckOurs();
        Write(sealedBytes);

        // And after: whoever takes the object over marks it first and reads then. So either we see the mark, or these
        // bytes are there to be read. Both ends are on one machine, the mark needs no flush.
        CheckOurs();
        Length += sealedBytes.Length;
    }

    void CheckOurs()
    {
        if (!File.Exists(FolderLayout.TakenIn(folder)) && FolderLayout.HasHeader(folder))
            return;
        poison = new StagingTakenOverException(name);
        throw poison;
    }

    void Write(ReadOnlySpan<byte> sealedBytes)
    {
        var path = FolderLayout.PayloadIn(folder);
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
            CutBack(path);
            throw poison;
        }
    }

    /// <summary>
    /// What was never acknowledged could be read, and so be counted, by whoever asks after a restart. Where this fails
    /// too, the tail stays: it is authentic, and only perhaps not durable.
    /// </summary>
    void CutBack(string path)
    {
        // Whoever has taken the object over may have read the tail, and rely on it.
        if (File.Exists(FolderLayout.TakenIn(folder)))
            return;
        try
        {
            RandomAccess.SetLength(file.SafeFileHandle, Length);
            sync(file.SafeFileHandle, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The caller is told of the fault that came first.
        }
    }
}
