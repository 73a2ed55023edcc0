using System.Security.Cryptography;
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
            earlier.Add(await ReadAsync(row, ct) with { IsOfThisYear = Year(row.PublishTicks) == Year(now.UtcTicks) });
        return earlier;
    }

    static int Year(long ticks) => LondonTime.Date(new DateTimeOffset(ticks, TimeSpan.Zero)).Year;

    /// <summary>What was published before a release, oldest first.</summary>
    public async Task<IReadOnlyList<EarlierRelease>> BeforeAsync(ReleaseRow row, CancellationToken ct)
    {
        var rows = await catalogue.ReadAsync(
            db => Of(db, row).Where(r => r.PublishTicks < row.PublishTicks).OrderBy(r => r.PublishTicks)
                .ToListAsync(ct),
            ct);
        var before = new List<EarlierRelease>();
        foreach (var one in rows)
            before.Add(await ReadAsync(one, ct));
        return before;
    }

    public async Task<EarlierRelease> ReadAsync(ReleaseRow row, CancellationToken ct) => row.SecretsSha256.Length == 0
        ? throw ExchangeException.Precondition(
            "RELEASES_NOT_COMPARABLE",
            $"What {row.Name} was made of is erased; what it and another tell together cannot be checked.")
        : new EarlierRelease(row.Name, await SecretsAsync(row, ct), await SaidAsync(row, ct));

    async Task<ReleaseSecrets> SecretsAsync(ReleaseRow row, CancellationToken ct)
    {
        await using var content = await SealedObjects.OpenAsync(store, row.SecretsObject, keys, ct);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, ct);
        var read = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        return Convert.ToHexStringLower(SHA256.HashData(read.Span)) == row.SecretsSha256
            ? ReleaseSecrets.Parse(read.Span)
            : throw new SealBrokenException(SealBreak.ChunkAltered, "These are not the secrets that were kept.")
            {
                ObjectName = row.SecretsObject.Value,
            };
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
