namespace IsaExchange.Exchange.Storage;

/// <summary>
/// The headers of the objects in a folder store: read, and exchanged one for another. A lock that lives and dies with
/// its process keeps two exchanges, and an exchange and a deletion, apart; readers need none.
/// </summary>
sealed class FolderHeaders(FolderLayout layout)
{
    const int LengthMax = 64 * 1024;

    static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(2);

    /// <exception cref="ArgumentException">No header has that length.</exception>
    public static void Check(ReadOnlySpan<byte> header)
    {
        if (header.Length is 0 or > LengthMax)
            throw new ArgumentException($"A header has 1 to {LengthMax} bytes.", nameof(header));
    }

    /// <exception cref="IOException">There is none.</exception>
    public static byte[] Read(string folder)
    {
        var path = FolderLayout.HeaderIn(folder);
        var length = new FileInfo(path).Length;
        return length <= LengthMax
            ? File.ReadAllBytes(path)
            : throw StorageFaultException.Because($"{path} is longer than a header can be.", "EFBIG");
    }

    /// <summary>Exchanges the header; see <see cref="IObjectStore.ReplaceHeaderAsync"/>.</summary>
    public void Replace(ObjectName name, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement)
    {
        Check(replacement);
        using var held = Hold();
        var folder = layout.Of(name);
        byte[] standing;
        try
        {
            standing = Read(folder);
        }
        catch (IOException fault) when (FolderObjectStore.IsGone(fault))
        {
            throw new ObjectNotFoundException(name);
        }

        if (standing.AsSpan().SequenceEqual(replacement))
        {
            // Whoever put it there may have crashed before this: only now may it be relied on.
            DurableFiles.SyncFolder(folder);
            return;
        }

        if (!standing.AsSpan().SequenceEqual(expected))
            throw new HeaderChangedException(name);

        // A crash before the rename leaves a header in new/, which the sweep of this name removes; after it, the new
        // header stands.
        var made = layout.CreateNew(FolderLayout.KeyOf(name));
        DurableFiles.CreateNew(FolderLayout.HeaderIn(made), replacement);
        DurableFiles.RenameDurably(FolderLayout.HeaderIn(made), FolderLayout.HeaderIn(folder));
        Directory.Delete(made);
    }

    /// <summary>Waits for the lock. A crash lets go of it.</summary>
    public FileStream Hold()
    {
        for (;;)
        {
            try
            {
                return DurableFiles.OpenPrivate(layout.Exchanging, FileShare.None);
            }
            catch (IOException fault) when (IsHeld(fault))
            {
                // Held for the time of a few system calls.
                Thread.Sleep(LockPoll);
            }
        }
    }

    static bool IsHeld(IOException fault)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        const int TryAgainOnLinux = 11;
        const int TryAgainOnMacOS = 35;
        return fault.HResult is SharingViolation or TryAgainOnLinux or TryAgainOnMacOS;
    }
}
