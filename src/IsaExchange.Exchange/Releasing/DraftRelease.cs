using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsaExchange.Agreement;
using IsaExchange.Datasets.OutsideTables;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Exchange.Releasing.Files;
using IsaExchange.Exchange.Releasing.Ledger;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Releasing;

/// <summary>A release that nobody has published yet: its row, files and statements.</summary>
/// <param name="Secrets">What later releases have to be checked with. CONFIDENTIAL.</param>
/// <param name="Earlier">Names of the releases that it was checked with.</param>
sealed record ReleaseDraft(
    ReleaseRow Row, Coverage Coverage, IReadOnlyList<ReleaseFile> Files, IReadOnlyList<Statement> Statements,
    byte[] Secrets, IReadOnlySet<string> Earlier);

/// <summary>Accepted submissions of a period → cubes summed → the feed's tables → its disclosure regime and the
/// interval check → files and manifest → the check of the files.</summary>
sealed class DraftRelease(
    AgreementGate gate, ICatalogue catalogue, IObjectStore store, IKeyRing keys, SecretBox secrets, Limits limits,
    TimeProvider clock)
{
    readonly EarlierReleases _earlier = new(catalogue, store, keys);

    public async Task<ReleaseDraft> MakeAsync(
        ReleaseName feedName, Permit permit, InformationPeriod period, string note, CancellationToken ct)
    {
        using var step = Telemetry.Step("release.tables");
        var partnership = gate.Find(feedName.Agreement, "agreements/" + feedName.Agreement);
        var feed = partnership.Agreement.Feeds.Single(f => f.Id == feedName.Feed);
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
        var profile = FeedProfile.Of(feed, plan.Spec.Contributors is not null);
        coverage = profile.ZerosAreShown ? coverage : coverage.WithoutNil();
        var cells = new ReleaseShapeBuilder(feed, plan);
        var located = new Dictionary<string, LocationQuality>(StringComparer.Ordinal);
        foreach (var input in coverage.Inputs.Where(i => !i.IsNil))
        {
            var cube = await OpenCubeAsync(input, ct);
            cells.Add(cube, $"{input.PeriodStart}..{input.PeriodEnd}");
            if (cube.Locations is { } at)
                located[input.Id] = at;
        }

        coverage = coverage.WithLocations(located, feed);
        var now = clock.GetUtcNow();
        var earlier = await _earlier.ReadAsync(feedName.Agreement, feed.Dataset, period, now, ct);
        var geography = new Geography(feed, plan);
        ReleaseShape Build(FeedClause of) => cells.Build(partnership.Agreement, period, of.Tables);
        geography.FindUseful(profile, Build);
        var others = OutsideTables(feedName.Agreement, feed.Dataset);
        var release = Protect(
            geography, profile, () => Build(geography.Feed), cells.Outside, coverage, earlier, others, ct);
        var head = new ReleaseHead(
            feedName.Agreement, permit.Revision, feed, profile, period, number, note, now);
        var kept = release.Secrets.ToBytes();
        var terms = Manifest(head, coverage, release, plan.Spec);
        terms["interval_check"] = CheckNode.Of(release.Result, profile, kept, release.StatementsBefore);
        release.Secrets.Outside.AddTo(terms, profile);
        terms["utility"] = UtilityNode.Of(release.Tables, profile.Regime);
        if (coverage.LeftOut.Count > 0)
            terms["left_out"] = new JsonArray([.. coverage.LeftOut.Select(l => (JsonNode)new JsonObject
            {
                ["submission"] = l.Submission, ["reason"] = l.Reason,
            })]);
        ReleaseQueries.AddTo(terms, coverage);
        ReleaseQueries.AddLocationsTo(terms, coverage);
        ReleaseTerms.AddTo(terms, partnership.Agreement, feed, period, coverage);
        geography.AddTo(terms);
        var files = await ReleaseFiles.AllAsync(release.Tables, coverage, terms, ct);
        PublishedFilesCheck.Require(release, files);
        await ReadBack.RequireAsync(release.Tables, period.Start, period.LastDay, files, ct);
        return new ReleaseDraft(
            Row(head, coverage, files, kept), coverage, files,
            [.. release.Tables.SelectMany(Statement.Of), OutsideStatement(release.Outside)], kept,
            earlier.Select(e => e.Name).ToHashSet(StringComparer.Ordinal));
    }

    /// <exception cref="ExchangeException">It could not be proved that nothing can be derived: nothing is
    /// published.</exception>
    ProtectedRelease Protect(
        Geography geography, ProtectionProfile profile, Func<ReleaseShape> build, long outside, Coverage coverage,
        IReadOnlyList<EarlierRelease> earlier, IReadOnlyList<OutsideTable> others, CancellationToken ct)
    {
        using var step = Telemetry.Step("release.protect");
        var key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secrets.FingerprintKey, 32,
            info: Encoding.UTF8.GetBytes("isaexchange rounding offsets"));
        var protection = new ReleaseProtection(
            profile, key, geography.Feed.Dataset, new CheckLimits(limits.IntervalCheckTime.TotalSeconds));
        while (true)
        {
            var because = "";
            try
            {
                var release = protection.Run(build(), outside, coverage.IsMissing, earlier, others, ct);
                if (release.Result.Check.Report is not { IsSafe: false } report)
                    return release;
                because = NotSafe.Because(report);
            }
            catch (TimeoutException)
            {
                because = NotSafe.OutOfTime(limits.IntervalCheckTime);
            }

            if (!geography.CoarsenRefused())
                throw ExchangeException.Precondition("RELEASE_NOT_SAFE", because);
        }
    }

    List<OutsideTable> OutsideTables(string agreement, string dataset) =>
        [.. (gate.Book.Policies.Find(agreement)?.OutsideTables ?? []).Where(t => t.Dataset == dataset)];

    sealed record ReleaseHead(
        string Agreement, string Revision, FeedClause Feed, ProtectionProfile Profile, InformationPeriod Period,
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

    static ReleaseRow Row(
        ReleaseHead head, Coverage coverage, IReadOnlyList<ReleaseFile> files, byte[] secrets) => new()
    {
        Agreement = head.Agreement,
        Feed = head.Feed.Id,
        Number = head.Number,
        Build = Guid.CreateVersion7(head.Time).ToString("N"),
        AgreementRevision = head.Revision,
        Dataset = head.Feed.Dataset,
        SecretsSha256 = Convert.ToHexStringLower(SHA256.HashData(secrets)),
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
        ReleaseHead head, Coverage coverage, ProtectedRelease release, DatasetSpec spec) => new()
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
        ["regime"] = head.Profile.Regime,
        ["guarantee"] = head.Profile.Guarantee,
        ["note"] = head.Note,
        ["caveats"] = Words(spec.Caveats),
        ["complete"] = coverage.IsComplete,
        ["outside_every_area"] = new JsonObject
        {
            ["value"] = release.Outside.Value,
            ["status"] = ReleaseFiles.Word(release.Outside.Status),
        },
        ["inputs"] = new JsonArray([.. coverage.Inputs.Select(i => (JsonNode)InputNode(i, head.Profile))]),
    };

    /// <summary>A nil return has no content, and where zeros are not shown nothing may tell that it is one.</summary>
    static JsonObject InputNode(SubmissionRow input, ProtectionProfile profile)
    {
        var node = new JsonObject { ["submission"] = input.Name, ["event"] = input.SubmitEvent };
        if (profile.ZerosAreShown)
            node["content_sha256"] = input.ContentSha256;
        return node;
    }

    static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(w => (JsonNode)w)]);
}
