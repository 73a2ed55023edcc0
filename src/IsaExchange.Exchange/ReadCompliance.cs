using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>An obligation and how it stands today.</summary>
public sealed record ObligationView(Obligation Obligation, Standing Standing);

/// <summary>The agreement as its members may read it, and what is owed under it.</summary>
public sealed class ReadCompliance(AgreementGate gate, AuditTrail trail, ICatalogue catalogue, TimeProvider clock)
{
    public async Task<SharingAgreement> AgreementAsync(Caller caller, string agreement, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var permit = await gate.AskAsync(
            caller, agreement, gate.Request(caller, Verb.ReadAgreement), AuditActions.ReadAgreement, name, ct);
        await trail.RecordAsync(AuditEvent.Of(AuditActions.ReadAgreement, name, caller, permit), ct);
        return gate.Find(agreement, name).Agreement;
    }

    /// <summary>What the agreement would decide. Asking is a verb too, and is in the log.</summary>
    public async Task<Decision> CheckAsync(Caller caller, string agreement, AccessRequest request, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var permit = await gate.AskAsync(
            caller, agreement, gate.Request(caller, Verb.CheckAccess), AuditActions.CheckAccess, name, ct);
        await trail.RecordAsync(AuditEvent.Of(AuditActions.CheckAccess, name, caller, permit), ct);
        return gate.Decide(agreement, request);
    }

    /// <summary>
    /// Obligations by due date and then name: those whose period overlaps <paramref name="period"/>, or without one
    /// those
    /// that began in the last five quarters.
    /// </summary>
    public async Task<IReadOnlyList<ObligationView>> ObligationsAsync(
        Caller caller, string agreement, string party, bool openOnly, InformationPeriod? period, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var permit = await gate.AskAsync(
            caller, agreement, gate.Request(caller, Verb.ReadObligations), AuditActions.ReadObligations, name, ct);
        await trail.RecordAsync(AuditEvent.Of(AuditActions.ReadObligations, name + "/obligations", caller, permit), ct);
        var today = LondonTime.Date(clock.GetUtcNow());
        var returns = await ReturnsAsync(agreement, ct);
        var first = period is { } asked
            ? InformationPeriod.QuarterContaining(asked.Start).Start
            : InformationPeriod.QuarterContaining(today).Start.AddMonths(-15);
        return [.. gate.Find(agreement, name).Agreement.ObligationsBetween(first, period?.LastDay ?? today)
            .Where(o => period is not { } p || (o.Period.Start < p.EndExclusive && p.Start < o.Period.EndExclusive))
            .Where(o => party.Length == 0 || o.Party == party)
            .Select(o => new ObligationView(o, ObligationStanding.Assess(o, new ReturnActs(returns, [], [], null), today)))
            .Where(v => !openOnly || IsOpen(v.Standing.State))
            .OrderBy(v => v.Obligation.DueDate).ThenBy(v => v.Obligation.Id, StringComparer.Ordinal)];
    }

    static bool IsOpen(ObligationState state) =>
        state is ObligationState.NotYetDue or ObligationState.Due or ObligationState.Overdue;

    /// <summary>
    /// What counts: submitted returns, and those they corrected. A correction does not make late what was in time.
    /// </summary>
    Task<List<AcceptedReturn>> ReturnsAsync(string agreement, CancellationToken ct) => catalogue.ReadAsync(
        async db =>
        {
            var rows = await db.Submissions.Where(
                s => s.Agreement == agreement && s.SubmitTicks != null).ToListAsync(ct);
            return rows.ConvertAll(ToReturn);
        },
        ct);

    static AcceptedReturn ToReturn(SubmissionRow row) => new(
        row.Name, row.Party, row.Dataset, row.Areas.Split(','), SubmissionAccess.PeriodOf(row),
        new DateTimeOffset(row.SubmitTicks!.Value, TimeSpan.Zero), row.IsNil);
}
