namespace IsaExchange.Cli.Wire;

/// <summary>Files that hold a key or a token: nobody but their owner may read them, from the first byte on.</summary>
static class PrivateFiles
{
    const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Creates or replaces the file whole: it is written beside its place and renamed.</summary>
    public static void Write(string path, string text)
    {
        var made = path + ".new";
        File.Delete(made);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Mode;
        using (var file = new FileStream(made, options))
        using (var writer = new StreamWriter(file))
            writer.Write(text);
        File.Move(made, path, overwrite: true);
    }

    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OfOthers) != UnixFileMode.None;
}
