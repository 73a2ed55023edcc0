using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>
/// Lets a relevant authority of the same area read the records themselves: for a purpose, of the areas and days it
/// asked for, with the columns that the agreement opens. The events are durable before the first byte leaves.
/// </summary>
public sealed class ReadRecords(
    AgreementGate gate, AuditTrail trail, Freezes freezes, ICatalogue catalogue, IObjectStore store, IKeyRing keys)
{
    public async Task<OpenedRecords> OpenAsync(Caller caller, RecordsAsked asked, CancellationToken ct)
    {
        using var step = Telemetry.Step("records.open");
        var name = asked.Dataset;
        var ask = gate.Request(caller, Verb.ReadRecords) with
        {
            Party = name.Party,
            Dataset = name.Dataset,
            Areas = asked.Areas,
            Period = asked.Period,
            Purpose = asked.Purpose.Length == 0 ? null : asked.Purpose,
        };
        var permit = await gate.AskAsync(caller, name.Agreement, ask, AuditActions.ReadRecords, name.DatasetName, ct);
        var attempt = AuditEvent.Of(AuditActions.ReadRecords, name.DatasetName + "/records", caller, permit) with
        {
            Purpose = asked.Purpose,
            Subjects = [new EventSubject(name.Party, name.Dataset)],
        };
        var sources = await catalogue.ReadAsync(db => RecordSources.OfAsync(db, asked, ct), ct);
        var columns = await ColumnsAsync(asked, permit, sources, attempt, ct);
        var partnership = gate.Find(name.Agreement, name.DatasetName);
        var parts = sources.Rows.Select(row => RecordsPart.Of(row, asked, partnership, gate.Book)).ToList();

        var from = ReadFrom.Contents([.. sources.Rows.Select(r => r.Id)]) with { NeedsStanding = true };
        var read = Guid.NewGuid().ToString("N");
        var events = parts.ConvertAll(p => attempt with
        {
            Resource = $"{p.Row.Name}/records/{read}", ObjectSha256 = p.Row.ContentSha256 ?? "",
        });
        var audited = await freezes.RecordAsync(from, events, ct);
        for (var i = 0; i < parts.Count; i++)
            (parts[i].Began, parts[i].EventId) = (events[i], audited.Value[i].Id);
        return new OpenedRecords(
            new RecordsSelected(asked, columns, parts, sources.MissingAreas, permit.Revision), trail, store, keys,
            async token =>
            {
                await RecheckAsync(caller, permit, attempt, name.DatasetName, token);
                await freezes.RecheckAsync(from, attempt, token);
            });
    }

    /// <summary>
    /// Columns, areas and days were chosen by the revision of the beginning: under another one the stream does not go
    /// on, even where that one permits it too, because it may open less.
    /// </summary>
    async Task RecheckAsync(
        Caller caller, Permit permit, AuditEvent attempt, string objectName, CancellationToken ct)
    {
        var now = await gate.RecheckAsync(caller, permit, AuditActions.ReadRecords, objectName, ct);
        if (now.Revision == permit.Revision)
            return;
        const string Reason = "AGREEMENT_CHANGED";
        await trail.RecordAsync(
            attempt with { Allowed = false, Reason = Reason, Revision = now.Revision, Clauses = [] }, ct);
        Telemetry.Refused(Reason);
        throw new ExchangeException(
            ProblemKind.Aborted, Reason,
            "Another revision of the agreement is in force since this read began. Use nothing of it; begin again.");
    }

    /// <summary>The columns that leave. A no of the narrower revision is in the log like any refusal.</summary>
    async Task<IReadOnlyList<string>> ColumnsAsync(
        RecordsAsked asked, Permit permit, RecordSources sources, AuditEvent attempt, CancellationToken ct)
    {
        var spec = gate.Book.Datasets.Find(asked.Dataset.Dataset) ?? throw ExchangeException.Precondition(
            "UNKNOWN_DATASET", $"Dataset {asked.Dataset.Dataset} has no specification here.");
        var revisions = sources.Rows.Select(r => r.AgreementRevision).Prepend(permit.Revision)
            .Distinct(StringComparer.Ordinal)
            .Select(revision => gate.Book.Find(asked.Dataset.Agreement, revision));
        try
        {
            var columns = ColumnCeiling.Apply(
                [.. spec.Fields.Select(f => f.Name)], asked, permit.CallerParty, revisions);
            if (sources.Rows.Count == 0)
                throw ExchangeException.Precondition(
                    "NOTHING_SUBMITTED",
                    $"{asked.Dataset.DatasetName}: nothing is submitted for these areas and {asked.Period}.");
            return columns;
        }
        catch (ExchangeException e)
        {
            var clauses = e.Details.TryGetValue("clause", out var clause) ? [clause] : attempt.Clauses;
            await trail.RecordAsync(attempt with { Allowed = false, Reason = e.Reason, Clauses = clauses }, ct);
            Telemetry.Refused(e.Reason);
            throw;
        }
    }
}
