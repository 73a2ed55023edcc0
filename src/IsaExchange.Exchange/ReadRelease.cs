using System.Text.Json;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>A feed's clause and the number of the newest release that its readers can read (null before the
/// first).</summary>
/// <param name="NextReadable">When the next one, which is published under an embargo, can be read; null: none.</param>
/// <param name="Consents">Who else may have it, by consent of an originator.</param>
public sealed record FeedView(
    string Agreement, FeedClause Feed, int? Latest, DateTimeOffset? NextReadable, IReadOnlyList<RequestRow> Consents);

/// <summary>A release with what was kept about its files and its coverage.</summary>
public sealed record ReleaseView(
    ReleaseRow Row, IReadOnlyList<ReleaseFileEntry> Files, IReadOnlyList<CoverageLine> Coverage)
{
    /// <summary>Submissions it was made from that have since been withdrawn or frozen.</summary>
    public IReadOnlyList<SubmissionRow> Affecting { get; init; } = [];

    /// <summary>Null while it stands.</summary>
    public ReleaseRetractionRow? Retraction { get; init; }
}

/// <summary>Bytes of one file of a release. Exists only when the event of this read is durable.</summary>
public sealed class OpenedReleaseFile : IAsyncDisposable
{
    internal OpenedReleaseFile(Stream content, AuditReceipt receipt, Func<CancellationToken, Task> recheck) =>
        (Content, Receipt, RecheckAsync) = (content, receipt, recheck);

    /// <summary>Whether the reader may still read: asked while the stream is open.</summary>
    public Func<CancellationToken, Task> RecheckAsync { get; }

    public Stream Content { get; }

    public AuditReceipt Receipt { get; }

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>Lets those the agreement names read what is published, for a purpose it knows.</summary>
public sealed class ReadRelease(
    AgreementGate gate, AuditTrail trail, ICatalogue catalogue, Freezes freezes, IObjectStore store, IKeyRing keys,
    TimeProvider clock)
{
    /// <summary>The feeds that the caller may see, by id.</summary>
    public async Task<IReadOnlyList<FeedView>> FeedsAsync(Caller caller, string agreement, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var permit = await gate.AskAsync(
            caller, agreement, gate.Request(caller, Verb.ListFeeds), AuditActions.ListFeeds, name, ct);
        await trail.RecordAsync(AuditEvent.Of(AuditActions.ListFeeds, name + "/feeds", caller, permit), ct);
        var feeds = gate.Find(agreement, name).Agreement.Feeds
            .Where(f => gate.Decide(agreement, gate.Request(caller, Verb.ListFeeds) with { Feed = f.Id }) is Permit)
            .OrderBy(f => f.Id, StringComparer.Ordinal);
        var now = clock.GetUtcNow().UtcTicks;
        var standing = await catalogue.ReadAsync(
            db => Standing(db).Where(r => r.Agreement == agreement)
                .Select(r => new { r.Feed, r.Number, r.ReadableTicks }).ToListAsync(ct),
            ct);
        var byFeed = standing.ToLookup(r => r.Feed, StringComparer.Ordinal);
        var consents = await catalogue.ReadAsync(db => ReadRequests.ConsentsAsync(db, agreement, Today, ct), ct);
        return
        [
            .. feeds.Select(f => new FeedView(
                agreement, f,
                byFeed[f.Id].Where(r => r.ReadableTicks <= now).Max(r => (int?)r.Number),
                byFeed[f.Id].Where(r => r.ReadableTicks > now).Min(r => (long?)r.ReadableTicks) is { } next
                    ? new DateTimeOffset(next, TimeSpan.Zero) : null,
                consents.FindAll(c => c.Feed == f.Id || c.Dataset == f.Dataset))),
        ];
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ReleaseView>> ListAsync(
        Caller caller, ReleaseName feed, int skip, int take, CancellationToken ct)
    {
        await SeeAsync(caller, feed, $"agreements/{feed.Agreement}/feeds/{feed.Feed}", ct);
        var rows = await catalogue.ReadAsync(
            db => db.Releases.Where(r => r.Agreement == feed.Agreement && r.Feed == feed.Feed)
                .OrderByDescending(r => r.Number).Skip(skip).Take(take).ToListAsync(ct),
            ct);
        var views = new List<ReleaseView>();
        foreach (var row in rows)
            views.Add(await MarkedAsync(row, ct));
        return views;
    }

    public async Task<ReleaseView> GetAsync(Caller caller, ReleaseName name, CancellationToken ct)
    {
        await SeeAsync(caller, name, name.ToString(), ct);
        return await MarkedAsync(await RowAsync(name, ct), ct);
    }

    /// <summary>
    /// Opens one file from <paramref name="offset"/>. The event commits before the first byte can be read.
    /// </summary>
    /// <param name="evenIfRetracted">The caller knows that it was taken back.</param>
    public async Task<OpenedReleaseFile> OpenFileAsync(
        Caller caller, ReleaseName name, string file, string purpose, long offset, bool evenIfRetracted,
        CancellationToken ct)
    {
        using var step = Telemetry.Step("release.read");
        var objectName = name.ToString();
        var isReview = await IsReviewAsync(caller, name, ct);
        var ask = gate.Request(caller, isReview ? Verb.ApproveRelease : Verb.ReadRelease) with
        {
            Feed = name.Feed, Purpose = purpose.Length == 0 ? null : purpose,
        };
        var permit = await gate.AskAsync(caller, name.Agreement, ask, AuditActions.ReadReleaseFile, objectName, ct);
        var row = await RowAsync(name, ct);
        var entry = View(row).Files.FirstOrDefault(f => f.Name == file)
            ?? throw ExchangeException.NotFound($"{row.Name}: this file");
        if (offset < 0 || offset > entry.Bytes)
            throw new ExchangeException(
                ProblemKind.OutOfRange, "OFFSET_OUT_OF_RANGE", $"The file has {entry.Bytes} bytes.");
        var content = await SealedObjects.OpenAsync(store, new ObjectName(row.ObjectOf(file)), keys, ct);
        try
        {
            await SkipAsync(content, offset, ct);
            var from = ReadFrom.Release(row) with { EvenIfRetracted = evenIfRetracted, IsReview = isReview };
            var read = AuditEvent.Of(
                AuditActions.ReadReleaseFile, $"{row.Name}/files/{file}", caller, permit) with
            {
                Purpose = purpose,
                ObjectSha256 = entry.Sha256,
                Rows = entry.Rows,
                Bytes = entry.Bytes - offset,
                Subjects = await SubjectsAsync(row, ct),
            };
            var audited = await freezes.RecordAsync(from, [read], ct);
            return new OpenedReleaseFile(content, audited.Receipt, async token =>
            {
                await gate.RecheckAsync(caller, permit, AuditActions.ReadReleaseFile, objectName, token);
                await freezes.RecheckAsync(from, read, token);
            });
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    DateOnly Today => LondonTime.Date(clock.GetUtcNow());

    /// <summary>Whether somebody looks at a release before its readers may, who is to approve releases.</summary>
    async Task<bool> IsReviewAsync(Caller caller, ReleaseName name, CancellationToken ct)
    {
        if (name.Number is null || gate.Book.Find(name.Agreement) is null)
            return false;
        var ask = gate.Request(caller, Verb.ApproveRelease) with { Feed = name.Feed };
        var now = clock.GetUtcNow().UtcTicks;
        return gate.Decide(name.Agreement, ask) is Permit && await catalogue.ReadAsync(
            db => db.Releases.AnyAsync(
                r => r.Agreement == name.Agreement && r.Feed == name.Feed && r.Number == name.Number
                    && r.ReadableTicks > now,
                ct),
            ct);
    }

    /// <summary>The release, what has become of the submissions it was made from, and of itself.</summary>
    internal async Task<ReleaseView> MarkedAsync(ReleaseRow row, CancellationToken ct) => View(row) with
    {
        Retraction = await catalogue.ReadAsync(db => RetractRelease.OfAsync(db, row, ct), ct),
        Affecting = await catalogue.ReadAsync(
            db => ReadFrom.Release(row).Find(db)
                .Where(s => s.FreezeTicks != null || s.State == SubmissionState.Withdrawn)
                .OrderBy(s => s.Id).ToListAsync(ct),
            ct),
    };

    internal static async Task SkipAsync(Stream content, long bytes, CancellationToken ct)
    {
        var buffer = new byte[64 << 10];
        while (bytes > 0)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), ct);
            if (read == 0)
                throw new InvalidDataException("A release file is shorter than its manifest says.");
            bytes -= read;
        }
    }

    internal Task<List<EventSubject>> SubjectsAsync(ReleaseRow row, CancellationToken ct) => catalogue.ReadAsync(
        db => db.ReleaseInputs.Where(i => i.Agreement == row.Agreement && i.Feed == row.Feed && i.Number == row.Number)
            .Select(i => new { i.Party, i.Dataset }).Distinct().Select(
                x => new EventSubject(x.Party, x.Dataset)).ToListAsync(ct),
        ct);

    /// <summary>That a release exists, its coverage and its file list: for those who may see the feed; no purpose
    /// needed.</summary>
    async Task SeeAsync(Caller caller, ReleaseName name, string objectName, CancellationToken ct)
    {
        var ask = gate.Request(caller, Verb.ListFeeds) with { Feed = name.Feed };
        var permit = await gate.AskAsync(caller, name.Agreement, ask, AuditActions.ReadRelease, objectName, ct);
        var agreement = gate.Find(name.Agreement, objectName).Agreement;
        var dataset = agreement.Feeds.Single(f => f.Id == name.Feed).Dataset;
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadRelease, objectName, caller, permit) with
            {
                Subjects = [.. agreement.DatasetsOwed.Where(d => d.Dataset == dataset)
                    .Select(d => new EventSubject(d.Party, d.Dataset)).Distinct()],
            },
            ct);
    }

    /// <summary>The release of this number, or without one the newest that its readers can read.</summary>
    internal async Task<ReleaseRow> RowAsync(ReleaseName name, CancellationToken ct)
    {
        if (name.Number is not null)
            return await NumberedAsync(name, ct);
        var now = clock.GetUtcNow().UtcTicks;
        return await catalogue.ReadAsync(
            db => Standing(db)
                .Where(r => r.Agreement == name.Agreement && r.Feed == name.Feed && r.ReadableTicks <= now)
                .OrderByDescending(r => r.Number).FirstOrDefaultAsync(ct),
            ct) ?? throw ExchangeException.NotFound(name.ToString());
    }

    internal async Task<ReleaseRow> NumberedAsync(ReleaseName name, CancellationToken ct) => await catalogue.ReadAsync(
        db => db.Releases.SingleOrDefaultAsync(
            r => r.Agreement == name.Agreement && r.Feed == name.Feed && r.Number == name.Number, ct),
        ct) ?? throw ExchangeException.NotFound(name.ToString());

    /// <summary>Releases that nobody took back.</summary>
    static IQueryable<ReleaseRow> Standing(CatalogueContext db) => db.Releases.Where(
        r => !db.ReleaseRetractions.Any(x => x.Agreement == r.Agreement && x.Feed == r.Feed && x.Number == r.Number));

    public static ReleaseView View(ReleaseRow row) => new(
        row,
        JsonSerializer.Deserialize<List<ReleaseFileEntry>>(row.FilesJson)!,
        JsonSerializer.Deserialize<List<CoverageLine>>(row.CoverageJson)!);
}
