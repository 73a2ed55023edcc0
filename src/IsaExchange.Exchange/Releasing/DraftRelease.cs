using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsaExchange.Agreement;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Releasing;

/// <summary>A release that nobody has published yet: its row, files and statements.</summary>
sealed record ReleaseDraft(
    ReleaseRow Row, Coverage Coverage, IReadOnlyList<ReleaseFile> Files, IReadOnlyList<Statement> Statements);

/// <summary>Accepted submissions of a period → cubes summed → the feed's tables → its disclosure regime → files and
/// manifest.</summary>
sealed class DraftRelease(
    AgreementGate gate, ICatalogue catalogue, IObjectStore store, IKeyRing keys, TimeProvider clock)
{
    public async Task<ReleaseDraft> MakeAsync(
        ReleaseName feedName, Permit permit, InformationPeriod period, string note, CancellationToken ct)
    {
        using var step = Telemetry.Step("release.tables");
        var partnership = gate.Find(feedName.Agreement, "agreements/" + feedName.Agreement);
        var feed = partnership.Agreement.Feeds.Single(f => f.Id == feedName.Feed);
        var regime = DisclosureRegimes.Find(feed.Regime)
            ?? throw ExchangeException.Precondition(
                "UNKNOWN_REGIME", $"Feed {feed.Id} names a disclosure regime that this exchange does not have.");
        var (coverage, number) = await catalogue.ReadAsync(
            async db =>
            {
                var earlier = db.Releases.Where(r => r.Agreement == feedName.Agreement && r.Feed == feed.Id);
                var last = await earlier.MaxAsync(r => (int?)r.Number, ct) ?? 0;
                return (await Coverage.OfAsync(db, partnership, feed, period, ct), last + 1);
            },
            ct);
        if (coverage.Inputs.Count == 0)
            throw ExchangeException.Precondition(
                "NOTHING_SUBMITTED",
                coverage.LeftOut is [var left, ..]
                    ? $"What is submitted for {period} cannot be used: {left.Submission}: {left.Reason}."
                    : $"No authority has submitted {feed.Dataset} for {period}: there is nothing to publish.");
        var plan = CreateSubmission.Compile(
            partnership, gate.Book, feed.Dataset, period.Start, period.EndExclusive, feed.Areas);
        var tables = new FeedTables(partnership.Agreement, feed, plan);
        var located = new Dictionary<string, LocationQuality>(StringComparer.Ordinal);
        foreach (var input in coverage.Inputs.Where(i => !i.IsNil))
        {
            var cube = await OpenCubeAsync(input, ct);
            tables.Add(cube);
            if (cube.Locations is { } at)
                located[input.Id] = at;
        }

        coverage = coverage.WithLocations(located, feed);
        var published = tables.Publish(coverage, regime);
        var outside = regime.Publish(tables.OutsideRecords);
        var head = new ReleaseHead(
            feedName.Agreement, permit.Revision, feed, regime, period, number, note, clock.GetUtcNow());
        var terms = Manifest(head, coverage, outside, plan.Spec);
        if (coverage.LeftOut.Count > 0)
            terms["left_out"] = new JsonArray([.. coverage.LeftOut.Select(l => (JsonNode)new JsonObject
            {
                ["submission"] = l.Submission, ["reason"] = l.Reason,
            })]);
        ReleaseQueries.AddTo(terms, coverage);
        ReleaseQueries.AddLocationsTo(terms, coverage);
        ReleaseTerms.AddTo(terms, partnership.Agreement, feed, period, coverage);
        var files = await ReleaseFiles.AllAsync(published, coverage, terms, ct);
        return new ReleaseDraft(
            Row(head, coverage, files), coverage, files,
            [.. published.SelectMany(Statement.Of), OutsideStatement(outside)]);
    }

    sealed record ReleaseHead(
        string Agreement, string Revision, FeedClause Feed, IDisclosureRegime Regime, InformationPeriod Period,
        int Number, string Note, DateTimeOffset Time)
    {
        public string Name =>
            $"agreements/{Agreement}/feeds/{Feed.Id}/releases/{Number.ToString(CultureInfo.InvariantCulture)}";
    }

    async Task<Cube> OpenCubeAsync(SubmissionRow input, CancellationToken ct)
    {
        var name = input.CubeObject ?? throw new InvalidOperationException("A submitted dataset without a cube.");
        await using var content = await SealedObjects.OpenAsync(store, new ObjectName(name), keys, ct);
        return await CubeFile.ReadAsync(content, ct);
    }

    static ReleaseRow Row(ReleaseHead head, Coverage coverage, IReadOnlyList<ReleaseFile> files) => new()
    {
        Agreement = head.Agreement,
        Feed = head.Feed.Id,
        Number = head.Number,
        Build = Guid.CreateVersion7(head.Time).ToString("N"),
        AgreementRevision = head.Revision,
        PeriodStart = CreateSubmission.Iso(head.Period.Start),
        PeriodEnd = CreateSubmission.Iso(head.Period.EndExclusive),
        PublishTicks = head.Time.UtcTicks,
        ReadableTicks = head.Time.UtcTicks,
        Note = head.Note,
        // Nothing is signed before it is published: a dry run must not leave a second signature for this number.
        ManifestNote = "",
        FilesJson = JsonSerializer.Serialize(
            files.Select(f => new ReleaseFileEntry(f.Name, f.MediaType, f.Content.Length, f.Sha256, f.Rows))),
        CoverageJson = JsonSerializer.Serialize(coverage.Lines),
        Complete = coverage.IsComplete,
        Event = "",
    };

    /// <summary>The manifest says it, so the ledger keeps it.</summary>
    static Statement OutsideStatement(PublishedCell cell) =>
        new("outside-every-area", "ALL", cell.Status, cell.Value, cell.Lo, cell.Hi);

    static JsonObject Manifest(
        ReleaseHead head, Coverage coverage, PublishedCell outside, DatasetSpec spec) => new()
    {
        ["release"] = head.Name,
        ["title"] = head.Feed.Title,
        ["dataset"] = head.Feed.Dataset,
        ["dataset_version"] = spec.Version,
        ["first_day"] = CreateSubmission.Iso(head.Period.Start),
        ["last_day"] = CreateSubmission.Iso(head.Period.LastDay),
        ["published"] = head.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["agreement_revision"] = head.Revision,
        ["marking"] = head.Feed.Marking,
        ["purposes"] = Words(head.Feed.Purposes),
        ["regime"] = head.Regime.Id,
        ["guarantee"] = head.Regime.Guarantee,
        ["provisional"] = "not interval-checked",
        ["note"] = head.Note,
        ["caveats"] = Words(spec.Caveats),
        ["complete"] = coverage.IsComplete,
        ["outside_every_area"] = new JsonObject
        {
            ["value"] = outside.Value,
            ["status"] = ReleaseFiles.Word(outside.Status),
        },
        ["inputs"] = new JsonArray([.. coverage.Inputs.Select(i => (JsonNode)new JsonObject
        {
            ["submission"] = i.Name,
            ["content_sha256"] = i.ContentSha256,
            ["event"] = i.SubmitEvent,
        })]),
    };

    static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(w => (JsonNode)w)]);
}
