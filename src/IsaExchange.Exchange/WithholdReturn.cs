using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What an officer answers instead of content.</summary>
/// <param name="Areas">Empty = every area that is owed it.</param>
public sealed record NewWithholding(
    SubmissionName Parent, IReadOnlyList<string> Areas, InformationPeriod Period, string Reason, string Note,
    bool ValidateOnly);

/// <summary>
/// The officer's answer that nothing can be shared, with a reason of the closed list. It stops reminders and is shown
/// as an answer, never as content; content that comes later takes its place.
/// </summary>
public sealed class WithholdReturn(AgreementGate gate, AuditTrail trail, TimeProvider clock)
{
    const int NoteLengthMax = 1000;

    public async Task<WithholdingRow> RunAsync(
        Caller caller, NewWithholding wanted, RequestKey request, CancellationToken ct)
    {
        var name = wanted.Parent.DatasetName;
        var governing = gate.Book.Find(wanted.Parent.Agreement) is { IsAltered: false } known
            ? known.RevisionFor(wanted.Period)
            : null;
        var owed = governing?.DatasetsOwed.FirstOrDefault(
            d => d.Party == wanted.Parent.Party && d.Dataset == wanted.Parent.Dataset);
        var ask = gate.Request(caller, Verb.WithholdReturn) with
        {
            Party = wanted.Parent.Party,
            Dataset = wanted.Parent.Dataset,
            Areas = wanted.Areas.Count > 0 ? wanted.Areas : owed?.Areas ?? [],
            Period = wanted.Period,
        };
        var permit = await gate.AskAsync(caller, wanted.Parent.Agreement, ask, AuditActions.WithholdReturn, name, ct);
        if (!WithheldReasons.All.Contains(wanted.Reason))
            throw ExchangeException.Invalid(
                "REASON_UNKNOWN",
                $"A return is withheld for one of these reasons: {string.Join(", ", WithheldReasons.All)}.");
        if (wanted.Note.Length > NoteLengthMax)
            throw ExchangeException.Invalid("NOTE_TOO_LONG", $"A note has at most {NoteLengthMax} characters.");
        var agreement = gate.Find(wanted.Parent.Agreement, name).RevisionFor(wanted.Period);
        var areas = OwedAreas.Of(
            agreement, wanted.Parent.Party, wanted.Parent.Dataset, wanted.Areas, wanted.Period, wholePeriod: false);
        var audited = await trail.CommitAsync(
            scope => CommitAsync(scope, caller, permit, agreement, wanted, areas, request, ct), ct);
        return audited.Value;
    }

    async Task<WithholdingRow> CommitAsync(
        AuditScope scope, Caller caller, Permit permit, SharingAgreement agreement, NewWithholding wanted,
        IReadOnlyList<string> areas, RequestKey request, CancellationToken ct)
    {
        var db = scope.Catalogue;
        var withheld = AuditEvent.Of(AuditActions.WithholdReturn, wanted.Parent.DatasetName, caller, permit) with
        {
            RequestId = request.Id,
            Reason = wanted.ValidateOnly ? "VALIDATE_ONLY" : "",
            ObjectSha256 = Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes($"{wanted.Reason}\n{wanted.Note}"))),
            Subjects = [new EventSubject(wanted.Parent.Party, wanted.Parent.Dataset)],
        };
        if (await request.AnsweredAsync(db, caller, ct) is { } made)
        {
            await scope.RecordAsync(withheld with { Resource = made, Reason = "REPEATED" });
            var id = made[(made.LastIndexOf('/') + 1)..];
            return await db.Withholdings.SingleAsync(w => w.Id == id, ct);
        }

        await CheckNotInAsync(db, agreement, wanted, areas, ct);
        var now = clock.GetUtcNow();
        var row = new WithholdingRow
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Agreement = wanted.Parent.Agreement,
            Party = wanted.Parent.Party,
            Dataset = wanted.Parent.Dataset,
            Areas = string.Join(',', areas),
            PeriodStart = CreateSubmission.Iso(wanted.Period.Start),
            PeriodEnd = CreateSubmission.Iso(wanted.Period.EndExclusive),
            Reason = wanted.Reason,
            Note = wanted.Note,
            Actor = caller.Principal.Subject,
            Ticks = now.UtcTicks,
            Event = "",
        };
        if (wanted.ValidateOnly)
        {
            await scope.RecordAsync(withheld);
            return row;
        }

        row.Event = (await scope.RecordAsync(withheld with { Resource = row.Name })).Id;
        db.Withholdings.Add(row);
        request.Remember(db, caller, row.Name, now);
        return row;
    }

    /// <summary>What has been shared cannot be withheld: that would be a withdrawal, which is another act.</summary>
    async Task CheckNotInAsync(
        CatalogueContext db, SharingAgreement agreement, NewWithholding wanted, IReadOnlyList<string> areas,
        CancellationToken ct)
    {
        var acts = await ReturnActsReader.ReadAsync(db, agreement, ct);
        var today = LondonTime.Date(clock.GetUtcNow());
        var isIn = agreement.ObligationsBetween(wanted.Period.Start.AddMonths(-2), wanted.Period.Start)
            .Where(o => o.Party == wanted.Parent.Party && o.Dataset == wanted.Parent.Dataset
                && areas.Contains(o.Area) && o.Period.Covers(wanted.Period))
            .Any(o => ObligationStanding.Assess(o, acts, today).IsComplete);
        if (isIn)
            throw ExchangeException.Precondition(
                "ALREADY_SUBMITTED", "This return is in already. Withdraw the submission if it must not be shared.");
    }
}
