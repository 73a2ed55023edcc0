using System.Text.Json.Nodes;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Checking;

/// <summary>
/// From the log to the rows: whatever an event says was done has the row that it left. A row that somebody took away
/// is missed by nothing else, because nothing else asks for it.
/// </summary>
sealed class LoggedRowsCheck(ICatalogue catalogue)
{
    const int Page = 1024;

    public async Task RunAsync(FsckReport report, CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            var from = after;
            var found = await catalogue.ReadAsync(async db => await CheckPageAsync(db, from, ct), ct);
            if (found is not { } page)
                return;
            report.Acts += page.Acts;
            report.Blanked += page.Blanked;
            foreach (var (what, fault) in page.Faults)
                report.Add(what, fault);
            after = page.Last;
        }
    }

    /// <summary>One page, of one moment with its rows; null behind the last.</summary>
    static async Task<Checked?> CheckPageAsync(CatalogueContext db, long after, CancellationToken ct)
    {
        var events = await db.Events.Where(e => e.Sequence > after).OrderBy(e => e.Sequence)
            .Take(Page).Select(e => new { e.Sequence, e.Id, e.Json }).ToListAsync(ct);
        if (events.Count == 0)
            return null;
        var acts = events.Where(e => e.Json is not null).Select(e => Act.Of(e.Id, e.Json!)).OfType<Act>().ToList();
        var rows = await RowsOf.ReadAsync(db, acts, ct);
        return new Checked(
            events[^1].Sequence, acts.Count, events.Count(e => e.Json is null),
            [.. acts.Where(a => !rows.HasRowOf(a)).Select(a => new Finding(a.Resource, a.Fault))]);
    }

    sealed record Checked(long Last, int Acts, int Blanked, IReadOnlyList<Finding> Faults);

    /// <summary>Something that was allowed and done, and left a row.</summary>
    sealed record Act(string Event, string Action, string Resource)
    {
        /// <summary>Those that say that something else stood already, or that nothing was to be done.</summary>
        static readonly string[] WithoutRow = ["REPEATED", "VALIDATE_ONLY"];

        static readonly string[] WithRow =
        [
            AuditActions.CreateSubmission, AuditActions.ContentReady, AuditActions.ContentRefused, AuditActions.Submit,
            AuditActions.WithdrawSubmission, AuditActions.FreezeSubmission, AuditActions.UnfreezeSubmission,
            AuditActions.EraseSubmission, AuditActions.DestroyContent, AuditActions.WithholdReturn,
            AuditActions.PublishRelease, AuditActions.ProposeRelease, AuditActions.ApproveRelease,
            AuditActions.RejectRelease, AuditActions.RetractRelease, AuditActions.OrderDestruction,
            AuditActions.DestroyKey,
        ];

        public string Last => Resource[(Resource.LastIndexOf('/') + 1)..];

        public string Fault => $"the log has its {Action} (event {Event}), the catalogue has no row that says so";

        /// <summary>Null for all other events, and for one that is no event: the check of the log tells of
        /// it.</summary>
        public static Act? Of(string id, string json)
        {
            if (Parse(json) is not { } said)
                return null;
            var (action, resource) = (Text(said, "action"), Text(said, "object"));
            return WithRow.Contains(action) && Text(said, "decision") == "allow"
                && !WithoutRow.Contains(Text(said, "reason")) ? new Act(id, action, resource) : null;
        }

        static JsonObject? Parse(string json)
        {
            try
            {
                return JsonNode.Parse(json) as JsonObject;
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
        }

        static string Text(JsonObject said, string field) =>
            said[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
    }

    /// <summary>The rows that some acts speak of.</summary>
    sealed record RowsOf(
        Dictionary<string, SubmissionRow> Submissions, HashSet<string> Reports, HashSet<string> Acts,
        HashSet<string> Withholdings, Dictionary<string, ReleaseRow> Releases, Dictionary<string, ErasureRow> Erasures)
    {
        /// <summary>Events of proposals, of what was said to them, and of retractions.</summary>
        public HashSet<string> OnReleases { get; private init; } = [];

        public static async Task<RowsOf> ReadAsync(CatalogueContext db, List<Act> acts, CancellationToken ct)
        {
            var last = acts.Select(a => a.Last).Distinct().ToList();
            var ids = acts.Select(a => a.Event).ToList();
            return new RowsOf(
                await db.Submissions.Where(s => last.Contains(s.Id)).ToDictionaryAsync(s => s.Name, ct),
                [.. await db.Reports.Where(r => last.Contains(r.Submission)).Select(r => r.Submission).ToListAsync(ct)],
                [.. await db.SubmissionActs.Where(a => ids.Contains(a.Event)).Select(a => a.Event).ToListAsync(ct)],
                [.. await db.Withholdings.Where(w => ids.Contains(w.Event)).Select(w => w.Event).ToListAsync(ct)],
                await db.Releases.Where(r => ids.Contains(r.Event)).ToDictionaryAsync(r => r.Event, ct),
                await db.Erasures.Where(e => last.Contains(e.KeyName)).ToDictionaryAsync(e => e.KeyName, ct))
            {
                OnReleases =
                [
                    .. await db.ReleaseProposals.Where(p => ids.Contains(p.Event)).Select(p => p.Event).ToListAsync(ct),
                    .. await db.ProposalActs.Where(a => ids.Contains(a.Event)).Select(a => a.Event).ToListAsync(ct),
                    .. await db.ReleaseRetractions.Where(r => ids.Contains(r.Event)).Select(r => r.Event)
                        .ToListAsync(ct),
                ],
            };
        }

        public bool HasRowOf(Act act) => act.Action switch
        {
            AuditActions.ProposeRelease or AuditActions.ApproveRelease or AuditActions.RejectRelease
                or AuditActions.RetractRelease => OnReleases.Contains(act.Event),
            AuditActions.PublishRelease => Releases.GetValueOrDefault(act.Event)?.Name == act.Resource,
            AuditActions.OrderDestruction => Erasures.ContainsKey(act.Last),
            AuditActions.DestroyKey => Erasures.GetValueOrDefault(act.Last)?.Note is not null,
            AuditActions.WithholdReturn => Withholdings.Contains(act.Event),
            _ => Submissions.GetValueOrDefault(act.Resource) is { } row && Says(row, act),
        };

        bool Says(SubmissionRow row, Act act) => act.Action switch
        {
            AuditActions.ContentReady or AuditActions.ContentRefused => Reports.Contains(row.Id),
            AuditActions.Submit => row.SubmitEvent == act.Event && row.ReceiptNote is not null,
            AuditActions.WithdrawSubmission => row.WithdrawTicks is not null && Acts.Contains(act.Event),
            AuditActions.FreezeSubmission or AuditActions.UnfreezeSubmission => Acts.Contains(act.Event),
            AuditActions.EraseSubmission => row.State == SubmissionState.Erased,
            AuditActions.DestroyContent => row.DestroyTicks is not null,
            _ => true,
        };
    }
}
