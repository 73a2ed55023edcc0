namespace IsaExchange.Service.Settings;

/// <summary>A file whose first line is a secret; nobody but the service's user may read it.</summary>
static class SecretFile
{
    const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static string Read(string file) => File.ReadLines(file).First();

    /// <param name="name">Of the setting that names it.</param>
    /// <exception cref="SettingsException">Missing, empty, or others can read it.</exception>
    public static void Check(string settings, string name, string file)
    {
        if (!File.Exists(file))
            throw new SettingsException($"{settings}: {name} does not exist: {file}");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OfOthers) != UnixFileMode.None)
            throw new SettingsException($"{settings}: others can read {name}; chmod 600 {file}");
        if (File.ReadLines(file).FirstOrDefault() is null or "")
            throw new SettingsException($"{settings}: {name} is empty: {file}");
    }
}
