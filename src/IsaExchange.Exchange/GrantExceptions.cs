using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What a steward grants: more time for one party, dataset and period.</summary>
/// <param name="Areas">Empty = every area that is owed it.</param>
/// <param name="Until">The last day, included.</param>
public sealed record MoreTime(
    string Agreement, string Party, string Dataset, IReadOnlyList<string> Areas, InformationPeriod Period,
    DateOnly Until, string Reason, bool ValidateOnly);

/// <summary>
/// Exceptions: who has more time, until when and why. One moves the day from which a return counts as late and opens a
/// locked period; it never moves the due date.
/// </summary>
public sealed class GrantExceptions(AgreementGate gate, AuditTrail trail, ICatalogue catalogue, TimeProvider clock)
{
    const int ReasonLengthMax = 1000;
    const int DaysMax = 366;

    public async Task<ExceptionRow> RunAsync(
        Caller caller, MoreTime wanted, RequestKey request, CancellationToken ct)
    {
        var name = "agreements/" + wanted.Agreement;
        var ask = gate.Request(caller, Verb.GrantException) with
        {
            Party = wanted.Party, Dataset = wanted.Dataset, Areas = wanted.Areas, Period = wanted.Period,
        };
        var permit = await gate.AskAsync(caller, wanted.Agreement, ask, AuditActions.GrantException, name, ct);
        Check(wanted);
        var areas = OwedAreas.Of(
            gate.Find(wanted.Agreement, name).RevisionFor(wanted.Period), wanted.Party, wanted.Dataset, wanted.Areas,
            wanted.Period, wholePeriod: true);
        var audited = await trail.CommitAsync(
            scope => CommitAsync(scope, caller, permit, wanted, areas, request, ct), ct);
        await gate.Book.ReloadAsync(CancellationToken.None);
        return audited.Value;
    }

    async Task<ExceptionRow> CommitAsync(
        AuditScope scope, Caller caller, Permit permit, MoreTime wanted, IReadOnlyList<string> areas,
        RequestKey request, CancellationToken ct)
    {
        var db = scope.Catalogue;
        var granted = AuditEvent.Of(AuditActions.GrantException, "agreements/" + wanted.Agreement, caller, permit) with
        {
            RequestId = request.Id,
            ObjectSha256 = Digest(wanted.Reason),
            Reason = wanted.ValidateOnly ? "VALIDATE_ONLY" : "",
            Subjects = [new EventSubject(wanted.Party, wanted.Dataset)],
        };
        if (await request.AnsweredAsync(db, caller, ct) is { } made)
        {
            await scope.RecordAsync(granted with { Resource = made, Reason = "REPEATED" });
            var id = made[(made.LastIndexOf('/') + 1)..];
            return await db.Exceptions.SingleAsync(e => e.Id == id, ct);
        }

        var now = clock.GetUtcNow();
        var row = new ExceptionRow
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Agreement = wanted.Agreement,
            Party = wanted.Party,
            Dataset = wanted.Dataset,
            Areas = string.Join(',', areas),
            PeriodStart = CreateSubmission.Iso(wanted.Period.Start),
            PeriodEnd = CreateSubmission.Iso(wanted.Period.EndExclusive),
            Until = CreateSubmission.Iso(wanted.Until),
            Reason = wanted.Reason,
            GrantedBy = caller.Principal.Subject,
            GrantTicks = now.UtcTicks,
            Event = "",
        };
        if (wanted.ValidateOnly)
        {
            await scope.RecordAsync(granted);
            return row;
        }

        row.Event = (await scope.RecordAsync(granted with { Resource = row.Name })).Id;
        db.Exceptions.Add(row);
        await RegisterWrite.ActedAsync(db);
        request.Remember(db, caller, row.Name, now);
        return row;
    }

    /// <summary>Takes it back from now on; what came in while it was open stays in time.</summary>
    public async Task<ExceptionRow> RevokeAsync(
        Caller caller, ExceptionName name, RequestKey request, CancellationToken ct)
    {
        var permit = await gate.AskAsync(
            caller, name.Agreement, gate.Request(caller, Verb.GrantException), AuditActions.RevokeException,
            name.ToString(), ct);
        var exists = await catalogue.ReadAsync(
            db => db.Exceptions.AnyAsync(e => e.Id == name.Id && e.Agreement == name.Agreement, ct), ct);
        if (!exists)
        {
            // A name that is nobody's does not enter the log; that somebody tried one does.
            await trail.RecordAsync(
                AuditEvent.Of(
                    AuditActions.RevokeException, $"agreements/{name.Agreement}/exceptions", caller, permit) with
                {
                    Allowed = false, Reason = "NOT_FOUND",
                },
                ct);
            throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString()));
        }

        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                var row = await db.Exceptions.SingleAsync(
                    e => e.Id == name.Id && e.Agreement == name.Agreement, ct);
                var answered = await request.AnsweredAsync(db, caller, ct) is not null;
                if (!answered && row.RevokeTicks is not null)
                    throw ExchangeException.Precondition("ALREADY_REVOKED", "This exception was taken back before.");
                await scope.RecordAsync(
                    AuditEvent.Of(AuditActions.RevokeException, row.Name, caller, permit) with
                    {
                        RequestId = request.Id,
                        Reason = answered ? "REPEATED" : "",
                        Subjects = [new EventSubject(row.Party, row.Dataset)],
                    });
                if (answered)
                    return row;
                row.RevokeTicks = clock.GetUtcNow().UtcTicks;
                await RegisterWrite.ActedAsync(db);
                request.Remember(db, caller, row.Name, clock.GetUtcNow());
                return row;
            },
            ct);
        await gate.Book.ReloadAsync(CancellationToken.None);
        return audited.Value;
    }

    /// <summary>Newest first. Every member may see who has more time, until when and why.</summary>
    public async Task<IReadOnlyList<ExceptionRow>> ListAsync(
        Caller caller, string agreement, bool openOnly, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var permit = await gate.AskAsync(
            caller, agreement, gate.Request(caller, Verb.ReadCompliance), AuditActions.ReadCompliance, name, ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadCompliance, name + "/exceptions", caller, permit), ct);
        var today = CreateSubmission.Iso(LondonTime.Date(clock.GetUtcNow()));
        return await catalogue.ReadAsync(
            async db => await db.Exceptions.Where(e => e.Agreement == agreement)
                .Where(e => !openOnly || (e.RevokeTicks == null && string.Compare(e.Until, today) >= 0))
                .OrderByDescending(e => e.GrantTicks).ThenBy(e => e.Id).ToListAsync(ct),
            ct);
    }

    void Check(MoreTime wanted)
    {
        if (string.IsNullOrWhiteSpace(wanted.Reason))
            throw ExchangeException.Invalid("REASON_REQUIRED", "An exception needs a reason: the partners read it.");
        if (wanted.Reason.Length > ReasonLengthMax)
            throw ExchangeException.Invalid(
                "REASON_TOO_LONG",
                string.Create(CultureInfo.InvariantCulture, $"A reason has at most {ReasonLengthMax} characters."));
        var today = LondonTime.Date(clock.GetUtcNow());
        if (wanted.Until < today || wanted.Until > today.AddDays(DaysMax))
            throw ExchangeException.Invalid(
                "UNTIL_OUT_OF_RANGE", "An exception ends today or later, and within a year from today.");
    }

    static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>agreements/{agreement}/exceptions/{exception}</summary>
public sealed record ExceptionName(string Agreement, string Id)
{
    public static ExceptionName Parse(string name) =>
        Segments.Of(name) is ["agreements", { Length: > 0 } a, "exceptions", { Length: > 0 } e]
            ? new ExceptionName(a, e)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));

    public override string ToString() => $"agreements/{Agreement}/exceptions/{Id}";
}

/// <summary>The areas of an act about obligations: those it names, or all that are owed.</summary>
static class OwedAreas
{
    /// <param name="wholePeriod">The period must be one of the clause; else a month of one will do.</param>
    /// <exception cref="ExchangeException">FAILED_PRECONDITION when nothing is owed there.</exception>
    public static IReadOnlyList<string> Of(
        SharingAgreement agreement, string party, string dataset, IReadOnlyList<string> asked,
        InformationPeriod period, bool wholePeriod)
    {
        var owed = agreement.ObligationsBetween(period.Start.AddMonths(-2), period.Start)
            .Where(o => o.Party == party && o.Dataset == dataset)
            .Where(o => wholePeriod ? o.Period == period : o.Period.Covers(period))
            .Select(o => o.Area).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var areas = asked.Count == 0 ? owed : [.. asked.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return areas.Count > 0 && areas.TrueForAll(owed.Contains)
            ? areas
            : throw ExchangeException.Precondition(
                "NOTHING_OWED", "Nothing is owed of this dataset for this period and these areas.");
    }
}
