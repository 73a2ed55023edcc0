using System.Globalization;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>A small file system of its own (tmpfs), which can be filled and emptied.</summary>
sealed class SmallDisk : IAsyncDisposable
{
    SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    string Filler => Path.Combine(Folder, "filler");

    /// <param name="options">Of mount, such as size=64m.</param>
    /// <param name="on">An empty folder; a new one where none is given.</param>
    public static async Task<SmallDisk> MountAsync(string options, string? on = null)
    {
        var folder = on ?? Directory.CreateTempSubdirectory("isax-disk-").FullName;
        var ran = await Programs.RunAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder);
        Assert.SkipUnless(ran.ExitCode == 0, "File systems cannot be mounted here (needs root).");
        return new SmallDisk(folder);
    }

    /// <summary>Takes all space but this much.</summary>
    public void Fill(long leaving)
    {
        Empty();
        var free = new DriveInfo(Folder).AvailableFreeSpace;
        using var filler = new FileStream(Filler, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var zeros = new byte[1 << 20];
        try
        {
            for (var left = Math.Max(0, free - leaving); left > 0; left -= Math.Min(left, zeros.Length))
                filler.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
        }
        catch (IOException)
        {
            // Whoever lives on this disk took some meanwhile: it is fuller than was asked for, and that is full too.
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void Empty()
    {
        File.Delete(Filler);
        if (Directory.Exists(Inodes))
            Directory.Delete(Inodes, recursive: true);
    }

    string Inodes => Path.Combine(Folder, "inodes");

    /// <summary>No further file can be made.</summary>
    public void UseInodes()
    {
        Directory.CreateDirectory(Inodes);
        try
        {
            for (var i = 0; i < 10_000; i++)
                File.Create(Path.Combine(Inodes, i.ToString(CultureInfo.InvariantCulture))).Dispose();
        }
        catch (IOException)
        {
            // None is left.
            return;
        }

        throw new InvalidOperationException("The file system has more inodes than it was given.");
    }

    public async ValueTask DisposeAsync()
    {
        await Programs.RunAsync("umount", "-l", Folder);
        Directory.Delete(Folder, recursive: true);
    }
}
