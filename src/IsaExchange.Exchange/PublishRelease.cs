using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsaExchange.Agreement;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Accepted submissions of a period → cubes summed → the feed's tables → its disclosure regime → sealed files and a
/// signed manifest → one transaction in which the release, its statements in the ledger and its event appear together.
/// </summary>
public sealed class PublishRelease(
    AgreementGate gate, AuditTrail trail, ICatalogue catalogue, IObjectStore store, IKeyRing keys, NoteSigner signer,
    TimeProvider clock)
    : IDisposable
{
    // Numbers have no gaps: one publication at a time on this replica, and the catalogue's key guards against others.
    readonly SemaphoreSlim _one = new(1, 1);

    public async Task<ReleaseRow> RunAsync(
        Caller caller, ReleaseName feedName, InformationPeriod period, string note, bool validateOnly,
        RequestKey request, CancellationToken ct)
    {
        var name = $"agreements/{feedName.Agreement}/feeds/{feedName.Feed}";
        var ask = gate.Request(caller, Verb.PublishRelease) with { Feed = feedName.Feed, Period = period };
        var permit = await gate.AskAsync(caller, feedName.Agreement, ask, AuditActions.PublishRelease, name, ct);
        if (note.Length > 1000)
            throw ExchangeException.Invalid("NOTE_TOO_LONG", "A revision note has at most 1000 characters.");
        await _one.WaitAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (await AnsweredAsync(request, caller, ct) is { } made)
                {
                    var repeated = AuditEvent.Of(AuditActions.PublishRelease, made.Name, caller, permit);
                    await trail.RecordAsync(repeated with { RequestId = request.Id, Reason = "REPEATED" }, ct);
                    return made;
                }

                var draft = await DraftAsync(feedName, permit, period, note, ct);
                try
                {
                    return await PublishAsync(draft, caller, permit, validateOnly, request, ct);
                }
                catch (NumberTakenException) when (attempt < AttemptsMax)
                {
                    // Another replica published meanwhile: ours becomes the next one, or has been made by it.
                }
            }
        }
        catch (NumberTakenException)
        {
            throw new ExchangeException(
                ProblemKind.Aborted, "CONFLICT", "Others publish this feed all the time. Publish again.");
        }
        finally
        {
            _one.Release();
        }
    }

    const int AttemptsMax = 3;

    /// <summary>Undoes a publication under a number that another replica has given out.</summary>
    sealed class NumberTakenException : Exception;

    async Task<ReleaseRow> PublishAsync(
        Draft draft, Caller caller, Permit permit, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        if (!validateOnly)
        {
            draft.Row.ManifestNote = SignedNote.Sign(ManifestText(draft.Row, draft.Files[^1]), signer);
            await WriteFilesAsync(draft, ct);
        }

        // Until here nothing is published: after a crash the written files belong to no release.
        var audited = await trail.CommitAsync(
            scope => CommitAsync(scope, draft, caller, permit, validateOnly, request, ct), ct);
        if (!validateOnly)
            Telemetry.Published(draft.Row.Feed);
        return audited.Value;
    }

    public void Dispose() => _one.Dispose();

    Task<ReleaseRow?> AnsweredAsync(RequestKey request, Caller caller, CancellationToken ct) => catalogue.ReadAsync(
        async db =>
        {
            if (await request.AnsweredAsync(db, caller, ct) is not { } made)
                return null;
            var name = ReleaseName.Parse(made);
            return await db.Releases.SingleAsync(
                r => r.Agreement == name.Agreement && r.Feed == name.Feed && r.Number == name.Number, ct);
        },
        ct);

    sealed record Draft(
        ReleaseRow Row, Coverage Coverage, IReadOnlyList<ReleaseFile> Files,
        IReadOnlyList<Statement> Statements);

    async Task<Draft> DraftAsync(
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
        return new Draft(
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

    static string ManifestText(ReleaseRow row, ReleaseFile manifest) =>
        $"isaexchange.example/release/v1\nrelease {row.Name}\nmanifest sha256 {manifest.Sha256}\n";

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

    async Task WriteFilesAsync(Draft draft, CancellationToken ct)
    {
        using var step = Telemetry.Step("release.files");
        var kek = await keys.CurrentAsync(KeyNames.Releases, ct);
        foreach (var file in draft.Files)
            await SealedObjects.PutAsync(store, new ObjectName(draft.Row.ObjectOf(file.Name)), kek, file.Content, ct);
    }

    static async Task<ReleaseRow> CommitAsync(
        AuditScope scope, Draft draft, Caller caller, Permit permit, bool validateOnly, RequestKey request,
        CancellationToken ct)
    {
        var db = scope.Catalogue;
        var row = draft.Row;
        if (!validateOnly && (await request.AnsweredAsync(db, caller, ct) is not null || await db.Releases.AnyAsync(
            r => r.Agreement == row.Agreement && r.Feed == row.Feed && r.Number == row.Number, ct)))
            throw new NumberTakenException();
        var inputs = draft.Coverage.Inputs;
        var logged = await scope.RecordAsync(AuditEvent.Of(
            AuditActions.PublishRelease, draft.Row.Name, caller, permit) with
        {
            RequestId = request.Id,
            Reason = validateOnly ? "VALIDATE_ONLY" : "",
            ObjectSha256 = draft.Files[^1].Sha256,
            Rows = draft.Files.Sum(f => f.Rows),
            Bytes = draft.Files.Sum(f => (long)f.Content.Length),
            Subjects = [.. inputs.Select(i => new EventSubject(i.Party, i.Dataset))],
        });
        if (validateOnly)
            return draft.Row;

        // A submission withdrawn, frozen or superseded while we computed would make this release a lie.
        var ids = inputs.Select(i => i.Id).ToList();
        var standing = await db.Submissions.CountAsync(
            s => ids.Contains(s.Id) && s.State == SubmissionState.Submitted && s.FreezeTicks == null, ct);
        if (standing != ids.Count)
            throw new ExchangeException(
                ProblemKind.Aborted, "INPUTS_CHANGED",
                "A submission changed while the release was built. Publish again.");
        row.Event = logged.Id;
        db.Releases.Add(row);
        db.ReleaseInputs.AddRange(inputs.Select(i => new ReleaseInputRow
        {
            Agreement = row.Agreement, Feed = row.Feed, Number = row.Number, Submission = i.Id, Party = i.Party,
            Dataset = i.Dataset,
        }));
        db.Statements.AddRange(draft.Statements.Select(s => new StatementRow
        {
            Agreement = row.Agreement, Feed = row.Feed, Number = row.Number, Table = s.Table, CellKey = s.CellKey,
            Status = ReleaseFiles.Word(s.Status), Value = s.Value, Lo = s.Lo, Hi = s.Hi,
        }));
        request.Remember(db, caller, row.Name, new DateTimeOffset(row.PublishTicks, TimeSpan.Zero));
        return row;
    }
}
