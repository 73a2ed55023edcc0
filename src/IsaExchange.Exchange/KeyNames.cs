using System.Globalization;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>
/// Names of key-encryption keys: one per party and retention bucket, so that destroying one key erases exactly what
/// falls due together.
/// </summary>
public static class KeyNames
{
    /// <summary>Key of what an exchange publishes: releases are nobody's personal retention matter.</summary>
    public const string Releases = "exchange.releases";

    internal static string For(AgreementGate gate, SubmissionRow row) =>
        $"{row.Agreement}.{row.Party}.until-{RetentionYear(gate, row).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The calendar year in which the dataset's retention ends; a bucket is a year.</summary>
    static int RetentionYear(AgreementGate gate, SubmissionRow row)
    {
        var agreement = gate.Find(row.Agreement, row.AgreementRevision, row.Name);
        var end = CreateSubmission.Day(row.PeriodEnd);
        var kept = agreement.Retention.FirstOrDefault(r => r.Dataset == row.Dataset);

        // Without a clause the term of the agreement is the longest anything may be kept.
        return kept is null ? agreement.To.Year : end.AddMonths(3 * kept.Periods).Year;
    }
}
