using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IsaExchange.Exchange.Storage;

/// <summary>
/// File operations that are on the medium when they return, or throw <see cref="StorageFaultException"/>.
/// On Windows folders cannot be flushed; NTFS journals renames and creations by itself.
/// </summary>
public static class DurableFiles
{
    /// <summary>Owner reads and writes, nobody else anything.</summary>
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Owner lists and enters, nobody else anything.</summary>
    public const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    /// <summary>Flushes an open file to the medium. A failure is final for the file: never call again and believe
    /// it.</summary>
    /// <exception cref="StorageFaultException">The medium refused.</exception>
    public static void Sync(SafeFileHandle file, string path)
    {
        var held = false;
        try
        {
            file.DangerousAddRef(ref held);
            var handle = file.DangerousGetHandle();
            if (!OperatingSystem.IsWindows())
                SyncDescriptor((int)handle, path);
            else if (!SystemCalls.FlushFileBuffers(handle))
                throw StorageFaultException.OfCall("FlushFileBuffers", path, Marshal.GetLastPInvokeError());
        }
        finally
        {
            if (held)
                file.DangerousRelease();
        }
    }

    /// <summary>Makes the entries of a folder durable: creations, renames and removals in it.</summary>
    /// <exception cref="StorageFaultException">The medium refused.</exception>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = SystemCalls.Open(folder, SystemCalls.ReadOnly);
        if (descriptor < 0)
            throw StorageFaultException.OfCall("open", folder, Marshal.GetLastPInvokeError());
        try
        {
            SyncDescriptor(descriptor, folder);
        }
        finally
        {
            _ = SystemCalls.Close(descriptor);
        }
    }

    /// <summary>
    /// Creates a new file with this content; the name becomes durable with the next <see cref="SyncFolder"/> of its
    /// folder.
    /// </summary>
    /// <exception cref="IOException">The file exists.</exception>
    /// <exception cref="StorageFaultException">The medium refused.</exception>
    public static void CreateNew(string path, ReadOnlySpan<byte> content)
    {
        using var file = OpenNew(path);
        try
        {
            RandomAccess.Write(file.SafeFileHandle, content, fileOffset: 0);
        }
        catch (IOException fault)
        {
            throw StorageFaultException.Of("write", path, fault);
        }

        Sync(file.SafeFileHandle, path);
    }

    /// <summary>
    /// Creates a file whole or not at all, and only when the name is free: of concurrent callers one wins.
    /// A crash leaves either nothing under the name or everything, and perhaps a <c>.new</c> file beside it.
    /// </summary>
    /// <returns>False when the name was taken; the file there is untouched.</returns>
    /// <exception cref="StorageFaultException">The medium refused.</exception>
    public static bool CreateExclusive(string path, ReadOnlySpan<byte> content)
    {
        var folder = FolderOf(path);
        var made = BesideName(path);
        CreateNew(made, content);
        try
        {
            var won = TryLink(made, path);
            SyncFolder(folder);
            return won;
        }
        finally
        {
            File.Delete(made);
        }
    }

    /// <summary>Creates or replaces a file: after a crash the old content or the new is there, never a
    /// mixture.</summary>
    /// <exception cref="StorageFaultException">The medium refused; the old content still stands.</exception>
    public static void WriteAllDurably(string path, ReadOnlySpan<byte> content)
    {
        var made = BesideName(path);
        CreateNew(made, content);
        try
        {
            RenameDurably(made, path);
        }
        catch (StorageFaultException)
        {
            File.Delete(made);
            throw;
        }
    }

    /// <summary>Renames a file, replacing what bore the name; both folders are durable when it returns.</summary>
    /// <exception cref="StorageFaultException">The medium refused.</exception>
    public static void RenameDurably(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (IOException fault)
        {
            throw StorageFaultException.Of("rename", to, fault);
        }

        SyncBoth(FolderOf(from), FolderOf(to));
    }

    /// <summary>Creates a folder (mode 0700) and the missing ones above it, each entry durable in its parent.</summary>
    /// <param name="root">An existing folder above <paramref name="folder"/>.</param>
    /// <param name="folder">The folder that shall exist.</param>
    public static void CreateFolders(string root, string folder)
    {
        if (string.Equals(root, folder, StringComparison.Ordinal))
            return;
        var parent = FolderOf(folder);
        CreateFolders(root, parent);
        CreatePrivateFolder(folder);
        // Also when it was there: another process may have made it and not synced its name yet.
        SyncFolder(parent);
    }

    /// <summary>
    /// Renames a folder to a name that is free (or an empty folder): the commit of an object store on folders.
    /// </summary>
    /// <returns>Moved, Taken when something is there, Gone when there is nothing to move.</returns>
    internal static FolderMove MoveFolder(string from, string to)
    {
        if (OperatingSystem.IsWindows())
            return MoveFolderOnWindows(from, to);
        if (SystemCalls.Rename(from, to) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == SystemCalls.Exists || error == SystemCalls.NotEmpty)
                return FolderMove.Taken;
            if (error == SystemCalls.NoEntry)
                return FolderMove.Gone;
            throw StorageFaultException.OfCall("rename", to, error);
        }

        SyncBoth(FolderOf(from), FolderOf(to));
        return FolderMove.Moved;
    }

    /// <summary>Gives a file a second name, when that name is free; durable with the next sync of the folder.</summary>
    internal static bool TryLink(string existing, string added)
    {
        if (OperatingSystem.IsWindows())
        {
            const int AlreadyExists = 183;
            if (SystemCalls.CreateHardLink(added, existing, security: 0))
                return true;
            var refused = Marshal.GetLastPInvokeError();
            return refused == AlreadyExists
                ? false
                : throw StorageFaultException.OfCall("CreateHardLink", added, refused);
        }

        if (SystemCalls.Link(existing, added) == 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error == SystemCalls.Exists ? false : throw StorageFaultException.OfCall("link", added, error);
    }

    /// <summary>Opens a new, empty, private file for writing at offsets.</summary>
    internal static FileStream OpenNew(string path) =>
        Open(path, FileMode.CreateNew, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Opens a private file that says something by being there, or by being open; makes it when it is
    /// missing.</summary>
    internal static FileStream OpenPrivate(string path, FileShare share) => Open(path, FileMode.OpenOrCreate, share);

    static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = PrivateFile;
        return new FileStream(path, options);
    }

    internal static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, PrivateFolder);
    }

    static FolderMove MoveFolderOnWindows(string from, string to)
    {
        if (!Directory.Exists(from))
            return FolderMove.Gone;
        try
        {
            Directory.Move(from, to);
            return FolderMove.Moved;
        }
        catch (IOException) when (Directory.Exists(to))
        {
            return FolderMove.Taken;
        }
        catch (IOException) when (!Directory.Exists(from))
        {
            return FolderMove.Gone;
        }
    }

    static void SyncDescriptor(int descriptor, string path)
    {
        // Only an interrupted call may be repeated: any other failure means that pages may be lost already.
        while (SystemCalls.FSync(descriptor) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != SystemCalls.Interrupted)
                throw StorageFaultException.OfCall("fsync", path, error);
        }
    }

    static void SyncBoth(string one, string other)
    {
        SyncFolder(other);
        if (!string.Equals(one, other, StringComparison.Ordinal))
            SyncFolder(one);
    }

    static string BesideName(string path) => $"{path}.{Guid.NewGuid():N}.new";

    static string FolderOf(string path) => Path.GetDirectoryName(path)
        ?? throw new InvalidOperationException("A durable file has a folder: its path is made from a root folder.");
}

/// <summary>How <see cref="DurableFiles.MoveFolder"/> ended.</summary>
enum FolderMove
{
    Moved,
    Taken,
    Gone,
}
