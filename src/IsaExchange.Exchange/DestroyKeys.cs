using System.Globalization;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// When a retention year is over and nothing under its key may be kept any more, the key is destroyed: then no copy of
/// anything it sealed opens, wherever the copy is. The order is in catalogue and log first, then the key goes, then a
/// signed certificate says from which day on nobody can undo it.
/// </summary>
public sealed class DestroyKeys(
    AgreementGate gate, AuditTrail trail, ICatalogue catalogue, IObjectStore store, IKeyRing keys, NoteSigner signer,
    TimeProvider clock)
{
    /// <summary>Ends every certificate: what the date means, and what it does not.</summary>
    const string Meaning = """
        Until the effective day whoever administers the keys could bring the key back; from it on nobody can.
        Copies of sealed content, in older backups too, then open with no key that the exchange has.
        A copy of the key itself that was made before, where keys are files, must be destroyed with it.

        """;

    /// <summary>One run over all keys. One that cannot be destroyed does not stop the others.</summary>
    /// <returns>The certificates of what was destroyed now.</returns>
    /// <exception cref="KeyPassUnfinishedException">At the end, with the keys that are left.</exception>
    public async Task<IReadOnlyList<ErasureRow>> RunAsync(CancellationToken ct)
    {
        await gate.Book.RefreshAsync(ct);
        var rows = await catalogue.ReadAsync(
            db => db.Submissions.Where(s => s.NilReason == null).ToListAsync(ct), ct);
        var (made, left) = (new List<ErasureRow>(), new List<string>());
        foreach (var theirs in rows.GroupBy(r => (r.Agreement, r.Party)))
        {
            var holder = new KeyHolder(theirs.Key.Agreement, theirs.Key.Party, []);
            foreach (var bucket in Over(theirs))
            {
                try
                {
                    if (await DestroyAsync(holder, bucket, [.. theirs], ct) is { } erasure)
                        made.Add(erasure);
                }
                catch (Exception fault) when (KeyPassUnfinishedException.IsOfOne(fault))
                {
                    left.Add(KeyPassUnfinishedException.Line(holder.NameOf(NameOf(holder, bucket)), fault));
                }
            }
        }

        KeyPassUnfinishedException.ThrowIfAny(left);
        return made;
    }

    /// <summary>Buckets whose year is over and in which nothing is kept.</summary>
    IEnumerable<Bucket> Over(IEnumerable<SubmissionRow> rows)
    {
        List<Bucket> buckets;
        try
        {
            buckets = [.. rows.GroupBy(r => KeyNames.LastDay(gate, r).Year).Select(r => new Bucket(r.Key, [.. r]))];
        }
        catch (ExchangeException)
        {
            // An agreement that does not hold says nothing about its keys: none of this party's is destroyed.
            return [];
        }

        var year = LondonTime.Date(clock.GetUtcNow()).Year;
        return buckets.Where(b => b.Year < year && b.Rows.All(IsNotKept));
    }

    static bool IsNotKept(SubmissionRow row) => row.State switch
    {
        SubmissionState.Withdrawn or SubmissionState.Erased => row.DestroyTicks is not null,
        SubmissionState.Expired or SubmissionState.NeedsCorrection => true,
        _ => false,
    };

    static string NameOf(KeyHolder holder, Bucket bucket) =>
        KeyNames.Of(holder.Agreement, holder.Party, new DateOnly(bucket.Year, 12, 31));

    async Task<ErasureRow?> DestroyAsync(
        KeyHolder holder, Bucket bucket, List<SubmissionRow> theirs, CancellationToken ct)
    {
        var keyName = NameOf(holder, bucket);
        var order = await catalogue.ReadAsync(
            db => db.Erasures.SingleOrDefaultAsync(e => e.KeyName == keyName, ct), ct);
        if (order?.Note is not null)
            return await DestroyAgainAsync(holder, bucket, keyName, ct);
        if (order is null)
        {
            var versions = await keys.VersionsAsync(keyName, ct);
            if (versions.Count == 0 || await IsNamedByKeptAsync(theirs, versions, ct))
                return null;
            order = await OrderAsync(holder, keyName, versions, ct);
        }

        // Repeatable: a crash from here on is finished by the next run.
        return await CertifyAsync(holder, bucket, Date(await keys.DestroyAsync(keyName, ct), order), "", ct);
    }

    /// <summary>
    /// A key that came back, from a copy of key files or because somebody recovered it in the vault, goes again; the
    /// certificate then says the new day.
    /// </summary>
    async Task<ErasureRow?> DestroyAgainAsync(KeyHolder holder, Bucket bucket, string keyName, CancellationToken ct)
    {
        var destroyed = await keys.DestroyAsync(keyName, ct);
        return destroyed.KeyIds.Count == 0
            ? null
            : await CertifyAsync(holder, bucket, Date(destroyed), "AGAIN", ct);
    }

    /// <summary>A certificate with a wrong day would stand for good: without the day there is none yet.</summary>
    /// <param name="order">Null when versions were seen now.</param>
    DatedKey Date(DestroyedKey destroyed, ErasureRow? order = null)
    {
        if (destroyed.Effective is { } effective)
            return new DatedKey(destroyed.KeyName, effective);

        // No version was ever made: there is nothing that could come back.
        return order is { KeyIds.Length: 0 }
            ? new DatedKey(destroyed.KeyName, clock.GetUtcNow())
            : throw new KeyUnavailableException(
                destroyed.KeyName,
                $"Neither the key {destroyed.KeyName} nor its deletion is to be seen: the next run looks again.");
    }

    /// <summary>
    /// A last look at the objects themselves: were something kept under this key after all, it would be gone for good.
    /// </summary>
    async Task<bool> IsNamedByKeptAsync(
        List<SubmissionRow> theirs, IReadOnlyList<KeyVersion> versions, CancellationToken ct)
    {
        foreach (var row in theirs.Where(r => r.State is SubmissionState.Submitted or SubmissionState.Superseded))
        {
            try
            {
                await using var stored = await store.OpenAsync(row.ContentOf(row.Attempt), ct);
                var keyId = SealedHeader.KeyIdOf(stored.Header);
                if (versions.Any(v => v.KeyId == keyId))
                    return true;
            }
            catch (Exception fault) when (fault is ObjectNotFoundException or SealBrokenException)
            {
                // Lost already: no key brings it back, and fsck tells of it.
            }
        }

        return false;
    }

    async Task<ErasureRow> OrderAsync(
        KeyHolder holder, string keyName, IReadOnlyList<KeyVersion> versions, CancellationToken ct)
    {
        var audited = await trail.CommitAsync(
            async scope =>
            {
                if (await scope.Catalogue.Erasures.FindAsync([keyName], ct) is { } ordered)
                {
                    // Another replica thought of it too, and was faster.
                    await scope.RecordAsync(
                        holder.Event(AuditActions.OrderDestruction, holder.NameOf(keyName)) with
                        {
                            Reason = "REPEATED",
                        });
                    return ordered;
                }

                var row = new ErasureRow
                {
                    KeyName = keyName,
                    Agreement = holder.Agreement,
                    Party = holder.Party,
                    KeyIds = string.Join(' ', versions.Select(v => v.KeyId)),
                    OrderTicks = clock.GetUtcNow().UtcTicks,
                };
                scope.Catalogue.Erasures.Add(row);
                await scope.RecordAsync(holder.Event(AuditActions.OrderDestruction, holder.NameOf(keyName)));
                return row;
            },
            ct);
        return audited.Value;
    }

    async Task<ErasureRow> CertifyAsync(
        KeyHolder holder, Bucket bucket, DatedKey destroyed, string reason, CancellationToken ct)
    {
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var row = await scope.Catalogue.Erasures.SingleAsync(e => e.KeyName == destroyed.KeyName, ct);
                var said = holder.Event(AuditActions.DestroyKey, holder.NameOf(destroyed.KeyName));
                if (row.Note is not null && reason.Length == 0)
                {
                    // Another replica was faster: its certificate stands.
                    await scope.RecordAsync(said with { Reason = "REPEATED" });
                    return row;
                }

                var logged = await scope.RecordAsync(said with { Reason = reason, Rows = bucket.Rows.Count });
                (row.EffectiveTicks, row.Event) = (destroyed.Effective.UtcTicks, logged.Id);
                row.Note = SignedNote.Sign(Text(row, bucket, logged), signer);
                return row;
            },
            ct);
        return audited.Value;
    }

    static string Text(ErasureRow row, Bucket bucket, LoggedEvent logged)
    {
        var text = new StringBuilder("isaexchange.example/erasure/v1\n");
        text.Append(CultureInfo.InvariantCulture, $"party agreements/{row.Agreement}/parties/{row.Party}\n");
        text.Append(CultureInfo.InvariantCulture, $"kept until {bucket.Year}-12-31\n");
        foreach (var sent in bucket.Rows.OrderBy(r => r.Id, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"submission {sent.Name}");
            if (sent.ContentSha256 is { } sha256)
                text.Append(CultureInfo.InvariantCulture, $" content sha256 {sha256} records {sent.Records}");
            text.Append('\n');
        }

        foreach (var keyId in row.KeyIds.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            text.Append(CultureInfo.InvariantCulture, $"key {keyId}\n");
        text.Append(CultureInfo.InvariantCulture, $"ordered {Time(row.OrderTicks)}\n");
        text.Append(CultureInfo.InvariantCulture, $"effective {Time(row.EffectiveTicks!.Value)}\n");
        text.Append(CultureInfo.InvariantCulture, $"event {logged.Id} leaf {logged.LeafHash.ToBase64()}\n");
        return text.Append(Meaning).ToString();
    }

    internal static string Time(long ticks) => new DateTimeOffset(ticks, TimeSpan.Zero).UtcDateTime
        .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <param name="Effective">From then on nobody can bring it back.</param>
    sealed record DatedKey(string KeyName, DateTimeOffset Effective);

    sealed record Bucket(int Year, IReadOnlyList<SubmissionRow> Rows);
}
