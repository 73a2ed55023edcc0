using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Asks the agreement about one submission, with its own areas and period: an officer designated for some areas does
/// not act for the others. A submission that does not exist is asked about too, so that absent and forbidden cost the
/// same and look the same.
/// </summary>
public sealed class SubmissionAccess(AgreementGate gate, ICatalogue catalogue)
{
    /// <param name="purpose">For verbs that need one; else null.</param>
    /// <exception cref="RefusedException">The agreement says no.</exception>
    /// <exception cref="ExchangeException">NOT_FOUND.</exception>
    public async Task<(SubmissionRow Row, Permit Permit)> PermitAsync(
        Caller caller, SubmissionName name, Verb verb, string action, CancellationToken ct, string? purpose = null)
    {
        var row = await catalogue.ReadAsync(
            db => db.Submissions.SingleOrDefaultAsync(s => s.Id == name.Id, ct), ct);
        if (row is not null && row.Name != name.ToString())
            row = null;
        var ask = gate.Request(caller, verb) with
        {
            Party = name.Party,
            Dataset = name.Dataset,
            Purpose = string.IsNullOrEmpty(purpose) ? null : purpose,
            Areas = row?.Areas.Split(',') ?? [],
            Period = row is null ? null : PeriodOf(row),
        };
        var permit = await gate.AskAsync(caller, name.Agreement, ask, action, name.ToString(), ct);
        return (row ?? throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString())), permit);
    }

    internal static InformationPeriod PeriodOf(SubmissionRow row) =>
        new(CreateSubmission.Day(row.PeriodStart), CreateSubmission.Day(row.PeriodEnd));
}
