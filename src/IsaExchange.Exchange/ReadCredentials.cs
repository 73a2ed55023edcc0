using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>Shows a party which keys and identities act in its name.</summary>
public sealed class ReadCredentials(AgreementGate gate, AuditTrail trail, ICatalogue catalogue)
{
    /// <summary>Newest first, ended ones too.</summary>
    public async Task<IReadOnlyList<CredentialRow>> CredentialsAsync(
        Caller caller, PartyName parent, int skip, int take, CancellationToken ct)
    {
        await PermitAsync(caller, parent, "credentials", ct);
        return await catalogue.ReadAsync(
            db => db.Credentials.Where(c => c.Agreement == parent.Agreement && c.Party == parent.Party)
                .OrderByDescending(c => c.EnrolTicks).ThenBy(c => c.Id).Skip(skip).Take(take).ToListAsync(ct),
            ct);
    }

    /// <summary>By person.</summary>
    public async Task<IReadOnlyList<IdentityRow>> IdentitiesAsync(
        Caller caller, PartyName parent, int skip, int take, CancellationToken ct)
    {
        await PermitAsync(caller, parent, "identities", ct);
        return await catalogue.ReadAsync(
            db => db.Identities.Where(i => i.Agreement == parent.Agreement && i.Party == parent.Party)
                .OrderBy(i => i.Person).ThenBy(i => i.Id).Skip(skip).Take(take).ToListAsync(ct),
            ct);
    }

    async Task PermitAsync(Caller caller, PartyName parent, string collection, CancellationToken ct)
    {
        var name = $"agreements/{parent.Agreement}/parties/{parent.Party}";
        var ask = gate.Request(caller, Verb.ReadCredentials) with { Party = parent.Party };
        var permit = await gate.AskAsync(caller, parent.Agreement, ask, AuditActions.ReadCredentials, name, ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadCredentials, $"{name}/{collection}", caller, permit) with
            {
                Subjects = [new EventSubject(parent.Party, "")],
            },
            ct);
    }
}
