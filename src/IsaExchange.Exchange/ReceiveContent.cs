using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>One message of content.</summary>
public readonly record struct ContentMessage(long Offset, ReadOnlyMemory<byte> Content, uint Crc32C);

/// <summary>How far an upload is.</summary>
public sealed record WriteProgress(long Persisted, bool Complete, SubmissionRow Submission);

/// <summary>
/// Takes the bytes of a submission: hashed, sealed to staging, parsed, validated and counted while they arrive. At the
/// end the submission is READY (cube sealed, content still in staging) or NEEDS_CORRECTION (staging key destroyed).
/// </summary>
public sealed class ReceiveContent(
    AgreementGate gate, SubmissionAccess access, AuditTrail trail, ICatalogue catalogue, IObjectStore store,
    IKeyRing keys, UploadSessions uploads, ComparePeriods periods, Limits limits)
{
    /// <summary>Opens the upload for one writer. Null when it is complete: then nothing more may be written.</summary>
    public async Task<ContentWriter?> OpenAsync(Caller caller, SubmissionName name, CancellationToken ct)
    {
        var (row, permit) = await access.PermitAsync(caller, name, Verb.WriteContent, AuditActions.WriteContent, ct);
        await trail.RecordAsync(EventOf(AuditActions.WriteContent, row, caller, permit), ct);
        if (row.IsNil)
            throw ExchangeException.Precondition(
                "NIL_RETURN_HAS_CONTENT", "A nil return takes no content. Create a submission of a table for it.");
        if (IsComplete(row))
            return null;
        var lease = await uploads.AcquireAsync(row, PlanFor(row), KeyNames.For(gate, row), ct);

        try
        {
            // Read again under the lease: the writer before us may just have finished it.
            row = await RowAsync(name, ct);
            if (!IsComplete(row))
                return new ContentWriter(this, lease, row, caller, permit, limits);
            await uploads.ForgetAsync(row.Id);
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }

        await lease.DisposeAsync();
        return null;
    }

    /// <summary>
    /// How far the upload is: by what is in memory here, and where it is not, or goes on elsewhere, by what is durable.
    /// The number is never a guess, and asking for it takes the upload from nobody.
    /// </summary>
    public async Task<WriteProgress> StatusAsync(Caller caller, SubmissionName name, CancellationToken ct)
    {
        var (row, permit) = await access.PermitAsync(
            caller, name, Verb.WriteContent, AuditActions.ReadSubmission, ct);
        await trail.RecordAsync(EventOf(AuditActions.ReadSubmission, row, caller, permit), ct);
        while (!IsComplete(row))
        {
            if (uploads.HasLast(row))
            {
                if (await HeldAsync(row, name, ct) is { } held)
                    return held;

                // It left between the look and the lease: who has it now?
                row = await RowAsync(name, ct);
                continue;
            }

            if (await uploads.DurableAsync(row, ct) is { } durable)
                return new WriteProgress(durable, false, row);

            // Gone between the two looks, because a writer has gone on from it or finished: what is it now?
            var seen = row.Attempt;
            row = await RowAsync(name, ct);
            if (row.Attempt == seen && !IsComplete(row))
                return new WriteProgress(0, false, row);
        }

        return new WriteProgress(row.ContentBytes, true, row);
    }

    /// <summary>Null when the upload is not here any more.</summary>
    async Task<WriteProgress?> HeldAsync(SubmissionRow row, SubmissionName name, CancellationToken ct)
    {
        await using var lease = await uploads.AcquireLastAsync(row, PlanFor(row), KeyNames.For(gate, row), ct);
        if (lease is null)
            return null;

        // Read again under the lease: a writer may just have finished it, and then what is in memory is of no use.
        row = await RowAsync(name, ct);
        if (!IsComplete(row))
        {
            if (row.LastAttempt == lease.Session.Attempt)
                return new WriteProgress(lease.Session.Persisted, false, row);

            // Or taken it over: nothing is added to what is theirs when the lease is let go of.
            lease.Session.Break();
            return null;
        }

        await uploads.ForgetAsync(row.Id);
        return new WriteProgress(row.ContentBytes, true, row);
    }

    internal Task RecheckAsync(SubmissionRow row, Caller caller, Permit permit, CancellationToken ct) =>
        gate.RecheckAsync(caller, permit, AuditActions.WriteContent, row.Name, ct);

    public Task<SubmissionRow> RowAsync(SubmissionName name, CancellationToken ct) =>
        catalogue.ReadAsync(db => SubmissionQueries.FindAsync(db, name, ct), ct);

    static AuditEvent EventOf(string action, SubmissionRow row, Caller caller, Permit permit) =>
        AuditEvent.Of(action, row.Name, caller, permit) with { Subjects = [new EventSubject(row.Party, row.Dataset)] };

    static bool IsComplete(SubmissionRow row) => row.State switch
    {
        SubmissionState.Open or SubmissionState.Validating => false,
        SubmissionState.Expired => throw ExchangeException.Precondition(
            "EXPIRED", "This upload was abandoned and has expired. Send the file as a new submission."),
        _ => true,
    };

    ValidationPlan PlanFor(SubmissionRow row) => CreateSubmission.Compile(
        gate.Find(row.Agreement, row.Name), gate.Book, row.Dataset,
        CreateSubmission.Day(row.PeriodStart), CreateSubmission.Day(row.PeriodEnd), row.Areas.Split(','));

    /// <summary>The content is whole and durable in staging: give the verdict.</summary>
    internal async Task<SubmissionRow> CompleteAsync(
        SubmissionRow row, UploadSession session, PassResult result, Caller caller, Permit permit, CancellationToken ct)
    {
        using var step = Telemetry.Step("submit.verdict");
        var sha256 = Convert.ToHexStringLower(result.Sha256);
        var last = session.Attempt;
        string? cubeObject = null;
        var (report, comparison) = (result.Report, default(KeptComparison));
        if (result.Report.HasErrors)
        {
            // Faulty content may hold personal data: its key goes before anything else does. A crash after this line
            // leaves an OPEN submission with nothing staged, and the sender starts from zero.
            last = await uploads.ForsakeAsync(row, session, ct);
        }
        else
        {
            // First, because an earlier cube may not be had just now: then there is no verdict yet, what was
            // acknowledged stays in staging, and the sender ends the upload once more.
            (report, comparison) = await periods.RunAsync(row, PlanFor(row).Spec, result, ct);

            // The attempt is part of the name: a crash between this and the transaction leaves garbage, never a clash.
            var name = row.CubeOf(session.Attempt);
            var kek = await keys.CurrentAsync(KeyNames.For(gate, row), ct);
            await SealedObjects.PutAsync(store, name, kek, CubeFile.Write(result.Cube), ct);
            cubeObject = name.Value;
        }

        var kept = ReportJson.ToRow(row.Id, report, comparison, PlanFor(row).Editions);
        var audited = await trail.CommitAsync(
            scope => RecordVerdictAsync(scope, row, session, last, result, sha256, kept, cubeObject, caller, permit),
            ct);
        await uploads.ForgetAsync(row.Id);
        Telemetry.Verdict(row.Dataset, cubeObject is not null);
        return audited.Value;
    }

    static async Task<SubmissionRow> RecordVerdictAsync(
        AuditScope scope, SubmissionRow row, UploadSession session, int last, PassResult result, string sha256,
        ReportRow kept, string? cubeObject, Caller caller, Permit permit)
    {
        var db = scope.Catalogue;
        var current = await db.Submissions.SingleAsync(s => s.Id == row.Id);
        UploadSessions.CheckStillOurs(current, last);
        current.State = cubeObject is null ? SubmissionState.NeedsCorrection : SubmissionState.Ready;
        current.Attempt = session.Attempt;
        current.CubeObject = cubeObject;
        current.ContentSha256 = sha256;
        current.ContentBytes = result.Bytes;
        current.SealedBytes = session.SealedBytes;
        current.Records = result.Report.RecordCount;
        current.Version++;
        db.Reports.Add(kept);
        var action = cubeObject is null ? AuditActions.ContentRefused : AuditActions.ContentReady;
        await scope.RecordAsync(AuditEvent.Of(action, row.Name, caller, permit) with
        {
            ObjectSha256 = sha256,
            Rows = result.Report.RecordCount,
            Bytes = result.Bytes,
            Subjects = [new EventSubject(row.Party, row.Dataset)],
        });
        return current;
    }

    /// <summary>What the writer says it sent is not what arrived: nothing of this attempt is kept.</summary>
    internal async Task DiscardAsync(SubmissionRow row, UploadSession session, CancellationToken ct)
    {
        await uploads.ForgetAsync(row.Id);
        await uploads.ForsakeAsync(row, session, ct);
    }
}
