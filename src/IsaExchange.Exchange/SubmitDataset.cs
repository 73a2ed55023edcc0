using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// The explicit act of submitting: permit, every query explained, one object commit, one transaction, a receipt.
/// </summary>
public sealed class SubmitDataset(
    AgreementGate gate, SubmissionAccess access, AuditTrail trail, ICatalogue catalogue, IObjectStore store,
    IKeyRing keys, NoteSigner signer, TimeProvider clock)
{
    public async Task<SubmissionRow> RunAsync(
        Caller caller, SubmissionName name, string etag, RequestKey request, CancellationToken ct)
    {
        var (row, permit) = await access.PermitAsync(caller, name, Verb.Submit, AuditActions.Submit, ct);
        await catalogue.ReadAsync(db => request.AnsweredAsync(db, caller, ct), ct);
        if (row.State == SubmissionState.Ready)
        {
            CheckEtag(row, etag);
            await CheckQueriesAsync(row, permit, ct);
            await catalogue.ReadAsync(db => CheckBeforePromotingAsync(db, row, ct), ct);
        }

        var header = row.State == SubmissionState.Ready ? await PromoteReadyAsync(row, ct) : null;

        using var step = Telemetry.Step("submit.commit");

        // From here the sealed dataset stands under its own name. After a crash the submission is still READY and the
        // next Submit finds the object in place and goes straight to the transaction.
        var audited = await trail.CommitAsync(
            scope => CommitAsync(scope, caller, permit, row, header, etag, request, ct), ct);

        // A repeated call is answered with what the first one did, and is not counted again.
        if (audited.Value.SubmitEvent == audited.Receipt.EventId)
            Telemetry.Submitted(name.Dataset);
        return audited.Value;
    }

    static void CheckEtag(SubmissionRow row, string etag)
    {
        if (etag.Length > 0 && etag != row.Version.ToString(CultureInfo.InvariantCulture))
            throw new ExchangeException(
                ProblemKind.Aborted, "ETAG_MISMATCH",
                "The submission has changed since you looked. Look again, then decide.");
    }

    async Task CheckQueriesAsync(SubmissionRow row, Permit permit, CancellationToken ct)
    {
        var open = await catalogue.ReadAsync(
            db => SubmissionQueries.OpenGroupsAsync(db, row, LondonTime.Date(clock.GetUtcNow()), ct), ct);
        RefuseOpen(open, permit);
    }

    static void RefuseOpen(List<string> open, Permit permit)
    {
        var unattended = permit.Role == Role.Sender;
        if (open.Count > 0 && !unattended)
            throw new ExchangeException(
                ProblemKind.FailedPrecondition,
                "QUERY_NOT_EXPLAINED",
                $"{open.Count} queries are not explained yet, the first is {open[0]}. Explain each, then submit.",
                new Dictionary<string, string>(StringComparer.Ordinal) { ["group"] = open[0] });
    }

    /// <summary>Digest of the header that now stands; null for a nil return, and for what is READY no more: the
    /// transaction says what it is.</summary>
    async Task<string?> PromoteReadyAsync(SubmissionRow row, CancellationToken ct)
    {
        try
        {
            return await PromoteAsync(row, ct);
        }
        catch (Exception gone) when (gone is StagingNotFoundException or ObjectNotFoundException)
        {
            // Withdrawn or expired meanwhile, its content is destroyed. Gone while it is READY, it is lost.
            var isReady = await catalogue.ReadAsync(
                db => db.Submissions.AnyAsync(s => s.Id == row.Id && s.State == SubmissionState.Ready, ct), ct);
            if (isReady)
                throw;
            return null;
        }
    }

    async Task<string?> PromoteAsync(SubmissionRow row, CancellationToken ct)
    {
        if (row.IsNil)
            return null;
        using var step = Telemetry.Step("submit.promote");
        var name = row.ContentOf(row.Attempt);
        await using var staged = await store.ReadStagedAsync(name, ct);
        if (staged is null)
            return await CheckPromotedAsync(row, ct);
        CheckWhole(row, staged);
        using var key = await SealedHeader.OpenAsync(staged.Header, name.Staged, keys, ct);
        var kek = await keys.CurrentAsync(KeyNames.For(gate, row), ct);
        var header = await SealedHeader.CreateAsync(name.Value, key, kek, ct);
        try
        {
            await store.PromoteAsync(name, header, ct);
        }
        catch (ObjectExistsException)
        {
            // A twin of this call, here or in another process, was faster: what it promoted is the same attempt.
            return await CheckPromotedAsync(row, ct);
        }

        return Digest(header);
    }

    /// <summary>Promoted before, by a twin or by a call whose transaction did not come. Anything else is a loss we must
    /// not sign for: it must open under its name and be whole.</summary>
    async Task<string> CheckPromotedAsync(SubmissionRow row, CancellationToken ct)
    {
        await using var promoted = await store.OpenAsync(row.ContentOf(row.Attempt), ct);
        CheckWhole(row, promoted);
        using var key = await SealedHeader.OpenAsync(promoted.Header, row.ContentObject, keys, ct);
        return Digest(promoted.Header);
    }

    /// <summary>What is signed for is what was validated: not a byte less, not a byte more.</summary>
    static void CheckWhole(SubmissionRow row, StoredObject stored)
    {
        if (stored.PayloadLength != row.SealedBytes)
            throw new ExchangeException(
                ProblemKind.DataLoss, "STORED_OBJECT_CORRUPT",
                "The sealed content is not as long as when it was validated. Send it as a new submission.")
            {
                ObjectName = row.ContentObject,
            };
    }

    static string Digest(byte[] header) => Convert.ToHexStringLower(SHA256.HashData(header));

    async Task<SubmissionRow> CommitAsync(
        AuditScope scope, Caller caller, Permit permit, SubmissionRow seen, string? header, string etag,
        RequestKey request, CancellationToken ct)
    {
        var db = scope.Catalogue;
        var row = await db.Submissions.SingleAsync(s => s.Id == seen.Id, ct);
        var submitted = AuditEvent.Of(AuditActions.Submit, row.Name, caller, permit) with
        {
            RequestId = request.Id,
            ObjectSha256 = row.ContentSha256 ?? "",
            Rows = row.Records,
            Bytes = row.ContentBytes,
            Subjects = [new EventSubject(row.Party, row.Dataset)],
        };
        if (await request.AnsweredAsync(db, caller, ct) is not null && row.State != SubmissionState.Ready)
        {
            await scope.RecordAsync(submitted with { Reason = "REPEATED" });
            return row;
        }

        if (row.State != SubmissionState.Ready)
            throw NotReady(row);
        if (header is null && !row.IsNil)
            throw new ExchangeException(
                ProblemKind.Aborted, "CONFLICT", "The submission became READY while this call ran. Try again.");
        CheckEtag(row, etag);
        await SupersedeAsync(db, row, await CheckOverlapAsync(db, row, ct), ct);
        var now = clock.GetUtcNow();
        await CarryAsync(db, row, permit, LondonTime.Date(now), ct);
        await CodeListUses.HoldAsync(db, row.Agreement, await EditionsAsync(db, row, ct), now, ct);
        var logged = await scope.RecordAsync(submitted);
        row.State = SubmissionState.Submitted;
        row.SubmitTicks = now.UtcTicks;
        row.DueTicks = DueTime(row)?.UtcTicks;
        row.SubmitEvent = logged.Id;
        row.HeaderSha256 = header;
        row.ReceiptNote = SignedNote.Sign(ReceiptText(row, logged, now), signer);
        row.Version++;
        request.Remember(db, caller, row.Name, now);
        return row;
    }

    /// <summary>What its codes were held against at the verdict, as it was then; nothing for a nil return.</summary>
    static async Task<IReadOnlyList<EditionUsed>> EditionsAsync(
        CatalogueContext db, SubmissionRow row, CancellationToken ct) =>
        await db.Reports.AsNoTracking().SingleOrDefaultAsync(r => r.Submission == row.Id, ct) is { } report
            ? ReportJson.FromRow(report).Editions
            : [];

    /// <summary>The check of the transaction, early, so that what cannot be submitted leaves staging neither.</summary>
    async Task<bool> CheckBeforePromotingAsync(CatalogueContext db, SubmissionRow row, CancellationToken ct)
    {
        // A twin of this call may have submitted it meanwhile; it must not stand in its own way.
        var ready = await db.Submissions.AnyAsync(s => s.Id == row.Id && s.State == SubmissionState.Ready, ct);
        if (!ready)
            return false;
        await CheckOverlapAsync(db, row, ct);
        var lists = gate.Find(row.Agreement, row.Name).CodeLists;
        CodeListUses.CheckPresent(await EditionsAsync(db, row, ct), lists);
        return true;
    }

    /// <summary>Refuses what would count twice; gives the submission that this one corrects, if any.</summary>
    static async Task<SubmissionName?> CheckOverlapAsync(CatalogueContext db, SubmissionRow row, CancellationToken ct)
    {
        var parent = new SubmissionName(row.Agreement, row.Party, row.Dataset, row.Id);
        var supersedes = row.Supersedes is { } old ? SubmissionName.Parse(old) : null;
        var wanted = new NewSubmission(parent, SubmissionAccess.PeriodOf(row), row.Areas.Split(','))
        {
            Supersedes = supersedes,
        };
        await CreateSubmission.CheckAgainstSubmittedAsync(db, wanted, ct);
        return supersedes;
    }

    static async Task SupersedeAsync(
        CatalogueContext db, SubmissionRow row, SubmissionName? supersedes, CancellationToken ct)
    {
        if (supersedes is null)
            return;
        var superseded = await db.Submissions.SingleAsync(s => s.Id == supersedes.Id, ct);
        superseded.State = SubmissionState.Superseded;
        superseded.SupersededBy = row.Name;
        superseded.Version++;
    }

    /// <summary>An explanation that expired or was ended since the first look answers nothing.</summary>
    static async Task CarryAsync(
        CatalogueContext db, SubmissionRow row, Permit permit, DateOnly today, CancellationToken ct)
    {
        var queries = await SubmissionQueries.AnsweredAsync(db, row, today, ct);
        RefuseOpen([.. queries.Where(q => q.Explanation is null).Select(q => q.Group.Id)], permit);
        var carried = queries.Where(q => q.Explanation?.CarriedFrom is not null).Select(q => q.Group.Id).ToList();
        if (carried.Count > 0)
            await Explanations.CarryAsync(db, row, carried, today, ct);
    }

    static ExchangeException NotReady(SubmissionRow row) => row.State switch
    {
        SubmissionState.Submitted => ExchangeException.Precondition(
            "ALREADY_SUBMITTED", "This submission has been submitted already; its receipt stands."),
        SubmissionState.NeedsCorrection => ExchangeException.Precondition(
            "VALIDATION_NOT_PASSED", "The content has errors. Correct them in the source and send a new submission."),
        SubmissionState.Open or SubmissionState.Validating => ExchangeException.Precondition(
            "CONTENT_INCOMPLETE", "The content is not complete yet. Send the rest, then submit."),
        _ => ExchangeException.Precondition("NOT_READY", "Only a READY submission can be submitted."),
    };

    /// <summary>The earliest due time of the obligations that this submission counts towards.</summary>
    DateTimeOffset? DueTime(SubmissionRow row)
    {
        var partnership = gate.Find(row.Agreement, row.Name);
        var (start, last) = (CreateSubmission.Day(row.PeriodStart), CreateSubmission.Day(row.PeriodEnd).AddDays(-1));
        var areas = row.Areas.Split(',');
        var due = partnership.ObligationsBetween(start.AddMonths(-2), start)
            .Where(o =>
                o.Party == row.Party && o.Dataset == row.Dataset && areas.Contains(o.Area, StringComparer.Ordinal)
                && o.Period.Contains(start) && o.Period.Contains(last))
            .Select(o => (DateOnly?)o.DueDate).Min();
        return due is { } day ? LondonTime.EndOf(day) : null;
    }

    static string ReceiptText(SubmissionRow row, LoggedEvent logged, DateTimeOffset now)
    {
        var text = new StringBuilder("isaexchange.example/receipt/v1\n");
        text.Append(CultureInfo.InvariantCulture, $"submission {row.Name}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"period {row.PeriodStart} to {CreateSubmission.Iso(CreateSubmission.Day(row.PeriodEnd).AddDays(-1))}\n");
        text.Append(CultureInfo.InvariantCulture, $"areas {row.Areas}\n");
        text.Append(row.IsNil ? "content nil return\n" : $"content sha256 {row.ContentSha256}\n");
        text.Append(CultureInfo.InvariantCulture, $"records {row.Records}\n");
        text.Append(CultureInfo.InvariantCulture, $"submitted {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\n");
        text.Append(CultureInfo.InvariantCulture, $"agreement {row.Agreement} revision {row.AgreementRevision}\n");
        text.Append(CultureInfo.InvariantCulture, $"event {logged.Id} leaf {logged.LeafHash.ToBase64()}\n");
        return text.ToString();
    }
}
