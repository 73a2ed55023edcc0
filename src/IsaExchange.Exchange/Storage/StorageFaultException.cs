using System.Globalization;

namespace IsaExchange.Exchange.Storage;

/// <summary>
/// The storage medium failed: what was being written is not known to be durable and must not be acknowledged.
/// Never retried on the same file: after a failed fsync the kernel may drop the dirty pages and report success next
/// time.
/// </summary>
public sealed class StorageFaultException : IOException
{
    StorageFaultException(string message, string errorName, Exception? cause, bool isSync = false)
        : base(message, cause) => (ErrorName, IsSync) = (errorName, isSync);

    /// <summary>Name of the error: of the operating system, such as <c>EIO</c> or <c>ENOSPC</c>, or of the
    /// server.</summary>
    public string ErrorName { get; }

    /// <summary>A flush to the medium failed: a repetition that succeeds would prove nothing.</summary>
    public bool IsSync { get; }

    /// <summary>True when the medium is full or a quota is reached: it may heal by itself.</summary>
    public bool IsOutOfSpace => ErrorName is "ENOSPC" or "EDQUOT";

    /// <summary>A failed call of the operating system. <paramref name="path"/> names files, never content.</summary>
    internal static StorageFaultException OfCall(string call, string path, int error) =>
        new(
            $"{call} failed with {NameOf(error)} on {path}.", NameOf(error), cause: null,
            isSync: call is "fsync" or "FlushFileBuffers");

    /// <summary>A failure that the class library reported; on Unix the low bits of HResult are the errno.</summary>
    internal static StorageFaultException Of(string what, string path, IOException cause) =>
        cause as StorageFaultException
        ?? new($"{what} failed with {NameOf(cause.HResult)} on {path}.", NameOf(cause.HResult), cause);

    /// <summary>A failure that a server reported, or that its answer shows. <paramref name="sentence"/> names objects,
    /// never content.</summary>
    public static StorageFaultException Because(string sentence, string errorName, Exception? cause = null) =>
        new(sentence, errorName, cause);

    static string NameOf(int error) => OperatingSystem.IsWindows()
        ? "0x" + error.ToString("X8", CultureInfo.InvariantCulture)
        : error switch
        {
            1 => "EPERM",
            2 => "ENOENT",
            5 => "EIO",
            9 => "EBADF",
            13 => "EACCES",
            17 => "EEXIST",
            18 => "EXDEV",
            20 => "ENOTDIR",
            21 => "EISDIR",
            22 => "EINVAL",
            23 => "ENFILE",
            24 => "EMFILE",
            27 => "EFBIG",
            28 => "ENOSPC",
            30 => "EROFS",
            31 => "EMLINK",
            36 or 63 => "ENAMETOOLONG",
            39 or 66 => "ENOTEMPTY",
            69 or 122 => "EDQUOT",
            _ => "errno " + error.ToString(CultureInfo.InvariantCulture),
        };
}
