using System.Security.Cryptography;
using System.Text.Json;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Brings the open folders of releases to what the catalogue says. A release's row is the order to write its folder, so
/// nothing appears before it is published, and a crash at any place is made good by the next run. What was released
/// from a frozen submission is taken away, and written again when it is unfrozen; what was retracted is taken away for
/// good; what is under an embargo is written when that is over. What was released from a withdrawn submission stays,
/// and its status names the submission.
/// </summary>
public sealed class MirrorReleases(
    AuditTrail trail, ICatalogue catalogue, Freezes freezes, IObjectStore store, IKeyRing keys, IReleaseMirror mirror,
    TimeProvider clock)
{
    static readonly TimeSpan WaitMin = TimeSpan.FromSeconds(15);
    static readonly TimeSpan WaitMax = TimeSpan.FromHours(1);

    // Both only spare calls and events, so that a restart may forget them.
    readonly Dictionary<string, Waiting> _failed = new(StringComparer.Ordinal);
    readonly HashSet<string> _removing = new(StringComparer.Ordinal);

    /// <summary>Feed and number, as engines read a partitioned table: <c>AGREEMENT/FEED/release=NUMBER</c>.</summary>
    public static string FolderOf(ReleaseRow row) => $"{row.Agreement}/{row.Feed}/release={row.Number}";

    /// <summary>One run over all releases. One that cannot be brought up to date does not stop the others.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var standing = await mirror.FoldersAsync(ct);
        var rows = await catalogue.ReadAsync(
            db => db.Releases.OrderBy(r => r.PublishTicks).ToListAsync(ct), ct);
        Exception? fault = null;
        foreach (var row in rows)
        {
            try
            {
                await BringAsync(row, standing.GetValueOrDefault(FolderOf(row)), ct);
            }
            catch (Exception e) when (e is StorageFaultException or KeyUnavailableException or SealBrokenException
                or ObjectNotFoundException or InvalidDataException or ExchangeException)
            {
                fault = e;
                Wait(row);
            }
        }

        if (fault is not null)
            throw fault;
    }

    async Task BringAsync(ReleaseRow row, string? standing, CancellationToken ct)
    {
        var affecting = await AffectingAsync(row, ct);
        if (await WhyAwayAsync(row, affecting, ct) is { } why)
        {
            // Tried in every run, however often writing has failed.
            if (standing is not null)
                await RemoveAsync(row, why, ct);
            _failed.Remove(row.Name);
            return;
        }

        _removing.Remove(row.Name);
        var status = StatusOf(row, affecting);
        if (standing == Convert.ToHexStringLower(SHA256.HashData(status)))
            return;
        if (_failed.TryGetValue(row.Name, out var waiting) && clock.GetUtcNow() < waiting.Until)
            return;
        var files = await OpenAsync(row, ct);

        // In the log before the first byte is open; the same transaction finds nothing frozen.
        await freezes.RecordAsync(ReadFrom.Release(row), [await EventAsync(row, files, "", ct)], ct);
        await mirror.WriteAsync(FolderOf(row), files, ct);

        // Writing takes its time: what was frozen or retracted meanwhile is never whole.
        if (await WhyAwayAsync(row, await AffectingAsync(row, ct), ct) is { } since)
            await RemoveAsync(row, since, ct);
        else
            await mirror.CompleteAsync(FolderOf(row), status, ct);
        _failed.Remove(row.Name);
    }

    /// <summary>Every try has its event: what keeps failing is tried ever more seldom.</summary>
    void Wait(ReleaseRow row)
    {
        var wait = _failed.TryGetValue(row.Name, out var before) ? 2 * before.For : WaitMin;
        wait = wait < WaitMax ? wait : WaitMax;
        _failed[row.Name] = new Waiting(wait, clock.GetUtcNow() + wait);
    }

    Task<List<SubmissionRow>> AffectingAsync(ReleaseRow row, CancellationToken ct) => catalogue.ReadAsync(
        db => ReadFrom.Release(row).Find(db)
            .Where(s => s.FreezeTicks != null || s.State == SubmissionState.Withdrawn)
            .OrderBy(s => s.Id).ToListAsync(ct),
        ct);

    /// <summary>Why there is to be no folder; null when there is to be one.</summary>
    async Task<string?> WhyAwayAsync(ReleaseRow row, List<SubmissionRow> affecting, CancellationToken ct)
    {
        if (affecting.Exists(s => s.FreezeTicks is not null))
            return "FROZEN";
        if (await catalogue.ReadAsync(db => RetractRelease.OfAsync(db, row, ct), ct) is not null)
            return "RETRACTED";
        return Embargo.Holds(row, clock.GetUtcNow()) ? "EMBARGOED" : null;
    }

    async Task RemoveAsync(ReleaseRow row, string why, CancellationToken ct)
    {
        if (!_removing.Contains(row.Name))
            await trail.RecordAsync(await EventAsync(row, [], why, ct), ct);
        _removing.Add(row.Name);
        await mirror.RemoveAsync(FolderOf(row), ct);
        _removing.Remove(row.Name);
    }

    async Task<IReadOnlyList<ReleaseFile>> OpenAsync(ReleaseRow row, CancellationToken ct)
    {
        var files = new List<ReleaseFile>();
        foreach (var entry in ReadRelease.View(row).Files.Where(f => ReleaseFiles.IsForEngines(f.Name)))
        {
            await using var opened = await SealedObjects.OpenAsync(
                store, new ObjectName(row.ObjectOf(entry.Name)), keys, ct);
            using var content = new MemoryStream();
            await opened.CopyToAsync(content, ct);
            var file = new ReleaseFile(entry.Name, entry.MediaType, content.ToArray(), entry.Rows);
            if (file.Sha256 != entry.Sha256)
                throw new InvalidDataException($"{row.Name}: {entry.Name} is not what was published.");
            files.Add(file);
        }

        return files;
    }

    async Task<AuditEvent> EventAsync(
        ReleaseRow row, IReadOnlyList<ReleaseFile> files, string reason, CancellationToken ct)
    {
        var inputs = await catalogue.ReadAsync(
            db => db.ReleaseInputs.Where(
                i => i.Agreement == row.Agreement && i.Feed == row.Feed && i.Number == row.Number).ToListAsync(ct),
            ct);
        return new AuditEvent(AuditActions.MirrorRelease, row.Name)
        {
            Agreement = row.Agreement,
            Revision = row.AgreementRevision,
            Reason = reason,
            ObjectSha256 = files.Count > 0 ? files[^1].Sha256 : "",
            Rows = files.Sum(f => f.Rows),
            Bytes = files.Sum(f => (long)f.Content.Length),
            Subjects = [.. inputs.Select(i => new EventSubject(i.Party, i.Dataset)).Distinct()],
        };
    }

    static byte[] StatusOf(ReleaseRow row, List<SubmissionRow> withdrawn) => JsonSerializer.SerializeToUtf8Bytes(
        new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["release"] = row.Name,
            ["manifest_note"] = row.ManifestNote,
            ["affected_by"] = withdrawn.ConvertAll(s => s.Name),
        });

    sealed record Waiting(TimeSpan For, DateTimeOffset Until);
}
