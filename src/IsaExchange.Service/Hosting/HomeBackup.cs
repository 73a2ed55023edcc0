using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Settings;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Service.Hosting;

/// <summary>What a backup says of itself; written last, so that a folder without it is one that broke off.</summary>
sealed record BackupLabel
{
    public const string FileName = "backup.json";

    static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public required string Exchange { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>File of the catalogue in this folder, and the hex SHA-256 of its content.</summary>
    public required string Catalogue { get; init; }

    public required string CatalogueSha256 { get; init; }

    public required long Objects { get; init; }

    public required long StagedObjects { get; init; }

    /// <summary>The signed head of the log, as far as this backup knows it.</summary>
    public required string? Checkpoint { get; init; }

    /// <exception cref="SettingsException">No whole backup lies there.</exception>
    public static BackupLabel Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<BackupLabel>(File.ReadAllText(Path.Combine(folder, FileName)), Json)!;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new SettingsException($"{folder} is no whole backup (no {FileName}).", e);
        }
    }

    public void Write(string folder) => DurableFiles.CreateNew(
        Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, Json) + "\n"));

    public static string Digest(string file)
    {
        using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}

/// <summary>
/// Copies an exchange, which may run meanwhile: objects, then the catalogue of one moment, then the objects made since.
/// So whatever that catalogue speaks of is in the copy. Without the keys, which go to a place of their own, the copy
/// opens nothing.
/// </summary>
sealed class HomeBackup(OpenedParts parts, TimeProvider clock)
{
    /// <param name="target">A new or empty folder.</param>
    /// <param name="keys">A new or empty folder for keys/ of the home; null leaves them out.</param>
    /// <exception cref="SettingsException">A folder is not empty, or the catalogue's server refuses.</exception>
    public async Task<BackupLabel> RunAsync(
        string target, string? keys, IProgress<long>? progress, CancellationToken ct)
    {
        var time = clock.GetUtcNow();
        MakeEmpty(target);
        if (keys is not null)
            MakeEmpty(keys);
        var objects = new FolderObjectStore(Path.Combine(target, "objects"));
        await ObjectCopy.RunAsync(parts.Objects, objects, staged: false, progress, ct);
        var dump = new CatalogueDump(parts.Home, parts.Settings);
        await dump.WriteAsync(target, ct);

        // Objects destroyed since the first round stay in the copy; those made since come in.
        var copied = await ObjectCopy.RunAsync(parts.Objects, objects, staged: true, progress, ct);

        // Keys last: versions are only ever added, so whatever a copied header names is among them.
        if (keys is not null)
            CopyFolder(parts.Home.Keys, Path.GetFullPath(keys));
        File.Copy(parts.Home.Settings, Path.Combine(target, ExchangeSettings.FileName));
        CopyFolder(parts.Settings.Policies, Path.Combine(target, "policies"));
        var label = new BackupLabel
        {
            Exchange = parts.Settings.Exchange,
            Time = time,
            Catalogue = dump.FileName,
            CatalogueSha256 = BackupLabel.Digest(Path.Combine(target, dump.FileName)),
            Objects = copied.Objects,
            StagedObjects = copied.Staged,
            Checkpoint = await parts.Catalogue.ReadAsync(
                db => db.Checkpoints.OrderByDescending(c => c.Size).Select(c => c.Note).FirstOrDefaultAsync(ct), ct),
        };
        label.Write(target);
        return label;
    }

    /// <summary>The folder, private and empty.</summary>
    public static string MakeEmpty(string folder)
    {
        var full = Path.GetFullPath(folder);
        if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any())
            throw new SettingsException($"{full} is not empty. Name a new folder: nothing is ever overwritten.");
        DurableFiles.CreateFolders(Path.GetPathRoot(full)!, full);
        return full;
    }

    /// <summary>Every file below it, 0600, durable when this returns; no copy of its content stays in memory.</summary>
    /// <returns>How many files.</returns>
    public static int CopyFolder(string from, string to)
    {
        var copied = 0;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            DurableFiles.CreateFolders(Path.GetPathRoot(target)!, Path.GetDirectoryName(target)!);
            var content = File.ReadAllBytes(file);
            DurableFiles.CreateNew(target, content);
            CryptographicOperations.ZeroMemory(content);
            DurableFiles.SyncFolder(Path.GetDirectoryName(target)!);
            copied++;
        }

        return copied;
    }
}
