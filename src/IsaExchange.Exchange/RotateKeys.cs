using System.Security.Cryptography;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What a pass over a holder's objects found.</summary>
public sealed record RewrapPass
{
    /// <summary>Wrapped anew in this pass.</summary>
    public long Moved { get; init; }

    /// <summary>Rows that named another header than the one that stands, put right.</summary>
    public long Repaired { get; init; }

    /// <summary>What could not be opened by its own version, or not be reached: its header stays as it is.</summary>
    public IReadOnlyList<ObjectName> Failed { get; init; } = [];

    /// <summary>False when the store did not let us at some object: what it names is not known, so that nothing of this
    /// holder is disabled.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Old versions that some header, staged ones too, still names.</summary>
    public IReadOnlySet<string> StillNamed { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Old versions that were disabled after it.</summary>
    public IReadOnlyList<string> Disabled { get; init; } = [];
}

/// <summary>
/// Gives keys successors and brings what they sealed under the new version: headers only, a few at a time, while
/// everything can be read. A pass begins from the objects as they stand and from nothing else, so that a crash, or
/// another replica at the same work, changes nothing. When no header names an old version any more it is disabled.
/// </summary>
public sealed class RotateKeys(
    KeyHolders holders, AuditTrail trail, ICatalogue catalogue, IObjectStore store, IKeyRing keys, Limits limits,
    TimeProvider clock)
{
    readonly HeaderRewrap _rewrap = new(store, keys);

    /// <summary>What acts by itself: successors for versions that are too old, and every rotation brought on. What
    /// fails for one holder does not stop the others.</summary>
    /// <exception cref="KeyPassUnfinishedException">At the end, with what is left.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var left = new List<string>();
        foreach (var holder in await holders.AllAsync(party: null, ct))
        {
            try
            {
                var held = await HeldVersions.ReadAsync(keys, holder, ct);
                foreach (var key in held.Keys.Where(IsTooOld))
                    await RotateAsync(holder, key.Name, key.Present!, ct);
                left.AddRange((await ContinueAsync(holder, ct)).Failed.Select(name => name.Value));
            }
            catch (Exception fault) when (KeyPassUnfinishedException.IsOfOne(fault))
            {
                left.Add(KeyPassUnfinishedException.Line(holder.NameOf("-"), fault));
            }
        }

        KeyPassUnfinishedException.ThrowIfAny(left);
    }

    /// <summary>On demand: successors for every key of a holder that has any version.</summary>
    /// <returns>The new versions.</returns>
    public async Task<IReadOnlyList<KeyVersion>> RotateAsync(KeyHolder holder, CancellationToken ct)
    {
        var made = new List<KeyVersion>();
        foreach (var key in (await HeldVersions.ReadAsync(keys, holder, ct)).Keys)
        {
            if (key.Present is { } present)
                made.Add(await RotateAsync(holder, key.Name, present, ct));
        }

        return made;
    }

    /// <summary>One pass over everything that the holder's keys seal; nothing when none of them is being
    /// rotated.</summary>
    public async Task<RewrapPass> ContinueAsync(KeyHolder holder, CancellationToken ct)
    {
        var held = await HeldVersions.ReadAsync(keys, holder, ct);
        if (!held.Rotating.Any())
            return new RewrapPass();
        using var step = Telemetry.Step("keys.rewrap");
        var pass = new RewrapPass();
        foreach (var prefix in holder.Prefixes)
        {
            await foreach (var batch in BatchesAsync(prefix, ct))
                pass = await BatchAsync(holder, held, batch, pass, ct);
        }

        pass = await WithStagedAsync(pass, held, ct);
        return pass.IsWhole ? pass with { Disabled = await DisableAsync(holder, held, pass, ct) } : pass;
    }

    bool IsTooOld(HeldKey key) =>
        key.Present is { IsEnabled: true } present && clock.GetUtcNow() - present.Made >= limits.KeyVersionLife;

    async Task<KeyVersion> RotateAsync(KeyHolder holder, string keyName, KeyVersion present, CancellationToken ct)
    {
        // The keeper of keys has no part in our transactions: what it is asked to do is in the log before, and what it
        // did after. A crash between leaves two versions, and the next pass goes on from there.
        await trail.RecordAsync(
            holder.Event(AuditActions.RotateKey, holder.NameOf(keyName, present.KeyId)) with { Reason = "ORDERED" },
            ct);
        var made = await keys.RotateAsync(keyName, present.KeyId, ct);
        await trail.RecordAsync(holder.Event(AuditActions.RotateKey, holder.NameOf(keyName, made.KeyId)), ct);
        return made;
    }

    async IAsyncEnumerable<List<ObjectName>> BatchesAsync(
        string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new List<ObjectName>();
        await foreach (var name in store.ListAsync(prefix, ct))
        {
            batch.Add(name);
            if (batch.Count < limits.RewrapBatch)
                continue;
            yield return batch;
            batch = [];
        }

        if (batch.Count > 0)
            yield return batch;
    }

    async Task<RewrapPass> BatchAsync(
        KeyHolder holder, HeldVersions held, List<ObjectName> batch, RewrapPass pass, CancellationToken ct)
    {
        var seen = new List<RewrappedObject>();
        foreach (var name in batch)
            seen.Add(await _rewrap.RewrapAsync(name, held.OldOf, ct));
        var moved = seen.Count(s => s.End == RewrapEnd.Moved);
        var standing = seen.FindAll(s => s.End is RewrapEnd.Present or RewrapEnd.Moved);
        var stale = await StaleAsync(standing, ct);
        if (moved > 0 || stale.Count > 0)
            await RecordAsync(holder, standing, moved, ct);

        // What somebody else was at is not known to be done: its version stays for now. So does that of what could not
        // be opened: who brings the version back can bring the object back.
        var named = seen.Where(s => s.End is RewrapEnd.Changed or RewrapEnd.Failed && s.KeyId.Length > 0)
            .Select(s => s.KeyId);
        return pass with
        {
            Moved = pass.Moved + moved,
            Repaired = pass.Repaired + stale.Count(s => s.End == RewrapEnd.Present),
            Failed =
            [
                .. pass.Failed,
                .. seen.Where(s => s.End is RewrapEnd.Failed or RewrapEnd.Unreachable).Select(s => s.Name),
            ],
            IsWhole = pass.IsWhole && !seen.Exists(s => s.End == RewrapEnd.Unreachable),
            StillNamed = pass.StillNamed.Union(named).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>Objects whose rows name another header than the one that stands: those just moved, and those of a pass
    /// that crashed between object and row.</summary>
    Task<List<RewrappedObject>> StaleAsync(List<RewrappedObject> standing, CancellationToken ct) =>
        catalogue.ReadAsync(
            async db => (await RowsAsync(db, standing, ct)).Where(f => f.Row.HeaderSha256 != Digest(f.Object))
                .Select(f => f.Object).ToList(),
            ct);

    Task<Audited<bool>> RecordAsync(
        KeyHolder holder, List<RewrappedObject> standing, int moved, CancellationToken ct) => trail.CommitAsync(
        async scope =>
        {
            foreach (var (row, found) in await RowsAsync(scope.Catalogue, standing, ct))
                row.HeaderSha256 = Digest(found);
            await scope.RecordAsync(
                holder.Event(AuditActions.RewrapHeaders, holder.NameOf("-")) with { Rows = moved });
            return true;
        },
        ct);

    /// <summary>Rows with a header of their own among these objects. A row that is not submitted yet has none: its
    /// submit looks at what stands.</summary>
    static async Task<List<(SubmissionRow Row, RewrappedObject Object)>> RowsAsync(
        CatalogueContext db, List<RewrappedObject> standing, CancellationToken ct)
    {
        var byName = standing.Where(s => s.Name.Value.StartsWith("datasets/", StringComparison.Ordinal))
            .ToDictionary(s => s.Name.Value, StringComparer.Ordinal);
        var ids = byName.Keys.Select(name => name.Split('/')[^1].Split('.')[0]).Distinct().ToList();
        var rows = await db.Submissions.Where(s => ids.Contains(s.Id) && s.HeaderSha256 != null).ToListAsync(ct);
        return [.. rows.Where(r => byName.ContainsKey(r.ContentObject)).Select(r => (r, byName[r.ContentObject]))];
    }

    /// <summary>Uploads under way and what waits to be submitted keep their version until they end.</summary>
    async Task<RewrapPass> WithStagedAsync(RewrapPass pass, HeldVersions held, CancellationToken ct)
    {
        var named = new HashSet<string>(pass.StillNamed, StringComparer.Ordinal);
        var unreachable = new List<ObjectName>();
        await foreach (var name in store.ListStagedAsync(ct))
        {
            try
            {
                await using var staged = await store.ReadStagedAsync(name, ct);
                if (staged is not null && KeyIdOf(staged.Header) is { } keyId && held.OldOf(keyId) is not null)
                    named.Add(keyId);
            }
            catch (StorageFaultException)
            {
                unreachable.Add(name);
            }
        }

        return pass with
        {
            StillNamed = named,
            Failed = [.. pass.Failed, .. unreachable],
            IsWhole = pass.IsWhole && unreachable.Count == 0,
        };
    }

    async Task<IReadOnlyList<string>> DisableAsync(
        KeyHolder holder, HeldVersions held, RewrapPass pass, CancellationToken ct)
    {
        var disabled = new List<string>();
        var overlap = clock.GetUtcNow() - limits.KeyVersionOverlap;
        foreach (var key in held.Rotating.Where(k => k.Present!.Made <= overlap))
        {
            // Whatever a list calls old: what was made with the present version or after it may be what seals.
            foreach (var old in key.Old.Where(
                v => v.Made < key.Present!.Made && !pass.StillNamed.Contains(v.KeyId)))
            {
                await trail.RecordAsync(
                    holder.Event(AuditActions.DisableKey, holder.NameOf(key.Name, old.KeyId)), ct);
                await keys.RetireAsync(old.KeyId, ct);
                disabled.Add(old.KeyId);
            }
        }

        return disabled;
    }

    static string Digest(RewrappedObject found) => Convert.ToHexStringLower(SHA256.HashData(found.Header.Span));

    static string? KeyIdOf(byte[] header)
    {
        try
        {
            return SealedHeader.KeyIdOf(header);
        }
        catch (SealBrokenException)
        {
            // Nobody opens it, with whatever key.
            return null;
        }
    }
}
