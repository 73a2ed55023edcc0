using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>Whether the tables are those that this program was made for.</summary>
public static class CatalogueSchema
{
    /// <summary>Migrations that the tables lack, oldest first.</summary>
    /// <exception cref="IOException">They have one that this program does not know.</exception>
    public static async Task<IReadOnlyList<string>> PendingAsync(CatalogueContext db, CancellationToken ct)
    {
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToList();
        if (applied.Exists(migration => !known.Contains(migration)))
            throw new IOException("The catalogue is of a later program than this one. Use that one.");
        return [.. known.Except(applied, StringComparer.Ordinal)];
    }

    public static IOException Outdated() => new(
        "The catalogue is of an earlier program than this one. Make a backup, then run: migrate --home FOLDER");

    public static IOException Lost(string file) => new($"{file} is gone. Restore a backup of the whole home.");

    public static IOException MadeBeforeMigrations() => new(
        "The catalogue was made by a program that kept no history of its tables, and cannot be taken over. Use the "
        + "program that made it, or set up a new exchange with: init --home FOLDER");
}
