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
        var row = await FindAsync(name, ct);
        var ask = About(
            gate.Request(caller, verb) with
            {
                Party = name.Party,
                Dataset = name.Dataset,
                Purpose = string.IsNullOrEmpty(purpose) ? null : purpose,
            },
            row);
        var permit = await gate.AskAsync(caller, name.Agreement, ask, action, name.ToString(), ct);
        return (row ?? throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString())), permit);
    }

    /// <summary>Whether the caller, who may list the party's submissions, answers for this one's areas.</summary>
    internal bool MaySee(Caller caller, SubmissionRow row) => gate.Decide(row.Agreement, About(
        gate.Request(caller, Verb.ReadSubmission) with { Party = row.Party, Dataset = row.Dataset }, row)) is Permit;

    /// <summary>The request with what is known of the submission that it is about.</summary>
    static AccessRequest About(AccessRequest asked, SubmissionRow? row) =>
        row is null ? asked : asked with { Areas = row.Areas.Split(','), Period = PeriodOf(row) };

    /// <summary>What acting on the submission would ask, for whoever only wants to know.</summary>
    public async Task<AccessRequest> AboutAsync(AccessRequest asked, SubmissionName name, CancellationToken ct) =>
        About(asked, await FindAsync(name, ct));

    async Task<SubmissionRow?> FindAsync(SubmissionName name, CancellationToken ct)
    {
        PartyRows.Look(name.Agreement, name.Party);
        var row = await catalogue.ReadAsync(
            db => db.Submissions.SingleOrDefaultAsync(s => s.Id == name.Id, ct), ct);
        return row?.Name == name.ToString() ? row : null;
    }

    internal static InformationPeriod PeriodOf(SubmissionRow row) =>
        new(CreateSubmission.Day(row.PeriodStart), CreateSubmission.Day(row.PeriodEnd));
}
