using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Storage;

public sealed class DurableFilesTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SyncThatTheKernelRefuses_IsAFaultWithItsName()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no /dev/null.");
        using var device = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        var fault = Assert.Throws<StorageFaultException>(() => DurableFiles.Sync(device, "/dev/null"));
        Assert.Equal("EINVAL", fault.ErrorName);
        Assert.Contains("fsync", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatIsNotThere_CannotBeSynced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Folders are not synced there.");
        var fault = Assert.Throws<StorageFaultException>(() => DurableFiles.SyncFolder(folder["absent"]));
        Assert.Equal("ENOENT", fault.ErrorName);
        Assert.False(fault.IsOutOfSpace);
    }

    [Fact]
    public void CreateExclusive_TheFirstWinsAndTheSecondChangesNothing()
    {
        Assert.True(DurableFiles.CreateExclusive(folder["f"], [1]));
        Assert.False(DurableFiles.CreateExclusive(folder["f"], [2]));
        Assert.Equal([1], File.ReadAllBytes(folder["f"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void CreateExclusive_OfConcurrentCallersOneWins()
    {
        var won = Enumerable.Range(0, 32).AsParallel()
            .Count(caller => DurableFiles.CreateExclusive(folder["f"], [(byte)caller]));
        Assert.Equal(1, won);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void WriteAllDurably_ReplacesAndLeavesNothingBeside()
    {
        DurableFiles.WriteAllDurably(folder["f"], [1]);
        DurableFiles.WriteAllDurably(folder["f"], [2, 3]);
        Assert.Equal([2, 3], File.ReadAllBytes(folder["f"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void WriteAllDurablyThatCannotReplace_LeavesNothingBeside()
    {
        Directory.CreateDirectory(folder["d"]);
        Assert.Throws<StorageFaultException>(() => DurableFiles.WriteAllDurably(folder["d"], [1]));
        Assert.Equal([folder["d"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void NewFilesAndFolders_ArePrivate()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        DurableFiles.CreateFolders(folder.Path, folder["a", "b"]);
        DurableFiles.WriteAllDurably(folder["a", "b", "f"], [1]);
        Assert.Equal(DurableFiles.PrivateFolder, TemporaryFolder.ModeOf(folder["a"]));
        Assert.Equal(DurableFiles.PrivateFolder, TemporaryFolder.ModeOf(folder["a", "b"]));
        Assert.Equal(DurableFiles.PrivateFile, TemporaryFolder.ModeOf(folder["a", "b", "f"]));
    }
}
