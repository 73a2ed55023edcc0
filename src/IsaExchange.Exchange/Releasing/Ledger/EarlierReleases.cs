using IsaExchange.Agreement;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>Reads what was published of the same records before: of the same dataset, for a period that overlaps,
/// in any feed of the agreement, withdrawn or not.</summary>
sealed class EarlierReleases(ICatalogue catalogue, IObjectStore store, IKeyRing keys)
{
    public static IQueryable<ReleaseRow> Of(CatalogueContext db, ReleaseRow row) => Of(
        db, row.Agreement, row.Dataset, row.PeriodStart, row.PeriodEnd);

    static IQueryable<ReleaseRow> Of(
        CatalogueContext db, string agreement, string dataset, string start, string end) => db.Releases.Where(
        r => r.Agreement == agreement && r.Dataset == dataset
            && string.Compare(r.PeriodStart, end) < 0 && string.Compare(r.PeriodEnd, start) > 0);

    /// <summary>Oldest first.</summary>
    /// <exception cref="ExchangeException">What one was made of is not known any more: then nothing can be said of what
    /// both tell together.</exception>
    public async Task<IReadOnlyList<EarlierRelease>> ReadAsync(
        string agreement, string dataset, InformationPeriod period, DateTimeOffset now, CancellationToken ct)
    {
        var (start, end) = (CreateSubmission.Iso(period.Start), CreateSubmission.Iso(period.EndExclusive));
        var rows = await catalogue.ReadAsync(
            db => Of(db, agreement, dataset, start, end).OrderBy(r => r.PublishTicks).ToListAsync(ct), ct);
        var earlier = new List<EarlierRelease>();
        foreach (var row in rows)
        {
            if (row.SecretsSha256.Length == 0)
                throw ExchangeException.Precondition(
                    "RELEASES_NOT_COMPARABLE",
                    $"What {row.Name} was made of is erased; what it and this one tell together cannot be checked.");
            earlier.Add(new EarlierRelease(row.Name, await SecretsAsync(row, ct), await SaidAsync(row, ct))
            {
                IsOfThisYear = LondonTime.Date(new DateTimeOffset(row.PublishTicks, TimeSpan.Zero)).Year
                    == LondonTime.Date(now).Year,
            });
        }

        return earlier;
    }

    async Task<ReleaseSecrets> SecretsAsync(ReleaseRow row, CancellationToken ct)
    {
        await using var content = await SealedObjects.OpenAsync(store, row.SecretsObject, keys, ct);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, ct);
        return ReleaseSecrets.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    async Task<Dictionary<(string, string), Statement>> SaidAsync(ReleaseRow row, CancellationToken ct)
    {
        var said = await catalogue.ReadAsync(
            db => db.Statements.Where(
                s => s.Agreement == row.Agreement && s.Feed == row.Feed && s.Number == row.Number).ToListAsync(ct),
            ct);
        return said.ToDictionary(
            s => (s.Table, s.CellKey),
            s => new Statement(s.Table, s.CellKey, ReleaseFiles.Status(s.Status), s.Value, s.Lo, s.Hi));
    }
}
