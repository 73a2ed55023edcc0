using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>
/// Makes an exchange again from a backup and its keys, in a new home and, where it was kept on servers, in an empty
/// database and containers. It never overwrites; what broke off is begun again in another place.
/// </summary>
static class HomeRestore
{
    /// <param name="backup">Folder of a whole backup.</param>
    /// <param name="keys">Folder with the copy of keys/.</param>
    /// <param name="settings">A settings.json in place of the one in the backup: for other servers, or another
    /// port.</param>
    /// <exception cref="SettingsException">Something is missing, damaged, or in the way.</exception>
    public static async Task<BackupLabel> RunAsync(
        HomeFolder home, string backup, string keys, string? settings, TimeProvider clock, IProgress<long>? progress,
        CancellationToken ct)
    {
        var label = BackupLabel.Read(backup);
        if (BackupLabel.Digest(Path.Combine(backup, label.Catalogue)) != label.CatalogueSha256)
            throw new SettingsException($"{label.Catalogue} of the backup is not the one that was written there.");
        HomeBackup.MakeEmpty(home.Root);
        HomeBackup.CopyFolder(keys, home.Keys);
        HomeBackup.CopyFolder(Path.Combine(backup, "policies"), Path.Combine(home.Root, "policies"));
        DurableFiles.CreateNew(
            home.Settings, await File.ReadAllBytesAsync(settings ?? Path.Combine(backup, ExchangeSettings.FileName), ct));
        var loaded = ExchangeSettings.LoadFor(home, Path.Combine(home.Root, "policies"));
        if (loaded.Exchange != label.Exchange)
            throw new SettingsException(
                $"The settings are of {loaded.Exchange}, the backup is of {label.Exchange}: its log has that name.");
        await new CatalogueDump(home, loaded).ReadAsync(backup, ct);
        await using var parts = new OpenedParts(home, clock);
        var objects = new FolderObjectStore(Path.Combine(backup, "objects"));
        await ObjectCopy.RunAsync(objects, parts.Objects, staged: true, progress, ct);
        return label;
    }
}
