using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What acts by itself: abandoned uploads expire, idle ones leave memory, what belongs to nothing is
/// removed.</summary>
public sealed class Housekeeping(
    AuditTrail trail, ICatalogue catalogue, IObjectStore store, UploadSessions uploads, WithdrawDataset withdraw,
    TimeProvider clock)
{
    /// <summary>Quick, for every minute: what nobody writes to leaves memory.</summary>
    public Task SweepSessionsAsync() => uploads.SweepAsync();

    /// <summary>Everything else, for every hour; one replica at a time is enough.</summary>
    public Task RunAsync(CancellationToken ct) => catalogue.TryExclusiveAsync("housekeeping", RunAloneAsync, ct);

    async Task RunAloneAsync(CancellationToken ct)
    {
        await ExpireAsync(ct);
        await withdraw.DestroyPendingAsync(ct);
        await SweepStagingAsync(ct);
        await SweepAsync("cubes/", static (row, name) => row.CubeObject == name, ct);
        await SweepAsync("datasets/", static (row, name) => row.ContentObject == name, ct);
        await store.SweepAsync(clock.GetUtcNow().AddHours(-1), ct);
    }

    /// <summary>
    /// Sealed objects that their submission no longer stands for: of expired ones, and of crashed verdicts. What the
    /// catalogue has never heard of stays: a catalogue restored from an older day must not make us destroy.
    /// </summary>
    async Task SweepAsync(string prefix, Func<SubmissionRow, string, bool> isOf, CancellationToken ct)
    {
        await foreach (var name in store.ListAsync(prefix, ct))
        {
            var submission = name.Value.Split('/')[^1].Split('.')[0];

            // Asked before the row is read: a verdict in the making has its cube before its row says so.
            if (uploads.IsInUse(submission))
                continue;
            var row = await catalogue.ReadAsync(
                db => db.Submissions.SingleOrDefaultAsync(s => s.Id == submission, ct), ct);
            if (row is null)
                continue;
            var stands = row.State
                is SubmissionState.Ready or SubmissionState.Submitted or SubmissionState.Superseded;
            if (!stands || !isOf(row, name.Value))
                await store.DeleteAsync(name, ct);
        }
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
                    if (row.Version != due.Version)
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
            var submission = name[..name.LastIndexOf('.')];

            // Asked before the row is read. An upload that is being restored has staged an attempt that its row does
            // not name yet; one that was let go of before this line has settled in its row which attempt counts.
            if (uploads.IsInUse(submission))
                continue;
            var row = await catalogue.ReadAsync(
                db => db.Submissions.SingleOrDefaultAsync(s => s.Id == submission, ct), ct);
            if (row is null)
                continue;
            var awaited = row.State is SubmissionState.Open or SubmissionState.Ready;
            if (!awaited || name != row.StagingName(row.Attempt))
                await store.DiscardStagedAsync(name, ct);
        }
    }
}
