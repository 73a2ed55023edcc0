using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>One erasure as its party keeps it.</summary>
/// <param name="Proof">That the certificate's event is in the log; null until it is.</param>
public sealed record ErasureView(ErasureName Name, ErasureRow Row, string? Proof);

/// <summary>Hands a party the certificates of its own destroyed keys: whoever may read the party's audit may.</summary>
public sealed class ReadErasures(AgreementGate gate, AuditTrail trail, ICatalogue catalogue, ReceiptProofs proofs)
{
    /// <summary>Oldest year first, ordered ones without a certificate too.</summary>
    public async Task<IReadOnlyList<ErasureView>> ListAsync(
        Caller caller, PartyName parent, int skip, int take, CancellationToken ct)
    {
        await PermitAsync(caller, parent, "erasures", ct);
        var rows = await catalogue.ReadAsync(
            db => db.Erasures.Where(e => e.Agreement == parent.Agreement && e.Party == parent.Party)
                .OrderBy(e => e.KeyName).Skip(skip).Take(take).ToListAsync(ct),
            ct);
        var views = new List<ErasureView>();
        foreach (var row in rows)
            views.Add(await ViewAsync(row, ct));
        return views;
    }

    /// <exception cref="ExchangeException">NOT_FOUND when no such key was destroyed, or ordered to be.</exception>
    public async Task<ErasureView> GetAsync(Caller caller, ErasureName name, CancellationToken ct)
    {
        await PermitAsync(caller, name.Parent, "erasures/" + name.Id, ct);
        var keyName = KeyNames.Of(name);
        var row = await catalogue.ReadAsync(
            db => db.Erasures.SingleOrDefaultAsync(
                e => e.KeyName == keyName && e.Agreement == name.Agreement && e.Party == name.Party, ct),
            ct);
        return row is null ? throw ExchangeException.NotFound($"{name}") : await ViewAsync(row, ct);
    }

    async Task<ErasureView> ViewAsync(ErasureRow row, CancellationToken ct)
    {
        var evidence = row.Event is { } destroyed ? await proofs.FindAsync(destroyed, ct) : null;
        return new ErasureView(
            new ErasureName(row.Agreement, row.Party, KeyNames.BucketOf(row.KeyName)), row, evidence?.Proof);
    }

    async Task PermitAsync(Caller caller, PartyName parent, string collection, CancellationToken ct)
    {
        var name = $"agreements/{parent.Agreement}/parties/{parent.Party}";
        var ask = gate.Request(caller, Verb.ReadAudit) with { Party = parent.Party };
        var permit = await gate.AskAsync(caller, parent.Agreement, ask, AuditActions.ReadErasures, name, ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadErasures, $"{name}/{collection}", caller, permit) with
            {
                Subjects = [new EventSubject(parent.Party, "")],
            },
            ct);
    }
}
