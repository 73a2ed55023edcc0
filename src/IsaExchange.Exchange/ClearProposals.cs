using System.Text.Json;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>Removes the files, statements and secrets of what was proposed and will not be published: rejected, or
/// lapsed a day ago. The rows stay, and say what became of it. So goes, after a week, what the catalogue never heard
/// of: a crash between writing a release and committing it leaves that.</summary>
sealed class ClearProposals(ICatalogue catalogue, IObjectStore store, TimeProvider clock)
{
    // An approval that began in time has long ended by then.
    static readonly TimeSpan AfterLapse = TimeSpan.FromDays(1);

    // Whoever has put back an older catalogue has so long to see what it does not know of.
    static readonly TimeSpan AfterBuild = TimeSpan.FromDays(7);

    public async Task RunAsync(CancellationToken ct)
    {
        await foreach (var name in store.ListAsync(ReleaseRow.SecretsPrefix, ct))
        {
            var id = name.Value[(name.Value.LastIndexOf('/') + 1)..];
            if (await catalogue.ReadAsync(db => IsUnheardOfAsync(db, id, ct), ct))
            {
                await DeleteUnheardOfAsync(name, ct);
                continue;
            }

            if (await catalogue.ReadAsync(db => OverAsync(db, id, ct), ct) is not { } row)
                continue;
            var files = JsonSerializer.Deserialize<List<ReleaseFileEntry>>(row.FilesJson)!.Select(f => f.Name);
            foreach (var file in files.Append(ProposeRelease.StatementsFile))
                await store.DeleteAsync(new ObjectName(row.ObjectOf(file)), ct);

            // Last: what a crash leaves is found by it again.
            await store.DeleteAsync(name, ct);
        }
    }

    /// <summary>The name of a build says when it was made.</summary>
    async Task<bool> IsUnheardOfAsync(CatalogueContext db, string id, CancellationToken ct) =>
        ReleaseRow.TimeOf(id) is { } made && made < clock.GetUtcNow() - AfterBuild
        && !await db.Releases.AnyAsync(r => r.Build == id, ct)
        && !await db.ReleaseProposals.AnyAsync(p => p.Build == id || p.Id == id, ct);

    async Task DeleteUnheardOfAsync(ObjectName secrets, CancellationToken ct)
    {
        var folder = $"{ReleaseRow.FilesPrefix}{secrets.Value[ReleaseRow.SecretsPrefix.Length..]}/";
        await foreach (var file in store.ListAsync(folder, ct))
            await store.DeleteAsync(file, ct);
        await store.DeleteAsync(secrets, ct);
    }

    /// <summary>The proposal, if it is one and over; null for a release, and for what the catalogue never heard
    /// of.</summary>
    async Task<ReleaseProposalRow?> OverAsync(CatalogueContext db, string id, CancellationToken ct)
    {
        var row = await db.ReleaseProposals.SingleOrDefaultAsync(p => p.Id == id, ct);
        if (row is null || await ReadProposals.IsPublishedAsync(db, row, ct))
            return null;
        var isOver = row.LapseTicks < (clock.GetUtcNow() - AfterLapse).UtcTicks
            || await db.ProposalActs.AnyAsync(a => a.Proposal == id && a.Kind == ProposalActKind.Reject, ct);
        return isOver ? row : null;
    }
}
