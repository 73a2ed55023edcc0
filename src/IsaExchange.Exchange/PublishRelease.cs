using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Releasing.Ledger;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What is to be published: the period of a feed, and what its readers are told.</summary>
/// <param name="EmbargoUntil">First day on which readers may read it; null: as the agreement says.</param>
public sealed record PublicationOrder(ReleaseName Feed, InformationPeriod Period, string Note, DateOnly? EmbargoUntil)
{
    const int NoteLengthMax = 1000;

    /// <exception cref="ExchangeException">INVALID_ARGUMENT.</exception>
    public void Check(DateTimeOffset now)
    {
        if (Note.Length > NoteLengthMax)
            throw ExchangeException.Invalid(
                "NOTE_TOO_LONG", $"A revision note has at most {NoteLengthMax} characters.");
        Embargo.Check(EmbargoUntil, now);
    }
}

/// <summary>
/// Accepted submissions of a period → cubes summed → the feed's tables → its disclosure regime → sealed files and a
/// signed manifest → one transaction in which the release, its statements in the ledger and its event appear together.
/// </summary>
public sealed class PublishRelease(
    AgreementGate gate, AuditTrail trail, ICatalogue catalogue, IObjectStore store, IKeyRing keys, NoteSigner signer,
    SecretBox secrets, Limits limits, TimeProvider clock)
    : IDisposable
{
    readonly DraftRelease _drafts = new(gate, catalogue, store, keys, secrets, limits, clock);

    // Numbers have no gaps: one publication at a time on this replica, and the catalogue's key guards against others.
    readonly SemaphoreSlim _one = new(1, 1);

    public async Task<ReleaseRow> RunAsync(
        Caller caller, PublicationOrder order, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        var feedName = order.Feed;
        var name = $"agreements/{feedName.Agreement}/feeds/{feedName.Feed}";
        var ask = gate.Request(caller, Verb.PublishRelease) with { Feed = feedName.Feed, Period = order.Period };
        var permit = await gate.AskAsync(caller, feedName.Agreement, ask, AuditActions.PublishRelease, name, ct);
        order.Check(clock.GetUtcNow());
        var feed = gate.Find(feedName.Agreement, name).Agreement.Feeds.Single(f => f.Id == feedName.Feed);
        if (feed.Approvals > 0 && !validateOnly)
            throw await NotAloneAsync(feed, AuditEvent.Of(AuditActions.PublishRelease, name, caller, permit), ct);
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

                var draft = await _drafts.MakeAsync(feedName, permit, order.Period, order.Note, ct);
                draft.Row.ReadableTicks = Embargo.ReadableFrom(
                    feed, new DateTimeOffset(draft.Row.PublishTicks, TimeSpan.Zero), order.EmbargoUntil).UtcTicks;
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

    async Task<ExchangeException> NotAloneAsync(FeedClause feed, AuditEvent publish, CancellationToken ct)
    {
        await trail.RecordAsync(publish with { Allowed = false, Reason = "APPROVALS_REQUIRED" }, ct);
        Telemetry.Refused("APPROVALS_REQUIRED");
        return ExchangeException.Precondition(
            "APPROVALS_REQUIRED",
            $"A release of {feed.Id} is published when others have approved it: propose it.");
    }

    /// <summary>Undoes a publication under a number that another replica has given out.</summary>
    sealed class NumberTakenException : Exception;

    async Task<ReleaseRow> PublishAsync(
        ReleaseDraft draft, Caller caller, Permit permit, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        if (!validateOnly)
        {
            draft.Row.ManifestNote = SignedNote.Sign(
                ReleaseCommit.NoteText(draft.Row, draft.Files[^1].Sha256, null, []), signer);
            await ReleaseCommit.WriteFilesAsync(draft, store, keys, ct);
        }

        // Until here nothing is published: after a crash the written files belong to no release.
        Audited<ReleaseRow> audited;
        try
        {
            audited = await trail.CommitAsync(
                scope => CommitAsync(scope, draft, caller, permit, validateOnly, request, ct), ct);
        }
        catch (Exception e) when (!validateOnly
            && e is NumberTakenException or ExchangeException { Reason: "INPUTS_CHANGED" })
        {
            await ReleaseCommit.DiscardAsync(draft, store, ct);
            throw;
        }

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

    static async Task<ReleaseRow> CommitAsync(
        AuditScope scope, ReleaseDraft draft, Caller caller, Permit permit, bool validateOnly, RequestKey request,
        CancellationToken ct)
    {
        var db = scope.Catalogue;
        var row = draft.Row;
        if (!validateOnly && (await request.AnsweredAsync(db, caller, ct) is not null || await db.Releases.AnyAsync(
            r => r.Agreement == row.Agreement && r.Feed == row.Feed && r.Number == row.Number, ct)))
            throw new NumberTakenException();

        // What another feed published meanwhile was not checked together with this.
        if (!draft.Earlier.SetEquals((await EarlierReleases.Of(db, row).ToListAsync(ct)).Select(r => r.Name)))
            throw new NumberTakenException();
        var inputs = ReleaseCommit.InputsOf(draft);
        var logged = await scope.RecordAsync(AuditEvent.Of(
            AuditActions.PublishRelease, draft.Row.Name, caller, permit) with
        {
            RequestId = request.Id,
            Reason = validateOnly ? "VALIDATE_ONLY" : "",
            ObjectSha256 = draft.Files[^1].Sha256,
            Rows = ReleaseCommit.CellsOf(draft),
            Bytes = draft.Files.Sum(f => (long)f.Content.Length),
            Subjects = [.. inputs.Select(i => new EventSubject(i.Party, i.Dataset))],
        });
        if (validateOnly)
            return draft.Row;
        if (!await ReleaseCommit.StandAsync(db, inputs, ct))
            throw ReleaseCommit.InputsChanged("Publish again.");
        row.Event = logged.Id;
        ReleaseCommit.Add(db, row, inputs, ReleaseCommit.StatementsOf(draft));
        request.Remember(db, caller, row.Name, new DateTimeOffset(row.PublishTicks, TimeSpan.Zero));
        return row;
    }
}
