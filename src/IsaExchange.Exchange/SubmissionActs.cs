using System.Security.Cryptography;
using System.Text;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>What withdrawing, freezing and unfreezing have in common: a reason, a row and an event.</summary>
static class SubmissionActs
{
    const int ReasonLengthMax = 1000;

    /// <exception cref="ExchangeException">INVALID_ARGUMENT.</exception>
    public static void CheckReason(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonLengthMax)
            throw ExchangeException.Invalid(
                "REASON_REQUIRED", $"Say why, in 1 to {ReasonLengthMax} characters, without naming a person.");
    }

    public static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Records the event and keeps the reason beside it, in one transaction.</summary>
    public static async Task<LoggedEvent> AddAsync(
        AuditScope scope, SubmissionRow row, SubmissionActKind kind, string reason, Caller caller, DateTimeOffset now,
        AuditEvent auditEvent)
    {
        var logged = await scope.RecordAsync(auditEvent with { ObjectSha256 = Digest(reason) });
        scope.Catalogue.SubmissionActs.Add(new SubmissionActRow
        {
            Event = logged.Id,
            Submission = row.Id,
            Kind = kind,
            Reason = reason,
            Actor = caller.Principal.Subject,
            Ticks = now.UtcTicks,
        });
        return logged;
    }
}
