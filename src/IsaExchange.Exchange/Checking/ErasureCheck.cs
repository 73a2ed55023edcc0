using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Checking;

/// <summary>Every certificate of a destroyed key is signed, is about its row and its event, and is true: the key has
/// not come back.</summary>
sealed class ErasureCheck(ICatalogue catalogue, IKeyRing keys, NoteVerifier log)
{
    public async Task RunAsync(FsckReport report, CancellationToken ct)
    {
        var rows = await catalogue.ReadAsync(db => db.Erasures.OrderBy(e => e.KeyName).ToListAsync(ct), ct);
        foreach (var row in rows)
        {
            if (row.Note is { } note)
                await CheckAsync(row, note, report, ct);
            else if (row.EffectiveTicks is not null || row.Event is not null)
                report.Add(What(row), "it is destroyed and has no certificate");
        }
    }

    async Task CheckAsync(ErasureRow row, string note, FsckReport report, CancellationToken ct)
    {
        report.Erasures++;
        try
        {
            var lines = SignedNote.Open(note, [log]).Text.Split('\n').ToHashSet(StringComparer.Ordinal);
            if (!Facts(row).All(lines.Contains))
                report.Add(What(row), "its certificate is for something else");
            else if (!lines.Contains($"event {row.Event} leaf {await LeafAsync(row, ct)}"))
                report.Add(What(row), "the event of its certificate is not in the log as it says");
        }
        catch (NoteRefusedException)
        {
            report.Add(What(row), "its certificate is not signed by this exchange");
        }

        try
        {
            if ((await keys.VersionsAsync(row.KeyName, ct)).Count > 0)
                report.Add(What(row), "the key is certified as destroyed, and is there");
        }
        catch (KeyUnavailableException)
        {
            report.Add(What(row), "the keeper of keys does not say whether the key is gone");
        }
    }

    async Task<string?> LeafAsync(ErasureRow row, CancellationToken ct)
    {
        var leaf = await catalogue.ReadAsync(
            db => db.Events.Where(e => e.Id == row.Event).Select(e => e.Leaf).SingleOrDefaultAsync(ct), ct);
        return leaf is null ? null : MerkleTree.LeafHash(leaf).ToBase64();
    }

    static IEnumerable<string> Facts(ErasureRow row) =>
    [
        "isaexchange.example/erasure/v1",
        $"party agreements/{row.Agreement}/parties/{row.Party}",
        $"effective {DestroyKeys.Time(row.EffectiveTicks ?? 0)}",
        .. row.KeyIds.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => $"key {id}"),
    ];

    static string What(ErasureRow row) =>
        new ErasureName(row.Agreement, row.Party, KeyNames.BucketOf(row.KeyName)).ToString();
}
