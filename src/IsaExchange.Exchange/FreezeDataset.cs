using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>A freeze, or its end, and whom it concerns.</summary>
/// <param name="NotifyBy">By then those parties must have been told; null where the agreement says nothing.</param>
/// <param name="Parties">That took the submission, or what was released from it.</param>
/// <param name="Releases">Names of the releases made from it.</param>
public sealed record FreezeView(
    SubmissionRow Row, DateTimeOffset? NotifyBy, IReadOnlyList<string> Parties, IReadOnlyList<string> Releases,
    string EventId);

/// <summary>
/// The brake after a breach: from the commit on nobody can read the submission or anything released from it, and
/// nothing new is made of it. It does not depend on what becomes of the submission: corrected or withdrawn, what was
/// released from it stays frozen until somebody says otherwise.
/// </summary>
public sealed class FreezeDataset(
    AgreementGate gate, SubmissionAccess access, AuditTrail trail, TimeProvider clock)
{
    public async Task<FreezeView> FreezeAsync(
        Caller caller, SubmissionName name, string reason, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        var act = new Act(Verb.FreezeSubmission, AuditActions.FreezeSubmission, SubmissionActKind.Freeze);
        return await RunAsync(act, caller, name, reason, validateOnly, request, ct);
    }

    public async Task<FreezeView> UnfreezeAsync(
        Caller caller, SubmissionName name, string reason, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        var act = new Act(Verb.UnfreezeSubmission, AuditActions.UnfreezeSubmission, SubmissionActKind.Unfreeze);
        return await RunAsync(act, caller, name, reason, validateOnly, request, ct);
    }

    sealed record Act(Verb Verb, string Action, SubmissionActKind Kind);

    async Task<FreezeView> RunAsync(
        Act act, Caller caller, SubmissionName name, string reason, bool validateOnly, RequestKey request,
        CancellationToken ct)
    {
        var (_, permit) = await access.PermitAsync(caller, name, act.Verb, act.Action, ct);
        SubmissionActs.CheckReason(reason);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var row = await SubmissionQueries.FindAsync(scope.Catalogue, name, ct);
                var repeated = await request.AnsweredAsync(scope.Catalogue, caller, ct) is not null;
                if (!repeated)
                    Check(row, act.Kind);
                var view = await ViewAsync(scope.Catalogue, row, ct);
                var said = AuditEvent.Of(act.Action, row.Name, caller, permit) with
                {
                    RequestId = request.Id,
                    Reason = repeated ? "REPEATED" : validateOnly ? "VALIDATE_ONLY" : "",
                    Subjects =
                    [
                        new EventSubject(row.Party, row.Dataset),
                        .. view.Parties.Where(p => p != row.Party).Select(p => new EventSubject(p, "")),
                    ],
                };
                if (repeated || validateOnly)
                    return view with { EventId = (await scope.RecordAsync(said)).Id };
                return await DoAsync(scope, view, act.Kind, reason, caller, request, said);
            },
            ct);
        return audited.Value;
    }

    static void Check(SubmissionRow row, SubmissionActKind kind)
    {
        if (row.SubmitTicks is null)
            throw ExchangeException.Precondition(
                "NOT_SUBMITTED", "What was never submitted was never read. Withdraw it instead.");
        if (kind == SubmissionActKind.Freeze && row.FreezeTicks is not null)
            throw ExchangeException.Precondition("ALREADY_FROZEN", "This submission is frozen already.");
        if (kind == SubmissionActKind.Unfreeze && row.FreezeTicks is null)
            throw ExchangeException.Precondition("NOT_FROZEN", "This submission is not frozen.");
    }

    async Task<FreezeView> DoAsync(
        AuditScope scope, FreezeView view, SubmissionActKind kind, string reason, Caller caller, RequestKey request,
        AuditEvent said)
    {
        var (row, now) = (view.Row, clock.GetUtcNow());
        var logged = await SubmissionActs.AddAsync(scope, row, kind, reason, caller, now, said);
        row.FreezeTicks = kind == SubmissionActKind.Freeze ? now.UtcTicks : null;
        row.Version++;
        request.Remember(scope.Catalogue, caller, row.Name, now);
        if (kind == SubmissionActKind.Freeze)
            await TellAsync(scope, view, logged.Id, now);
        return view with { EventId = logged.Id, NotifyBy = NotifyBy(row) };
    }

    /// <summary>Whoever took it is told, and its own people, and the stewards: in the transaction of the
    /// freeze.</summary>
    async Task TellAsync(AuditScope scope, FreezeView view, string freeze, DateTimeOffset now)
    {
        var row = view.Row;
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        var day = LondonTime.Date(now);
        var people = NoticePeople.Answering(agreement, view.Parties.Append(row.Party), day)
            .Concat(NoticePeople.Stewards(agreement, day)).Distinct();
        var items = people.Select(told => new NoticeItem(
            told.Person, told.Party, NoticeKind.Frozen, $"frozen {freeze} {told.Party}",
            $"{row.Party} {row.Dataset} {SubmissionAccess.PeriodOf(row)}: use nothing of it, nor of "
            + $"{view.Releases.Count} releases made from it",
            told.Party == row.Party ? $"isax recall {row.Name}" : $"isax who --party {row.Party}"));
        await NoticeOutbox.WriteAsync(scope, agreement, [.. items], freeze, now);
    }

    async Task<FreezeView> ViewAsync(CatalogueContext db, SubmissionRow row, CancellationToken ct)
    {
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        var today = LondonTime.Date(clock.GetUtcNow());
        var pulls = await RecallList.OfAsync(db, agreement, row, today, ct);
        var parties = pulls.Select(p => p.Party).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var releases = await RecallList.ReleasesAsync(db, row, ct);
        return new FreezeView(row, NotifyBy(row), [.. parties], releases, "");
    }

    DateTimeOffset? NotifyBy(SubmissionRow row) =>
        row.FreezeTicks is { } ticks && gate.Find(row.Agreement, row.Name).Agreement.Breach is { } breach
            ? new DateTimeOffset(ticks, TimeSpan.Zero).AddHours(breach.NotifyHours)
            : null;
}
