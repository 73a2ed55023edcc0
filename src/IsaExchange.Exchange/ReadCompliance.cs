using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>An obligation, how it stands today, and the caller's own submission that is on its way for it.</summary>
public sealed record ObligationView(Obligation Obligation, Standing Standing, SubmissionRow? Draft);

/// <summary>The agreement as its members may read it, and what is owed under it.</summary>
public sealed class ReadCompliance(
    AgreementGate gate, SubmissionAccess access, AuditTrail trail, ICatalogue catalogue, TimeProvider clock)
{
    /// <summary>What the agreement would decide. Asking is a verb too, and is in the log.</summary>
    public async Task<Decision> CheckAsync(Caller caller, string agreement, AccessRequest request, CancellationToken ct)
    {
        await PermitAsync(caller, agreement, Verb.CheckAccess, AuditActions.CheckAccess, "", ct);
        return gate.Decide(agreement, request);
    }

    /// <summary>
    /// Obligations by due date and then name: those whose period overlaps <paramref name="period"/>, or without one
    /// those that began in the last five quarters and whatever is missing from before.
    /// </summary>
    public async Task<IReadOnlyList<ObligationView>> ObligationsAsync(
        Caller caller, string agreement, string party, bool openOnly, InformationPeriod? period, CancellationToken ct)
    {
        await PermitAsync(caller, agreement, Verb.ReadObligations, AuditActions.ReadObligations, "/obligations", ct);
        return await StandingsAsync(caller, agreement, party, openOnly, period, ct);
    }

    /// <summary>What was submitted with queries that are still open: of the submissions that the caller may see, for
    /// journeys that have asked and recorded already.</summary>
    /// <param name="party">Empty = every one.</param>
    public Task<IReadOnlyList<(string Submission, IReadOnlyList<string> Groups)>> UnexplainedAsync(
        Caller caller, string agreement, string party, CancellationToken ct) => catalogue.ReadAsync(
        async db =>
        {
            var today = LondonTime.Date(clock.GetUtcNow());
            var open = new List<(string, IReadOnlyList<string>)>();
            foreach (var row in await UnexplainedAsync(db, agreement, party, ct))
            {
                if (access.MaySee(caller, row)
                    && await SubmissionQueries.OpenGroupsAsync(db, row, today, ct) is { Count: > 0 } groups)
                    open.Add((row.Name, groups));
            }

            return (IReadOnlyList<(string Submission, IReadOnlyList<string> Groups)>)open;
        },
        ct);

    /// <summary>Submitted ones that were asked about at all.</summary>
    static Task<List<SubmissionRow>> UnexplainedAsync(
        CatalogueContext db, string agreement, string party, CancellationToken ct) => db.Submissions.Where(
        s => s.Agreement == agreement && (party == "" || s.Party == party) && s.State == SubmissionState.Submitted
            && db.Reports.Any(r => r.Submission == s.Id && r.Queries > 0)).OrderBy(s => s.Id).ToListAsync(ct);

    /// <summary>How things stand, for journeys that have asked and recorded already.</summary>
    internal async Task<IReadOnlyList<ObligationView>> StandingsAsync(
        Caller caller, string agreement, string party, bool openOnly, InformationPeriod? period, CancellationToken ct)
    {
        var today = LondonTime.Date(clock.GetUtcNow());
        var partnership = gate.Find(agreement, "agreements/" + agreement);
        var found = partnership.Agreement;
        var (acts, drafts) = await catalogue.ReadAsync(
            async db => (await ReturnActsReader.ReadAsync(db, found, ct), await DraftsAsync(db, agreement, ct)), ct);
        var recent = InformationPeriod.QuarterContaining(today).Start.AddMonths(-15);
        return [.. partnership.ObligationsBetween(DateOnly.MinValue, period?.LastDay ?? today)
            .Where(o => party.Length == 0 || o.Party == party)
            .Where(o => period is not { } p || (o.Period.Start < p.EndExclusive && p.Start < o.Period.EndExclusive))
            .Select(o => (Obligation: o, Standing: ObligationStanding.Assess(o, acts, today)))
            .Where(v => period is not null || v.Obligation.Period.Start >= recent || v.Standing.IsMissing)
            .Where(v => !openOnly || v.Standing.IsOpen)
            .Select(v => new ObligationView(
                v.Obligation, v.Standing,
                v.Standing.IsOpen ? DraftOf(drafts, v.Obligation, row => access.MaySee(caller, row)) : null))];
    }

    /// <summary>The partnership's checklist as it stood at the end of the day; null is today.</summary>
    /// <exception cref="ExchangeException">INVALID_ARGUMENT for a day that has not begun.</exception>
    public async Task<ComplianceReport> ReportAsync(
        Caller caller, string agreement, DateOnly? asked, CancellationToken ct)
    {
        await PermitAsync(
            caller, agreement, Verb.ReadCompliance, AuditActions.ReadCompliance, "/complianceReport", ct);
        var day = asked ?? LondonTime.Date(clock.GetUtcNow());
        if (day > LondonTime.Date(clock.GetUtcNow()))
            throw ExchangeException.Invalid("DAY_NOT_BEGUN", "A report can be made for today or a day in the past.");
        var end = LondonTime.EndOf(day).AddTicks(-1);
        var partnership = gate.Find(agreement, "agreements/" + agreement);
        var found = partnership.RulingAt(end);
        var acts = await catalogue.ReadAsync(db => ReturnActsReader.ReadAsync(db, found, ct), ct);
        return ComplianceReport.Of(
            found.With(found.Acts.AsOf(end)), partnership.ObligationsBetween(DateOnly.MinValue, day), acts, day);
    }

    async Task PermitAsync(
        Caller caller, string agreement, Verb verb, string action, string below, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var permit = await gate.AskAsync(caller, agreement, gate.Request(caller, verb), action, name, ct);
        await trail.RecordAsync(AuditEvent.Of(action, name + below, caller, permit), ct);
    }

    /// <summary>Submissions on their way, newest first.</summary>
    internal static Task<List<SubmissionRow>> DraftsAsync(
        CatalogueContext db, string agreement, CancellationToken ct) => db.Submissions
        .Where(s => s.Agreement == agreement && (s.State == SubmissionState.Open
            || s.State == SubmissionState.Validating || s.State == SubmissionState.NeedsCorrection
            || s.State == SubmissionState.Ready))
        .OrderByDescending(s => s.CreateTicks).ToListAsync(ct);

    /// <summary>The newest one that would count towards the obligation.</summary>
    internal static SubmissionRow? DraftOf(
        IEnumerable<SubmissionRow> drafts, Obligation o, Predicate<SubmissionRow> isShown) =>
        drafts.FirstOrDefault(s => s.Party == o.Party && s.Dataset == o.Dataset
            && s.Areas.Split(',').Contains(o.Area, StringComparer.Ordinal)
            && o.Period.Covers(SubmissionAccess.PeriodOf(s)) && isShown(s));
}
