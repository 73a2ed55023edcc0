using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What an authority says before its bytes: all that can be refused early is refused here.</summary>
public sealed record NewSubmission(SubmissionName Parent, InformationPeriod Period, IReadOnlyList<string> Areas)
{
    /// <summary>Not null for a nil return: why there is nothing.</summary>
    public string? NilReason { get; init; }

    public long ExpectedBytes { get; init; }

    /// <summary>Hex, or null when not declared.</summary>
    public string? ExpectedSha256 { get; init; }

    /// <summary>The submitted one that this corrects.</summary>
    public SubmissionName? Supersedes { get; init; }

    public string? CorrectionReason { get; init; }

    public bool ValidateOnly { get; init; }
}

/// <summary>Opens a submission: permit, checks, one transaction with its event.</summary>
public sealed class CreateSubmission(AgreementGate gate, AuditTrail trail, Limits limits, TimeProvider clock)
{
    public async Task<SubmissionRow> RunAsync(
        Caller caller, NewSubmission wanted, RequestKey request, CancellationToken ct)
    {
        var name = wanted.Parent.DatasetName;
        var ask = gate.Request(caller, Verb.CreateSubmission) with
        {
            Party = wanted.Parent.Party,
            Dataset = wanted.Parent.Dataset,
            Areas = wanted.Areas,
            Period = wanted.Period,
        };
        var permit = await gate.AskAsync(caller, wanted.Parent.Agreement, ask, AuditActions.CreateSubmission, name, ct);
        Check(wanted);
        CheckRetention(gate.Find(wanted.Parent.Agreement, permit.Revision, name), wanted);
        CompilePlan(gate.Find(wanted.Parent.Agreement, name), gate.Book, wanted);

        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                if (await request.AnsweredAsync(db, caller, ct) is { } made)
                {
                    await scope.RecordAsync(
                        AuditEvent.Of(AuditActions.CreateSubmission, made, caller, permit) with
                        {
                            RequestId = request.Id,
                            Reason = "REPEATED",
                            Subjects = [new EventSubject(wanted.Parent.Party, wanted.Parent.Dataset)],
                        });
                    return await db.Submissions.SingleAsync(s => s.Id == SubmissionName.Parse(made).Id, ct);
                }

                await CheckAgainstSubmittedAsync(db, wanted, ct);
                var row = NewRow(caller, wanted, permit);
                if (!wanted.ValidateOnly)
                {
                    db.Submissions.Add(row);
                    request.Remember(db, caller, row.Name, clock.GetUtcNow());
                }

                await scope.RecordAsync(AuditEvent.Of(
                    AuditActions.CreateSubmission, wanted.ValidateOnly ? name : row.Name, caller, permit) with
                {
                    RequestId = request.Id,
                    Reason = wanted.ValidateOnly ? "VALIDATE_ONLY" : "",
                    Subjects = [new EventSubject(row.Party, row.Dataset)],
                });
                return row;
            },
            ct);
        return audited.Value;
    }

    void Check(NewSubmission wanted)
    {
        if (wanted.ExpectedBytes < 0)
            throw ExchangeException.Invalid("SIZE_NEGATIVE", "The expected size cannot be negative.");
        if (wanted.ExpectedBytes > limits.DatasetBytesMax)
            throw new ExchangeException(
                ProblemKind.ResourceExhausted, "UPLOAD_TOO_LARGE",
                $"A dataset holds at most {limits.DatasetBytesMax} bytes here.");
        if (wanted.Supersedes is not null && string.IsNullOrWhiteSpace(wanted.CorrectionReason))
            throw ExchangeException.Invalid(
                "REASON_REQUIRED",
                "A correction needs a reason: say what was wrong with the submission it supersedes.");
        if (wanted.NilReason is not null && (wanted.ExpectedBytes > 0 || wanted.ExpectedSha256 is not null))
            throw ExchangeException.Invalid(
                "NIL_RETURN_HAS_CONTENT", "A nil return has no content. Leave size and digest out.");
        if (wanted.NilReason is { } reason && string.IsNullOrWhiteSpace(reason))
            throw ExchangeException.Invalid("REASON_REQUIRED", "A nil return needs a reason.");
        if ((wanted.NilReason ?? "").Length > 1000 || (wanted.CorrectionReason ?? "").Length > 1000)
            throw ExchangeException.Invalid("REASON_TOO_LONG", "A reason has at most 1000 characters.");
    }

    /// <summary>What would be erased at once is not taken: the key of its year may be destroyed already.</summary>
    void CheckRetention(SharingAgreement revision, NewSubmission wanted)
    {
        var last = KeyNames.LastDay(revision, wanted.Parent.Dataset, wanted.Period.EndExclusive);
        if (wanted.NilReason is null && last < LondonTime.Date(clock.GetUtcNow()))
            throw ExchangeException.Precondition(
                "RETENTION_OVER", $"The agreement lets data of this period be kept until {Iso(last)} only.");
    }

    /// <summary>The compiled rules for one submission; a code list without a valid edition is found out before any
    /// byte is sent.</summary>
    internal static ValidationPlan CompilePlan(Partnership partnership, PartnershipBook book, NewSubmission wanted) =>
        Compile(
            partnership, book, wanted.Parent.Dataset, wanted.Period.Start, wanted.Period.EndExclusive, wanted.Areas);

    internal static ValidationPlan Compile(
        Partnership partnership, PartnershipBook book, string dataset, DateOnly start, DateOnly end,
        IReadOnlyList<string> areas)
    {
        var spec = book.Datasets.Find(dataset)
            ?? throw ExchangeException.Precondition("UNKNOWN_DATASET", $"Dataset {dataset} has no specification here.");
        try
        {
            return partnership.Plans.For(spec, start, end, areas);
        }
        catch (PlanFaultException e)
        {
            throw new ExchangeException(ProblemKind.FailedPrecondition, "CODE_LIST_MISSING", e.Message, inner: e);
        }
    }

    /// <summary>What is already submitted for an area and day may only be replaced on purpose.</summary>
    internal static async Task CheckAgainstSubmittedAsync(
        CatalogueContext db, NewSubmission wanted, CancellationToken ct)
    {
        var (start, end) = (Iso(wanted.Period.Start), Iso(wanted.Period.EndExclusive));
        // A twin of the call that submits may have done so by now: nothing stands in its own way.
        var submitted = await db.Submissions.Where(
            s => s.Id != wanted.Parent.Id && s.Agreement == wanted.Parent.Agreement && s.Party == wanted.Parent.Party
                && s.Dataset == wanted.Parent.Dataset && s.State == SubmissionState.Submitted
                && string.Compare(s.PeriodStart, end) < 0 && string.Compare(s.PeriodEnd, start) > 0)
            .ToListAsync(ct);
        var standing = submitted.FindAll(s => s.Areas.Split(',').Intersect(wanted.Areas, StringComparer.Ordinal).Any());
        if (wanted.Supersedes is { } old)
        {
            var replaced = standing.Find(s => s.Name == old.ToString())
                ?? throw ExchangeException.Precondition(
                    "NOT_SUPERSEDABLE",
                    "The submission to supersede is not a submitted one of this dataset, period and areas.");
            if (replaced.PeriodStart != start || replaced.PeriodEnd != end
                || replaced.Areas.Split(',').Except(wanted.Areas, StringComparer.Ordinal).Any())
                throw ExchangeException.Precondition(
                    "NOT_SUPERSEDABLE",
                    "A correction covers the same period and at least the same areas as what it supersedes.");
            standing.Remove(replaced);
        }

        if (standing.Count > 0)
            throw new ExchangeException(
                ProblemKind.FailedPrecondition,
                "ALREADY_SUBMITTED",
                $"{standing[0].Name} already covers part of this. To correct it, supersede it with a reason.",
                new Dictionary<string, string>(StringComparer.Ordinal) { ["submission"] = standing[0].Name });
    }

    SubmissionRow NewRow(Caller caller, NewSubmission wanted, Permit permit)
    {
        var now = clock.GetUtcNow();
        return new SubmissionRow
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Agreement = wanted.Parent.Agreement,
            AgreementRevision = permit.Revision,
            Party = wanted.Parent.Party,
            Dataset = wanted.Parent.Dataset,
            PeriodStart = Iso(wanted.Period.Start),
            PeriodEnd = Iso(wanted.Period.EndExclusive),
            Areas = string.Join(',', wanted.Areas),
            State = wanted.NilReason is null ? SubmissionState.Open : SubmissionState.Ready,
            NilReason = wanted.NilReason,
            ExpectedBytes = wanted.ExpectedBytes,
            ExpectedSha256 = wanted.ExpectedSha256,
            CreatedBy = caller.Principal.Subject,
            CreateTicks = now.UtcTicks,
            ExpireTicks = (now + limits.UnsubmittedLife).UtcTicks,
            Supersedes = wanted.Supersedes?.ToString(),
            CorrectionReason = wanted.CorrectionReason,
            Version = 1,
        };
    }

    internal static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
