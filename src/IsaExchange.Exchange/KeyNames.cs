using System.Globalization;
using IsaExchange.Agreement;
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

    /// <summary>Key of what later releases are checked with, as secret as records.</summary>
    public const string ReleaseSecrets = "exchange.release-secrets";

    internal static string For(AgreementGate gate, SubmissionRow row) =>
        Of(row.Agreement, row.Party, LastDay(gate, row));

    /// <summary>The key of what a party may keep until some day of that year.</summary>
    internal static string Of(string agreement, string party, DateOnly lastDay) =>
        $"{agreement}.{party}.until-{lastDay.Year.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The key that an erasure is of.</summary>
    internal static string Of(ErasureName name) => $"{name.Agreement}.{name.Party}.{name.Id}";

    /// <summary>The last word of a key's name, which is unique among its party's.</summary>
    internal static string BucketOf(string keyName) => keyName[(keyName.LastIndexOf('.') + 1)..];

    /// <summary>The last day on which it may be kept, by the revision that it was sent under.</summary>
    internal static DateOnly LastDay(AgreementGate gate, SubmissionRow row) => LastDay(
        gate.Find(row.Agreement, row.AgreementRevision, row.Name), row.Dataset, CreateSubmission.Day(row.PeriodEnd));

    /// <param name="periodEnd">The day after the period.</param>
    internal static DateOnly LastDay(SharingAgreement revision, string dataset, DateOnly periodEnd)
    {
        var kept = revision.Retention.FirstOrDefault(r => r.Dataset == dataset);

        // Without a clause the term of the agreement is the longest anything may be kept.
        return kept is null ? revision.To : periodEnd.AddMonths(3 * kept.Periods).AddDays(-1);
    }
}
