using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// What later releases are checked with holds counts as fine as a cube's, so it is kept as long as cubes of that
/// dataset and period, by the revision that the release was made under. Files, statements and log stay.
/// </summary>
public sealed class EraseReleaseSecrets(
    AgreementGate gate, AuditTrail trail, ICatalogue catalogue, IObjectStore store, TimeProvider clock)
{
    /// <returns>How many were erased.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        await gate.Book.RefreshAsync(ct);
        var today = LondonTime.Date(clock.GetUtcNow());
        var kept = await catalogue.ReadAsync(db => db.Releases.Where(r => r.SecretsSha256 != "").ToListAsync(ct), ct);
        var due = kept.FindAll(row => IsOver(row, today));
        foreach (var row in due)
            await trail.CommitAsync(scope => RecordAsync(scope, row, ct), ct);

        // From here they are erased. After a crash the next run deletes what is left.
        await foreach (var name in store.ListAsync(ReleaseRow.SecretsPrefix, ct))
        {
            var build = name.Value[(name.Value.LastIndexOf('/') + 1)..];
            if (await catalogue.ReadAsync(
                db => db.Releases.AnyAsync(r => r.Build == build && r.SecretsSha256 == "", ct), ct))
                await store.DeleteAsync(name, ct);
        }

        return due.Count;
    }

    /// <summary>Of an agreement that does not hold nothing is known, neither how long something may be kept.</summary>
    bool IsOver(ReleaseRow row, DateOnly today)
    {
        try
        {
            var revision = gate.Find(row.Agreement, row.AgreementRevision, row.Name);
            return KeyNames.LastDay(revision, row.Dataset, CreateSubmission.Day(row.PeriodEnd)) < today;
        }
        catch (ExchangeException)
        {
            return false;
        }
    }

    async Task<bool> RecordAsync(AuditScope scope, ReleaseRow seen, CancellationToken ct)
    {
        var row = await scope.Catalogue.Releases.SingleAsync(
            r => r.Agreement == seen.Agreement && r.Feed == seen.Feed && r.Number == seen.Number, ct);
        var revision = gate.Find(row.Agreement, row.AgreementRevision, row.Name);
        await scope.RecordAsync(new AuditEvent(AuditActions.EraseReleaseSecrets, row.Name)
        {
            Agreement = row.Agreement,
            Revision = row.AgreementRevision,
            Clauses = [revision.Retention.FirstOrDefault(r => r.Dataset == row.Dataset)?.Clause ?? "term"],
            ObjectSha256 = row.SecretsSha256,
        });
        row.SecretsSha256 = "";
        return true;
    }
}
