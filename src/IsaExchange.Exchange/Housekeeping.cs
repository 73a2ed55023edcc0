using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What acts by itself: abandoned uploads expire, idle ones leave memory, what belongs to nothing is
/// removed.</summary>
public sealed class Housekeeping(
    AuditTrail trail, ICatalogue catalogue, IObjectStore store, UploadSessions uploads, DestroyContent content,
    TimeProvider clock)
{
    readonly ClearProposals _proposals = new(catalogue, store, clock);

    /// <summary>Quick, for every minute: what nobody writes to leaves memory.</summary>
    public Task SweepSessionsAsync() => uploads.SweepAsync();

    /// <summary>Everything else, for every hour; one replica at a time is enough.</summary>
    public Task RunAsync(CancellationToken ct) => catalogue.TryExclusiveAsync("housekeeping", RunAloneAsync, ct);

    async Task RunAloneAsync(CancellationToken ct)
    {
        await ExpireAsync(ct);
        await content.PendingAsync(ct);
        await SweepStagingAsync(ct);
        await SweepAsync("cubes/", IsCubeAwaited, ct);
        await SweepAsync("datasets/", static (row, name) => Stands(row) && row.ContentObject == name.Value, ct);
        await _proposals.RunAsync(ct);
        await store.SweepAsync(clock.GetUtcNow().AddHours(-1), ct);
    }

    /// <summary>
    /// Sealed objects that their submission no longer stands for: of expired ones, and of crashed verdicts. What the
    /// catalogue has never heard of stays: a catalogue restored from an older day must not make us destroy.
    /// </summary>
    async Task SweepAsync(string prefix, Func<SubmissionRow, ObjectName, bool> isAwaited, CancellationToken ct)
    {
        await foreach (var name in store.ListAsync(prefix, ct))
        {
            if (await RowOfAsync(name, ct) is { } row && !isAwaited(row, name))
                await store.DeleteAsync(name, ct);
        }
    }

    /// <summary>A verdict in the making, in this process or another, has its cube before its row says so. Only the last
    /// attempt can still give one.</summary>
    static bool IsCubeAwaited(SubmissionRow row, ObjectName name) =>
        row.State is SubmissionState.Open
            ? name == row.CubeOf(row.LastAttempt)
            : Stands(row) && row.CubeObject == name.Value;

    static bool Stands(SubmissionRow row) =>
        row.State is SubmissionState.Ready or SubmissionState.Submitted or SubmissionState.Superseded;

    /// <summary>The submission that an object belongs to, read after the object was found; null when the catalogue has
    /// never heard of it.</summary>
    Task<SubmissionRow?> RowOfAsync(ObjectName name, CancellationToken ct)
    {
        var submission = name.Value.Split('/')[^1].Split('.')[0];
        return catalogue.ReadAsync(db => db.Submissions.SingleOrDefaultAsync(s => s.Id == submission, ct), ct);
    }

    async Task ExpireAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var due = await catalogue.ReadAsync(
            db => db.Submissions.Where(
                s => s.ExpireTicks < now
                    && (s.State == SubmissionState.Open || s.State == SubmissionState.Ready)).ToListAsync(ct),
            ct);
        foreach (var row in due)
        {
            if (!uploads.IsInUse(row.Id))
                await ExpireAsync(row, ct);
        }
    }

    async Task ExpireAsync(SubmissionRow due, CancellationToken ct)
    {
        try
        {
            await trail.CommitAsync(
                async scope =>
                {
                    // Whoever wrote to it or submitted it meanwhile has won.
                    var row = await scope.Catalogue.Submissions.SingleAsync(s => s.Id == due.Id, ct);
                    if (row.Version != due.Version || row.ExpireTicks != due.ExpireTicks)
                        throw new NotDueException();
                    row.State = SubmissionState.Expired;
                    row.Version++;
                    return await scope.RecordAsync(new AuditEvent(AuditActions.Expire, row.Name)
                    {
                        Agreement = row.Agreement,
                        Revision = row.AgreementRevision,
                        Subjects = [new EventSubject(row.Party, row.Dataset)],
                    });
                },
                ct);
        }
        catch (NotDueException)
        {
            // Looked at again in the next run.
        }
    }

    /// <summary>Undoes what would have been said about a submission that has changed.</summary>
    sealed class NotDueException : Exception;

    /// <summary>Attempts that no submission relies on: their keys go too.</summary>
    async Task SweepStagingAsync(CancellationToken ct)
    {
        await foreach (var name in store.ListStagedAsync(ct))
        {
            if (await RowOfAsync(name, ct) is { } row && !IsStagingAwaited(row, name))
                await store.DiscardStagedAsync(name, ct);
        }
    }

    /// <summary>
    /// Says of any process's staging: besides the attempt that counts, only the last one can still come to count. An
    /// attempt has its number in the row before anything is staged under it.
    /// </summary>
    static bool IsStagingAwaited(SubmissionRow row, ObjectName name) => row.State switch
    {
        SubmissionState.Open => name == row.ContentOf(row.Attempt) || name == row.ContentOf(row.LastAttempt),
        SubmissionState.Ready => name == row.ContentOf(row.Attempt),
        _ => false,
    };
}
