using System.Globalization;
using System.Text.Json.Nodes;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>One time that somebody took a submission, or what was released from it: an event of the log.</summary>
/// <param name="Finished">False: the log does not say how far a read of records came.</param>
/// <param name="Contact">Liaison officer of that authority today; null in a vacancy.</param>
public sealed record Pull(
    string EventId, DateTimeOffset Time, string Party, string Actor, string? ActorName, string Action,
    string Resource, string Purpose, long Rows, long Bytes, bool Finished, string? Contact)
{
    /// <summary>Id of the person; null of a system, or where the log does not know any more.</summary>
    internal string? Person { get; init; }
}

/// <summary>
/// Who has it: gathered from the events that touched the authority's dataset, not from a counter beside them, so that
/// it is as complete as the log is. Every read of a release names the contributors of that release as its subjects.
/// </summary>
static class RecallList
{
    static readonly string[] Taking =
    [
        AuditActions.ReadReleaseFile, AuditActions.ReadTable, AuditActions.CompareReleases, AuditActions.ReadRecords,
        AuditActions.ExportRecords,
    ];

    /// <summary>Of a submission and of what was released from it, or waits for approval. Oldest first.</summary>
    public static async Task<IReadOnlyList<Pull>> OfAsync(
        CatalogueContext db, SharingAgreement agreement, SubmissionRow row, DateOnly today, CancellationToken ct)
    {
        var releases = await ReleasesAsync(db, row, ct);
        var proposals = await db.ReleaseProposals.Where(p => p.Agreement == row.Agreement
            && p.InputsJson.Contains(row.Id)).ToListAsync(ct);
        string[] folders =
        [
            row.Name + "/", .. releases.Select(r => r + "/files/"), .. proposals.Select(p => p.Name + "/files/"),
        ];
        return await OfAsync(db, agreement, EventsAsync(db, row), folders, today, ct);
    }

    /// <summary>Of one release. Oldest first.</summary>
    public static async Task<IReadOnlyList<Pull>> OfAsync(
        CatalogueContext db, SharingAgreement agreement, ReleaseRow row, DateOnly today, CancellationToken ct) =>
        await OfAsync(db, agreement, EventsAsync(db, row), [row.Name + "/files/"], today, ct);

    static async Task<IReadOnlyList<Pull>> OfAsync(
        CatalogueContext db, SharingAgreement agreement, IAsyncEnumerable<string> events, string[] folders,
        DateOnly today, CancellationToken ct)
    {
        var (pulls, sent) = (new List<JsonObject>(), new Dictionary<string, JsonObject>(StringComparer.Ordinal));
        await foreach (var json in events.WithCancellation(ct))
        {
            var said = JsonNode.Parse(json)!.AsObject();
            var (action, resource) = (Text(said, "action"), Text(said, "object"));
            if (Text(said, "decision") != "allow"
                || !Array.Exists(folders, f => resource.StartsWith(f, StringComparison.Ordinal)))
                continue;
            if (action == AuditActions.ReadRecordsDone)
                sent[resource] = said;
            else if (Taking.Contains(action, StringComparer.Ordinal))
                pulls.Add(said);
        }

        var actors = await db.Actors.ToDictionaryAsync(a => a.Pseudonym, a => a.Subject, StringComparer.Ordinal, ct);
        return pulls.ConvertAll(said => ToPull(
            said, sent.GetValueOrDefault(Text(said, "object")), actors, agreement, today));
    }

    /// <summary>Names of the releases made from it, by feed and number.</summary>
    public static async Task<IReadOnlyList<string>> ReleasesAsync(
        CatalogueContext db, SubmissionRow row, CancellationToken ct)
    {
        var inputs = await db.ReleaseInputs.Where(i => i.Submission == row.Id)
            .OrderBy(i => i.Feed).ThenBy(i => i.Number).ToListAsync(ct);
        return inputs.ConvertAll(i => new ReleaseName(i.Agreement, i.Feed, i.Number).ToString());
    }

    /// <summary>Events of the kinds that take something, that touched the authority's dataset, in commit
    /// order.</summary>
    static IAsyncEnumerable<string> EventsAsync(CatalogueContext db, SubmissionRow row)
    {
        var theirs = db.EventSubjects
            .Where(s => s.Agreement == row.Agreement && s.Party == row.Party && s.Dataset == row.Dataset)
            .Select(s => s.Event);

        return EventsAsync(db, theirs, row.CreateTicks);
    }

    static IAsyncEnumerable<string> EventsAsync(CatalogueContext db, ReleaseRow row)
    {
        var inputs = db.ReleaseInputs
            .Where(i => i.Agreement == row.Agreement && i.Feed == row.Feed && i.Number == row.Number);
        var theirs = db.EventSubjects
            .Where(s => s.Agreement == row.Agreement
                && inputs.Any(i => i.Party == s.Party && i.Dataset == s.Dataset))
            .Select(s => s.Event);
        return EventsAsync(db, theirs, row.PublishTicks);
    }

    // A filter to spare work, spelt as canonical JSON is; what an event is, is read from it above.
    static IAsyncEnumerable<string> EventsAsync(CatalogueContext db, IQueryable<string> theirs, long from) =>
        db.Events.Where(e => theirs.Contains(e.Id) && e.Ticks >= from && e.Json != null)
            .Where(e => e.Json!.Contains("\"action\":\"read.re") || e.Json!.Contains("\"action\":\"export."))
            .OrderBy(e => e.Sequence).Select(e => e.Json!).AsAsyncEnumerable();

    static Pull ToPull(
        JsonObject said, JsonObject? sent, Dictionary<string, string> actors, SharingAgreement agreement,
        DateOnly today)
    {
        var (party, action) = (Text(said, "party"), Text(said, "action"));
        var counted = sent ?? said;
        return new Pull(
            Text(said, "id"),
            DateTimeOffset.Parse(Text(said, "time"), CultureInfo.InvariantCulture),
            party,
            Text(said, "actor"),
            ReadAudit.NameOf(agreement, actors.GetValueOrDefault(Text(said, "actor"))),
            action,
            Text(said, "object"),
            Text(said, "purpose"),
            (long)counted["rows"]!,
            (long)counted["bytes"]!,
            Finished: action != AuditActions.ReadRecords || sent is not null,
            Freezes.ContactOf(agreement, party, today))
        {
            Person = PersonOf(actors.GetValueOrDefault(Text(said, "actor"))),
        };
    }

    static string? PersonOf(string? subject) =>
        subject is not null && Principal.TryParse(subject, out var principal) ? principal.Person : null;

    static string Text(JsonObject said, string field) => (string)said[field]!;
}
