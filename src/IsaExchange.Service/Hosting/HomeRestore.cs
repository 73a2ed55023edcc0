using System.Text;
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
    /// <param name="settings">File of settings that take the place of the backup's: for other servers.</param>
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
        var loaded = ExchangeSettings.Restored(
            Path.Combine(backup, ExchangeSettings.FileName), Path.Combine(home.Root, "policies"), settings);
        DurableFiles.CreateNew(home.Settings, Encoding.UTF8.GetBytes(loaded.ToJson()));
        await using var parts = new OpenedParts(home, clock);
        await parts.CheckRegionAsync(ct);
        await RequireEmptyAsync(parts, ct);
        await new CatalogueDump(home, loaded).ReadAsync(backup, ct);

        // A dump of one database does not hold what its roles may do there, nor do the roles have to be the same.
        if (loaded.Postgres is not null)
            await CatalogueChoice.MigrateAsync(home, loaded, ct);
        var objects = new FolderObjectStore(Path.Combine(backup, "objects"));
        await ObjectCopy.RunAsync(objects, parts.Objects, staged: true, progress, ct);
        return label;
    }

    /// <summary>Headers of a running exchange must not go back to those of its backup.</summary>
    static async Task RequireEmptyAsync(OpenedParts parts, CancellationToken ct)
    {
        await foreach (var name in parts.Objects.ListAsync("", ct))
            throw InTheWay(name);
        await foreach (var name in parts.Objects.ListStagedAsync(ct))
            throw InTheWay(name);

        static SettingsException InTheWay(ObjectName name) =>
            new($"The object store is not empty ({name}): a restore never overwrites. Name another with --settings.");
    }
}
