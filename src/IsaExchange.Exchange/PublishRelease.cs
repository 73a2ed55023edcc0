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

                var draft = await _drafts.MakeAsync(feedName, permit, period, note, ct);
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
        ReleaseDraft draft, Caller caller, Permit permit, bool validateOnly, RequestKey request, CancellationToken ct)
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

    static string ManifestText(ReleaseRow row, ReleaseFile manifest) =>
        $"isaexchange.example/release/v1\nrelease {row.Name}\nmanifest sha256 {manifest.Sha256}\n";

    async Task WriteFilesAsync(ReleaseDraft draft, CancellationToken ct)
    {
        using var step = Telemetry.Step("release.files");
        var kek = await keys.CurrentAsync(KeyNames.Releases, ct);
        foreach (var file in draft.Files)
            await SealedObjects.PutAsync(store, new ObjectName(draft.Row.ObjectOf(file.Name)), kek, file.Content, ct);
        kek = await keys.CurrentAsync(KeyNames.ReleaseSecrets, ct);
        await SealedObjects.PutAsync(store, draft.Row.SecretsObject, kek, draft.Secrets, ct);
    }

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
