using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>The submissions that a read takes from.</summary>
/// <param name="Find">Finds them in the catalogue.</param>
/// <param name="NeedsContent">Their content itself is read, so none may have been withdrawn.</param>
sealed record ReadFrom(Func<CatalogueContext, IQueryable<SubmissionRow>> Find, bool NeedsContent)
{
    /// <summary>They were chosen as what stands now, so none may have been corrected before the read began.</summary>
    public bool NeedsStanding { get; init; }

    /// <summary>The releases that are read, none of which may be retracted or under an embargo.</summary>
    public IReadOnlyList<ReleaseRow> Published { get; init; } = [];

    /// <summary>The reader has asked for what was retracted, and knows it.</summary>
    public bool EvenIfRetracted { get; init; }

    /// <summary>By a steward, who may look at it before its readers.</summary>
    public bool IsReview { get; init; }

    public static ReadFrom Contents(IReadOnlyCollection<string> submissions) =>
        new(db => db.Submissions.Where(s => submissions.Contains(s.Id)), NeedsContent: true);

    public static ReadFrom Release(ReleaseRow release) =>
        new(db => InputsOf(db, release), NeedsContent: false) { Published = [release] };

    /// <summary>Two releases of one feed.</summary>
    public static ReadFrom Releases(ReleaseRow first, ReleaseRow other) =>
        new(db => InputsOf(db, first).Union(InputsOf(db, other)), NeedsContent: false) { Published = [first, other] };

    /// <summary>What waits for approval.</summary>
    public static ReadFrom Proposal(IReadOnlyCollection<string> submissions) =>
        new(db => db.Submissions.Where(s => submissions.Contains(s.Id)), NeedsContent: false);

    static IQueryable<SubmissionRow> InputsOf(CatalogueContext db, ReleaseRow release) =>
        from input in db.ReleaseInputs
        where input.Agreement == release.Agreement && input.Feed == release.Feed && input.Number == release.Number
        join submission in db.Submissions on input.Submission equals submission.Id
        select submission;
}

/// <summary>
/// What is frozen is given to nobody, nor anything that was released from it; nor is a release that was retracted, or
/// is not to be read yet. Asked in the transaction that makes a read's event durable, so that a freeze either is seen by a
/// read or sees it; and again while a stream is open.
/// </summary>
public sealed class Freezes(AgreementGate gate, AuditTrail trail, ICatalogue catalogue, TimeProvider clock)
{
    /// <summary>Makes the events of one read durable, when nothing that it takes from is frozen.</summary>
    /// <exception cref="ExchangeException">FROZEN, with whom to ring; WITHDRAWN; ERASED; SOURCES_CHANGED; of a release
    /// EMBARGOED, RETRACTED. It is in the log too.</exception>
    internal async Task<Audited<IReadOnlyList<LoggedEvent>>> RecordAsync(
        ReadFrom from, IReadOnlyList<AuditEvent> reads, CancellationToken ct)
    {
        try
        {
            return await trail.CommitAsync<IReadOnlyList<LoggedEvent>>(
                async scope =>
                {
                    var rows = await from.Find(scope.Catalogue).ToListAsync(ct);
                    Check(rows, from.NeedsContent);
                    await CheckPublishedAsync(scope.Catalogue, from, ct);
                    if (from.NeedsStanding)
                        CheckStanding(rows);
                    var logged = new List<LoggedEvent>();
                    foreach (var read in reads)
                        logged.Add(await scope.RecordAsync(read));
                    return logged;
                },
                ct);
        }
        catch (ExchangeException e) when (e.Kind is ProblemKind.FailedPrecondition or ProblemKind.Aborted)
        {
            foreach (var read in reads)
                await RefuseAsync(read, e, ct);
            throw;
        }
    }

    /// <summary>Whether a stream that is open may go on.</summary>
    /// <exception cref="ExchangeException">FROZEN, with whom to ring; WITHDRAWN. It is in the log too.</exception>
    internal async Task RecheckAsync(ReadFrom from, AuditEvent read, CancellationToken ct)
    {
        try
        {
            var rows = await catalogue.ReadAsync(
                async db =>
                {
                    await CheckPublishedAsync(db, from, ct);
                    return await from.Find(db).ToListAsync(ct);
                },
                ct);
            Check(rows, from.NeedsContent);
        }
        catch (ExchangeException e)
        {
            await RefuseAsync(read, e, ct);
            throw;
        }
    }

    async Task RefuseAsync(AuditEvent read, ExchangeException refusal, CancellationToken ct)
    {
        await trail.RecordAsync(read with { Allowed = false, Reason = refusal.Reason, Rows = 0, Bytes = 0 }, ct);
        Telemetry.Refused(refusal.Reason);
    }

    void Check(List<SubmissionRow> rows, bool needsContent)
    {
        if (rows.Find(s => s.FreezeTicks is not null) is { } frozen)
            throw Frozen(frozen);
        if (needsContent && rows.Find(s => s.State == SubmissionState.Withdrawn) is { } withdrawn)
            throw ExchangeException.Precondition(
                "WITHDRAWN", $"{withdrawn.Name} has been withdrawn: its authority does not stand by it any more.");
        if (needsContent && rows.Find(s => s.State == SubmissionState.Erased) is { } erased)
            throw ExchangeException.Precondition(
                "ERASED", $"{erased.Name} was erased: the agreement does not let it be kept any longer.");
    }

    async Task CheckPublishedAsync(CatalogueContext db, ReadFrom from, CancellationToken ct)
    {
        foreach (var release in from.Published)
        {
            if (!from.EvenIfRetracted && await RetractRelease.OfAsync(db, release, ct) is { } retraction)
                throw RetractRelease.Refusal(release, retraction);
            if (!from.IsReview && Embargo.Holds(release, clock.GetUtcNow()))
                throw Embargo.Refusal(release);
        }
    }

    static void CheckStanding(List<SubmissionRow> rows)
    {
        if (rows.Find(s => s.State != SubmissionState.Submitted) is { } gone)
            throw new ExchangeException(
                ProblemKind.Aborted, "SOURCES_CHANGED",
                $"{gone.Name} was replaced while this read began. Begin again: what stands now is read then.");
    }

    ExchangeException Frozen(SubmissionRow row)
    {
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        var since = LondonTime.Date(new DateTimeOffset(row.FreezeTicks!.Value, TimeSpan.Zero));
        return new ExchangeException(
            ProblemKind.FailedPrecondition,
            "FROZEN",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Frozen since {since:d MMM yyyy}: {row.Name} is being looked into. Ring its authority."),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["submission"] = row.Name,
                ["contact"] = ContactOf(agreement, row.Party, LondonTime.Date(clock.GetUtcNow())) ?? "",
            });
    }

    /// <summary>Name and contact of the liaison officer on the day, else of the deputy; null in a vacancy.</summary>
    internal static string? ContactOf(SharingAgreement agreement, string party, DateOnly day) =>
        agreement.OfficersOn(party, day)
            .Select(o => agreement.People.FirstOrDefault(p => p.Id == o.Person))
            .FirstOrDefault(p => p is not null) is { } person
            ? $"{person.Name}, {person.Contact}"
            : null;
}
