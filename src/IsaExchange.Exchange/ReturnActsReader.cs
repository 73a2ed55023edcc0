using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What was done about the obligations of an agreement, read from the catalogue with its times.</summary>
public static class ReturnActsReader
{
    /// <summary>Everything ever submitted, withheld and excepted; the standing of a past day needs all of it.</summary>
    internal static async Task<ReturnActs> ReadAsync(
        CatalogueContext db, SharingAgreement agreement, CancellationToken ct)
    {
        var submissions = await db.Submissions.Where(s => s.Agreement == agreement.Id && s.SubmitTicks != null)
            .ToListAsync(ct);
        var withheld = await db.Withholdings.Where(w => w.Agreement == agreement.Id).ToListAsync(ct);
        var exceptions = await db.Exceptions.Where(e => e.Agreement == agreement.Id).OrderBy(e => e.GrantTicks)
            .ToListAsync(ct);
        return new ReturnActs(
            submissions.Select(ToReturn), withheld.Select(ToWithholding),
            exceptions.SelectMany(ToActs), agreement.Compliance.LockDaysAfter);
    }

    /// <summary>What opens a locked period again: one act for each area.</summary>
    internal static IEnumerable<ExceptionAct> ToActs(ExceptionRow row) =>
        row.Areas.Split(',').Select(area => new ExceptionAct(
            row.Party, row.Dataset, area, CreateSubmission.Day(row.PeriodStart), CreateSubmission.Day(row.Until),
            Time(row.GrantTicks))
        {
            Revoked = row.RevokeTicks is { } ticks ? Time(ticks) : null,
        });

    static AcceptedReturn ToReturn(SubmissionRow row) => new(
        row.Name, row.Party, row.Dataset, row.Areas.Split(','), SubmissionAccess.PeriodOf(row),
        Time(row.SubmitTicks!.Value), row.IsNil)
    {
        Corrects = row.Supersedes,
        WithdrawTime = row.WithdrawTicks is { } ticks ? Time(ticks) : null,
    };

    static Withholding ToWithholding(WithholdingRow row) => new(
        row.Party, row.Dataset, row.Areas.Split(','),
        new InformationPeriod(CreateSubmission.Day(row.PeriodStart), CreateSubmission.Day(row.PeriodEnd)),
        row.Reason, Time(row.Ticks));

    static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
