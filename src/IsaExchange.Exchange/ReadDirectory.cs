using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;

namespace IsaExchange.Exchange;

/// <summary>Everybody designated, and what is vacant today.</summary>
public sealed record OfficerDirectory(
    SharingAgreement Agreement, IReadOnlyList<OfficerClause> Officers, IReadOnlyList<Vacancy> Vacancies);

/// <summary>Who answers for whom: every member may know.</summary>
public sealed class ReadDirectory(AgreementGate gate, AuditTrail trail, TimeProvider clock)
{
    /// <param name="party">Empty: every party.</param>
    public async Task<OfficerDirectory> RunAsync(Caller caller, string agreement, string party, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var permit = await gate.AskAsync(
            caller, agreement, gate.Request(caller, Verb.ReadAgreement), AuditActions.ReadAgreement, name, ct);
        await trail.RecordAsync(AuditEvent.Of(AuditActions.ReadAgreement, name + "/officers", caller, permit), ct);
        var rules = gate.Find(agreement, name).Agreement;
        var officers = rules.Officers.Where(o => party.Length == 0 || o.Party == party)
            .OrderBy(o => o.Party, StringComparer.Ordinal).ThenBy(o => o.Deputy).ThenBy(o => o.From)
            .ThenBy(o => o.Clause, StringComparer.Ordinal);
        var vacancies = Vacancies.Of(rules, LondonTime.Date(clock.GetUtcNow()))
            .Where(v => party.Length == 0 || v.Party == party);
        return new OfficerDirectory(rules, [.. officers], [.. vacancies]);
    }
}
