using System.Text.Json.Nodes;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>One access in words, for the authority whose dataset it touched.</summary>
/// <param name="Position">Commit order: where a list goes on.</param>
public sealed record AccessView(long Position, long? Index, string EventId, JsonObject Event, string? ActorName);

/// <summary>Answers "who accessed ours", and hands out the whole log with others' entries masked.</summary>
public sealed class ReadAudit(AgreementGate gate, AuditTrail trail, ICatalogue catalogue)
{
    /// <summary>
    /// Every event that touched the party's datasets, refusals included, newest first. Pages go on before a position,
    /// not after a count: the list grows while it is read, by the reading alone.
    /// </summary>
    public async Task<IReadOnlyList<AccessView>> AccessesAsync(
        Caller caller, PartyName name, string dataset, DateTimeOffset? since, DateTimeOffset? until, long before,
        int take, CancellationToken ct)
    {
        await PermitAsync(caller, name, Verb.ReadAudit, AuditActions.ReadAudit, dataset, ct);
        var (from, to) = (since?.UtcTicks ?? 0, until?.UtcTicks ?? long.MaxValue);
        var (rows, actors) = await catalogue.ReadAsync(
            async db =>
            {
                var theirs = db.EventSubjects
                    .Where(s => s.Agreement == name.Agreement && s.Party == name.Party)
                    .Where(s => dataset == "" || s.Dataset == dataset || s.Dataset == "")
                    .Select(s => s.Event);
                var found = await db.Events.Where(
                    e => theirs.Contains(e.Id) && e.Ticks >= from && e.Ticks < to && e.Json != null)
                    .Where(e => before == 0 || e.Sequence < before)
                    .OrderByDescending(e => e.Sequence).Take(take).ToListAsync(ct);
                return (found, await db.Actors.ToDictionaryAsync(a => a.Pseudonym, a => a.Subject, ct));
            },
            ct);
        var agreement = gate.Find(name.Agreement, "agreements/" + name.Agreement).Agreement;
        return rows.ConvertAll(row =>
        {
            var said = JsonNode.Parse(row.Json!)!.AsObject();
            var subject = actors.GetValueOrDefault((string)said["actor"]!);
            return new AccessView(row.Sequence, row.Index, row.Id, said, NameOf(agreement, subject));
        });
    }

    /// <summary>Permit and event for the export of the whole log; its entries come from the log reader.</summary>
    public Task<Permit> PermitExportAsync(Caller caller, PartyName name, CancellationToken ct) =>
        PermitAsync(caller, name, Verb.ExportLog, AuditActions.ExportLog, "", ct);

    /// <summary>Whether the caller may still export the log: asked while the stream is open.</summary>
    public Task RecheckExportAsync(Caller caller, PartyName name, Permit permit, CancellationToken ct) =>
        gate.RecheckAsync(
            caller, permit, AuditActions.ExportLog, $"agreements/{name.Agreement}/parties/{name.Party}", ct);

    internal static string? NameOf(SharingAgreement agreement, string? subject) =>
        subject is null || !Principal.TryParse(subject, out var principal)
            ? null
            : principal.Person is { } person
                ? agreement.People.FirstOrDefault(p => p.Id == person)?.Name
                : principal.SenderName;

    async Task<Permit> PermitAsync(
        Caller caller, PartyName name, Verb verb, string action, string dataset, CancellationToken ct)
    {
        var objectName = $"agreements/{name.Agreement}/parties/{name.Party}";
        var ask = gate.Request(caller, verb)
            with { Party = name.Party, Dataset = dataset.Length == 0 ? null : dataset };
        var permit = await gate.AskAsync(caller, name.Agreement, ask, action, objectName, ct);

        // Whoever reads the log is in the log.
        var logged = AuditEvent.Of(action, objectName + "/accesses", caller, permit);
        await trail.RecordAsync(logged with { Subjects = [new EventSubject(name.Party, dataset)] }, ct);
        return permit;
    }
}
