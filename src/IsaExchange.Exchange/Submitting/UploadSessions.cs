using System.Collections.Concurrent;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Submitting;

/// <summary>
/// The uploads now in memory. What is durable is asked of the store, never remembered: after a crash, a fault or an
/// eviction the staged chunks are opened, replayed through the same pass and sealed again under a new key.
/// </summary>
public sealed class UploadSessions(
    IObjectStore store, IKeyRing keys, ICatalogue catalogue, SecretBox secrets, Limits limits,
    TimeProvider clock) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, SemaphoreSlim> _perParty = new(StringComparer.Ordinal);
    readonly UploadLooks _looks = new(store, keys);

    /// <summary>True while bytes of this submission are in memory.</summary>
    public bool IsLive(string submission) => _slots.TryGetValue(submission, out var slot) && slot.Session is not null;

    /// <summary>True while this process has the attempt that nobody has gone on from since. Also a broken one: what a
    /// failed flush left of it can be read and yet not be durable, and only sealing it again makes it so.</summary>
    internal bool HasLast(SubmissionRow row) => _slots.TryGetValue(row.Id, out var slot)
        && slot.Session is { } session && session.Attempt == row.LastAttempt;

    /// <inheritdoc cref="UploadLooks.DurableAsync"/>
    public Task<long?> DurableAsync(SubmissionRow row, CancellationToken ct) => _looks.DurableAsync(row, ct);

    /// <summary>True while a writer holds the upload or its bytes are in memory: what it stages is not left
    /// over.</summary>
    public bool IsInUse(string submission) => _slots.ContainsKey(submission);

    /// <summary>
    /// Takes the upload for one writer; restores it from the store when it is not in memory.
    /// </summary>
    /// <exception cref="ExchangeException">ABORTED when another writer holds it, RESOURCE_EXHAUSTED over the party's
    /// limit.</exception>
    internal async Task<UploadLease> AcquireAsync(
        SubmissionRow row, ValidationPlan plan, string keyName, CancellationToken ct)
    {
        var (slot, party) = Enter(row);
        try
        {
            if (slot.Session is { } held && (held.Broken || await IsOvertakenAsync(row.Id, held, ct)))
                await DropAsync(slot);
            if (slot.Session is null)
                await RestoreIntoAsync(slot, row, plan, keyName, last: null);
            slot.UsedAt = clock.GetTimestamp();
            return new UploadLease(this, row.Id, slot, party);
        }
        catch
        {
            Leave(slot, party);
            throw;
        }
    }

    /// <summary>
    /// As <see cref="AcquireAsync"/>, for whoever only asks how far it is: null when the attempt that counts is no
    /// longer in memory here. Nothing is taken from whoever goes on with it elsewhere.
    /// </summary>
    /// <exception cref="ExchangeException">As there.</exception>
    internal async Task<UploadLease?> AcquireLastAsync(
        SubmissionRow row, ValidationPlan plan, string keyName, CancellationToken ct)
    {
        if (!IsInUse(row.Id))
            return null;
        var (slot, party) = Enter(row);
        try
        {
            if (slot.Session is { Broken: true } broken)
            {
                await DropAsync(slot);
                await RestoreIntoAsync(slot, row, plan, keyName, broken.Attempt);
            }

            if (slot.Session is { } held && !await IsOvertakenAsync(row.Id, held, ct))
            {
                slot.UsedAt = clock.GetTimestamp();
                return new UploadLease(this, row.Id, slot, party);
            }

            await DropAsync(slot);
        }
        catch
        {
            Leave(slot, party);
            throw;
        }

        Leave(slot, party);
        return null;
    }

    (Slot Slot, SemaphoreSlim Party) Enter(SubmissionRow row)
    {
        var owner = UploadLooks.OwnerOf(row);
        var party = _perParty.GetOrAdd(owner, _ => new SemaphoreSlim(limits.UploadsPerParty));
        if (!party.Wait(TimeSpan.Zero))
            throw new ExchangeException(
                ProblemKind.ResourceExhausted, "QUOTA",
                $"{row.Party} has {limits.UploadsPerParty} uploads under way, its limit. Let one finish first.",
                new Dictionary<string, string>(StringComparer.Ordinal) { ["retry_seconds"] = "5" });
        var slot = _slots.GetOrAdd(row.Id, _ => new Slot(owner));
        if (slot.Writer.Wait(TimeSpan.Zero))
            return (slot, party);
        party.Release();
        throw new ExchangeException(
            ProblemKind.Aborted, "CONCURRENT_WRITE",
            "Another writer holds this upload. Let it finish, then ask for the write status.");
    }

    static void Leave(Slot slot, SemaphoreSlim party)
    {
        slot.Writer.Release();
        party.Release();
    }

    static async Task DropAsync(Slot slot)
    {
        var held = slot.Session;
        slot.Session = null;
        if (held is not null)
            await held.DisposeAsync();
    }

    /// <summary>Not with the caller's token: a replay that outlives the call is there for the next one.</summary>
    async Task RestoreIntoAsync(Slot slot, SubmissionRow row, ValidationPlan plan, string keyName, int? last)
    {
        await MakeRoomAsync(slot.Party);
        slot.Session = await RestoreAsync(row, plan, keyName, last, CancellationToken.None);
    }

    /// <summary>True when the upload went on elsewhere since: what is in memory here is behind what was
    /// acknowledged.</summary>
    Task<bool> IsOvertakenAsync(string submission, UploadSession session, CancellationToken ct) =>
        catalogue.ReadAsync(
            db => db.Submissions.AnyAsync(s => s.Id == submission && s.LastAttempt != session.Attempt, ct), ct);

    /// <summary>
    /// A party holds no more sessions in memory than it may write to at once: one that begins uploads and leaves them
    /// pushes out its own oldest, which the store can give back.
    /// </summary>
    async Task MakeRoomAsync(string party)
    {
        var idle = _slots.Where(s => s.Value.Party == party && s.Value.Session is not null).ToList();
        if (idle.Count < limits.UploadsPerParty)
            return;
        foreach (var (submission, slot) in idle.OrderBy(s => s.Value.UsedAt))
        {
            if (!await slot.Writer.WaitAsync(TimeSpan.Zero))
                continue;
            await ForgetAsync(submission);
            return;
        }
    }

    /// <summary>The next attempt, with all that is durable of the one before; null when another than
    /// <paramref name="last"/> was the last.</summary>
    async Task<UploadSession?> RestoreAsync(
        SubmissionRow row, ValidationPlan plan, string keyName, int? last, CancellationToken ct)
    {
        if (await TakeNumberAsync(row, last, ct) is not var (previous, attempt))
            return null;

        // From the number on nobody else's attempt can become the one that counts; from the take-over on nothing more
        // is acknowledged by whoever wrote the one that counts now. What is read then is all that must not be lost.
        await using var left = previous == 0 ? null : await store.TakeOverAsync(row.ContentOf(previous), ct);
        var session = await BeginAsync(row, attempt, plan, keyName, ct);
        try
        {
            if (left is not null)
                session = await ReplayAsync(row, previous, left, session, ct);
            else
                await AdoptAsync(row, attempt, ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            await store.DiscardStagedAsync(row.ContentOf(attempt), CancellationToken.None);
            throw;
        }
    }

    /// <summary>The attempt that counts, and a number for the next; null when it is not the next one's turn.</summary>
    Task<(int Previous, int Attempt)?> TakeNumberAsync(SubmissionRow row, int? last, CancellationToken ct) =>
        catalogue.WriteAsync(
            async db =>
            {
                var current = await db.Submissions.FindAsync([row.Id], ct)
                    ?? throw new InvalidOperationException("A submission vanished from the catalogue.");
                if (current.State != SubmissionState.Open)
                    throw new ExchangeException(
                        ProblemKind.Aborted, "STATE_CHANGED", "The upload has ended meanwhile. Ask for its status.");
                if (last is { } known && known != current.LastAttempt)
                    return ((int, int)?)null;
                current.LastAttempt++;

                // Somebody works on it: it is not abandoned, whichever process looks for abandoned ones.
                current.ExpireTicks = Math.Max(
                    current.ExpireTicks, (clock.GetUtcNow() + limits.UploadTotalMax).UtcTicks);
                return (current.Attempt, current.LastAttempt);
            },
            ct);

    async Task<UploadSession> BeginAsync(
        SubmissionRow row, int attempt, ValidationPlan plan, string keyName, CancellationToken ct)
    {
        var key = FileKey.Generate();
        try
        {
            // The wrap must succeed before the first byte is stored: there is no queue of plaintext.
            var kek = await keys.CurrentAsync(keyName, ct);
            var name = row.ContentOf(attempt);
            var header = await SealedHeader.CreateAsync(name.Staged, key, kek, ct);
            var staged = await store.StageAsync(name, header, ct);
            var pass = new ContentPass(key, plan, row.Dataset, secrets.FingerprintKey, limits);
            return new UploadSession(pass, staged, key, attempt, limits);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    async Task<UploadSession> ReplayAsync(
        SubmissionRow row, int previous, StoredObject left, UploadSession session, CancellationToken ct)
    {
        using var oldKey = await SealedHeader.OpenAsync(left.Header, row.ContentOf(previous).Staged, keys, ct);
        await foreach (var chunk in PayloadOpener.OpenDurableChunksAsync(left.Payload, oldKey, ct))
            await session.TakeAsync(chunk, ct);
        await session.PersistAsync(ct);

        // Until this attempt is durable as far as the last one was, the old staging is what keeps our promise: a crash
        // before AdoptAsync replays it once more.
        session.Promised(session.Received, previous);
        return session;
    }

    /// <summary>Makes this attempt the one that recovery replays, then drops the one before.</summary>
    internal async Task AdoptIfAheadAsync(string submission, UploadSession session, CancellationToken ct)
    {
        if (session.Replays is not { } previous || session.DurableHere < session.PromisedBytes)
            return;
        var row = await catalogue.ReadAsync(async db => await db.Submissions.FindAsync([submission], ct), ct);
        try
        {
            await AdoptAsync(row!, session.Attempt, ct);
        }
        catch
        {
            // Which attempt counts is then for the row to say, not for this memory.
            session.Break();
            throw;
        }

        session.Overtaken();
        await store.DiscardStagedAsync(row!.ContentOf(previous), ct);
    }

    Task<int> AdoptAsync(SubmissionRow row, int attempt, CancellationToken ct) => catalogue.WriteAsync(
        async db =>
        {
            // What a verdict was given on is never exchanged for another attempt, and nobody who was overtaken puts
            // an attempt with fewer bytes in the place of the one that is being relied on.
            var current = (await db.Submissions.FindAsync([row.Id], ct))!;
            CheckStillOurs(current, attempt);
            return current.Attempt = attempt;
        },
        ct);

    /// <exception cref="ExchangeException">ABORTED: the upload has ended, or goes on elsewhere.</exception>
    internal static void CheckStillOurs(SubmissionRow current, int attempt)
    {
        if (current.State != SubmissionState.Open)
            throw new ExchangeException(
                ProblemKind.Aborted, "STATE_CHANGED", "The upload has ended meanwhile. Ask for its status.");
        if (current.LastAttempt != attempt)
            throw new ExchangeException(
                ProblemKind.Aborted, "STATE_CHANGED", "The upload goes on elsewhere meanwhile. Ask for its status.");
    }

    /// <summary>
    /// Nothing of this upload counts any more, before its keys are destroyed: from here the sender starts from zero.
    /// Whoever took the upload over before this keeps what it has, and we may destroy nothing.
    /// </summary>
    /// <returns>The number that was taken for it: as long as it is the last, nobody has gone on since.</returns>
    /// <exception cref="ExchangeException">ABORTED: the upload has ended, or goes on elsewhere.</exception>
    internal async Task<int> ForsakeAsync(SubmissionRow row, UploadSession session, CancellationToken ct)
    {
        var number = await catalogue.WriteAsync(
            async db =>
            {
                var current = (await db.Submissions.FindAsync([row.Id], ct))!;
                CheckStillOurs(current, session.Attempt);
                current.Attempt = 0;
                return ++current.LastAttempt;
            },
            ct);
        await session.QuietAsync();
        await store.DiscardStagedAsync(row.ContentOf(session.Attempt), ct);
        if (session.Replays is { } previous)
            await store.DiscardStagedAsync(row.ContentOf(previous), ct);
        return number;
    }

    /// <summary>Takes the session out of memory, for good.</summary>
    internal async Task ForgetAsync(string submission)
    {
        if (_slots.TryRemove(submission, out var slot) && slot.Session is { } session)
        {
            slot.Session = null;
            await session.DisposeAsync();
        }
    }

    /// <summary>Evicts what nobody has written to for a while; it can be restored from the store.</summary>
    public async Task SweepAsync()
    {
        foreach (var (submission, slot) in _slots)
        {
            var isIdle = clock.GetElapsedTime(slot.UsedAt) >= limits.UploadSessionIdle;
            if (isIdle && await slot.Writer.WaitAsync(TimeSpan.Zero))
                await ForgetAsync(submission);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var submission in _slots.Keys)
            await ForgetAsync(submission);
    }

    internal void Release(Slot slot, SemaphoreSlim party)
    {
        slot.UsedAt = clock.GetTimestamp();
        Leave(slot, party);
    }

    internal sealed class Slot(string party)
    {
        public string Party { get; } = party;

        public SemaphoreSlim Writer { get; } = new(1, 1);

        public UploadSession? Session { get; set; }

        public long UsedAt { get; set; }
    }
}
