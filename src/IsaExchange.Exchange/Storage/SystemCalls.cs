using System.Runtime.InteropServices;

namespace IsaExchange.Exchange.Storage;

/// <summary>
/// The few calls of the operating system that the class library lacks or gets wrong: .NET 10 reports success when
/// fsync fails, cannot fsync a directory, and cannot rename or link without first asking whether the target exists.
/// </summary>
static partial class SystemCalls
{
    // Equal on Linux and macOS. O_CLOEXEC differs and is left out: the handle lives for one fsync.
    internal const int ReadOnly = 0;

    internal const int Interrupted = 4;
    internal const int NoEntry = 2;
    internal const int Exists = 17;

    /// <summary>ENOTEMPTY: 39 on Linux, 66 on macOS.</summary>
    internal static readonly int NotEmpty = OperatingSystem.IsMacOS() ? 66 : 39;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Link(string existing, string added);

    [LibraryImport("kernel32", EntryPoint = "FlushFileBuffers", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool FlushFileBuffers(nint handle);

    [LibraryImport(
        "kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool CreateHardLink(string added, string existing, nint security);
}
