using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// A steward takes a release back. It keeps its number, its files and its statements in the ledger, for what was said
/// stays said; from the commit on it is marked, and read only by whoever asks for it as retracted. Everybody who took
/// it is told. One steward is enough, however many must approve a publication: a fault is stopped at once.
/// </summary>
public sealed class RetractRelease(
    AgreementGate gate, AuditTrail trail, ReadRelease releases, ICatalogue catalogue, NoteSigner signer,
    TimeProvider clock)
{
    public async Task<ReleaseView> RunAsync(
        Caller caller, ReleaseName name, string reason, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        var permit = await PermitAsync(caller, name, AuditActions.RetractRelease, ct);
        SubmissionActs.CheckReason(reason);
        var row = await releases.NumberedAsync(name, ct);
        var subjects = await releases.SubjectsAsync(row, ct);
        await trail.CommitAsync(
            async scope =>
            {
                var repeated = await request.AnsweredAsync(scope.Catalogue, caller, ct) is not null;
                if (!repeated && await OfAsync(scope.Catalogue, row, ct) is not null)
                    throw ExchangeException.Precondition("ALREADY_RETRACTED", "This release has been retracted.");
                var logged = await scope.RecordAsync(
                    AuditEvent.Of(AuditActions.RetractRelease, row.Name, caller, permit) with
                    {
                        RequestId = request.Id,
                        Reason = repeated ? "REPEATED" : validateOnly ? "VALIDATE_ONLY" : "",
                        ObjectSha256 = SubmissionActs.Digest(reason),
                        Subjects = subjects,
                    });
                if (!repeated && !validateOnly)
                    await DoAsync(scope, row, reason, caller, request, logged, ct);
                return logged.Id;
            },
            ct);
        return await releases.MarkedAsync(row, ct);
    }

    /// <summary>Who has it: oldest first, all of them.</summary>
    public async Task<IReadOnlyList<Pull>> RecallAsync(Caller caller, ReleaseName name, CancellationToken ct)
    {
        var permit = await PermitAsync(caller, name, AuditActions.ReadRecall, ct);
        var row = await releases.NumberedAsync(name, ct);
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        var today = LondonTime.Date(clock.GetUtcNow());
        var pulls = await catalogue.ReadAsync(db => RecallList.OfAsync(db, agreement, row, today, ct), ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadRecall, row.Name + "/recall", caller, permit) with
            {
                Rows = pulls.Count,
                Subjects = await releases.SubjectsAsync(row, ct),
            },
            ct);
        return pulls;
    }

    /// <summary>Null while it stands.</summary>
    internal static Task<ReleaseRetractionRow?> OfAsync(CatalogueContext db, ReleaseRow row, CancellationToken ct) =>
        db.ReleaseRetractions.SingleOrDefaultAsync(
            r => r.Agreement == row.Agreement && r.Feed == row.Feed && r.Number == row.Number, ct);

    internal static ExchangeException Refusal(ReleaseRow row, ReleaseRetractionRow retraction)
    {
        var since = LondonTime.Date(new DateTimeOffset(retraction.Ticks, TimeSpan.Zero));
        return ExchangeException.Precondition(
            "RETRACTED",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Name} was retracted on {since:d MMM yyyy}: use nothing of it. The list of releases says why."));
    }

    Task<Permit> PermitAsync(Caller caller, ReleaseName name, string action, CancellationToken ct) => gate.AskAsync(
        caller, name.Agreement, gate.Request(caller, Verb.RetractRelease) with { Feed = name.Feed }, action,
        name.ToString(), ct);

    async Task DoAsync(
        AuditScope scope, ReleaseRow row, string reason, Caller caller, RequestKey request, LoggedEvent logged,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var text = $"isaexchange.example/retraction/v1\nrelease {row.Name}\nretracted {Embargo.Time(now.UtcTicks)}\n"
            + $"event {logged.Id}\nreason sha256 {SubmissionActs.Digest(reason)}\n";
        scope.Catalogue.ReleaseRetractions.Add(new ReleaseRetractionRow
        {
            Agreement = row.Agreement,
            Feed = row.Feed,
            Number = row.Number,
            Reason = reason,
            Actor = caller.Principal.Subject,
            Event = logged.Id,
            Ticks = now.UtcTicks,
            Note = SignedNote.Sign(text, signer),
        });
        request.Remember(scope.Catalogue, caller, row.Name, now);
        await TellAsync(scope, row, logged.Id, now, ct);
    }

    /// <summary>Whoever took it, those who answer for their authorities, and the stewards: in the transaction of the
    /// retraction.</summary>
    async Task TellAsync(
        AuditScope scope, ReleaseRow row, string retraction, DateTimeOffset now, CancellationToken ct)
    {
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        var day = LondonTime.Date(now);
        var pulls = await RecallList.OfAsync(scope.Catalogue, agreement, row, day, ct);
        var readers = pulls.Where(p => p.Person is not null)
            .Select(p => new NoticePeople.Recipient(p.Person!, p.Party));
        var parties = pulls.Select(p => p.Party).Where(p => p.Length > 0);
        var people = readers.Concat(NoticePeople.Answering(agreement, parties, day))
            .Concat(NoticePeople.Stewards(agreement, day)).DistinctBy(r => r.Person);
        var items = people.Select(told => new NoticeItem(
            told.Person, told.Party, NoticeKind.Retracted, $"retracted {retraction}",
            $"release {row.Number.ToString(CultureInfo.InvariantCulture)} of {row.Feed}: use nothing of it",
            $"isax releases {row.Feed}"));
        await NoticeOutbox.WriteAsync(scope, agreement, [.. items], retraction, now);
    }
}
