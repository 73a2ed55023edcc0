using System.Collections.Concurrent;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>A stored object that a call found damaged or gone.</summary>
/// <param name="Name">As the store has it, without the mark of staging.</param>
/// <param name="Reason">As the caller is told.</param>
public sealed record DamagedObject(string Name, string Reason)
{
    public const string Corrupt = "STORED_OBJECT_CORRUPT";
    public const string Missing = "STORED_OBJECT_MISSING";

    const string Staging = "staging/";

    /// <summary>Null for whatever says nothing of a stored object.</summary>
    public static DamagedObject? Of(Exception fault) => fault switch
    {
        SealBrokenException { ObjectName: { } name } => new(Bare(name), Corrupt),
        ObjectNotFoundException gone => new(gone.Name.Value, Missing),
        ExchangeException { Kind: ProblemKind.DataLoss, ObjectName: { } name } problem => new(name, problem.Reason),
        _ => null,
    };

    static string Bare(string name) =>
        name.StartsWith(Staging, StringComparison.Ordinal) ? name[Staging.Length..] : name;
}

/// <summary>
/// What is kept for an authority was found damaged: that is an event, and the officers of the authority and of whoever
/// was to get it are told, once an object and person; where there are none, the event alone says it. The caller has its
/// answer whatever becomes of this.
/// </summary>
public sealed class DamagedObjects(AgreementGate gate, AuditTrail trail, ICatalogue catalogue, TimeProvider clock)
{
    const int RememberedMax = 4096;

    /// <summary>In the place of a principal, which has no such name.</summary>
    const string Nobody = "nobody";

    /// <summary>Spares the catalogue a question a call; what was told stands in its rows.</summary>
    readonly ConcurrentDictionary<(string Name, string Principal), bool> _raised = new();

    /// <param name="damaged">The object.</param>
    /// <param name="caller">Who was to get it; null when nobody.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task RaiseAsync(DamagedObject damaged, Caller? caller, CancellationToken ct)
    {
        var once = (damaged.Name, caller?.Principal.Subject ?? "");
        if (_raised.ContainsKey(once))
            return;
        var alarm = await catalogue.ReadAsync(db => AlarmAsync(db, damaged, caller, ct), ct);
        if (alarm is null)
            return;
        if (_raised.Count >= RememberedMax)
            _raised.Clear();
        if (alarm.IsForNobody)
            await RecordForNobodyAsync(damaged, caller, ct);
        else if (alarm.Items.Count > 0)
            await trail.CommitAsync(scope => RecordAsync(scope, damaged, caller, ct), ct);
        _raised[once] = true;
    }

    /// <summary>No message says that it was told, so memory does: the event comes once a process, whoever
    /// asks.</summary>
    async Task RecordForNobodyAsync(DamagedObject damaged, Caller? caller, CancellationToken ct)
    {
        if (!_raised.TryAdd((damaged.Name, Nobody), true))
            return;
        try
        {
            await trail.CommitAsync(scope => RecordAsync(scope, damaged, caller, ct), ct);
        }
        catch
        {
            _raised.TryRemove((damaged.Name, Nobody), out _);
            throw;
        }
    }

    async Task<bool> RecordAsync(AuditScope scope, DamagedObject damaged, Caller? caller, CancellationToken ct)
    {
        // Asked again inside: two calls may have met the same object at once, and it may have been taken back.
        if (await AlarmAsync(scope.Catalogue, damaged, caller, ct) is not { } alarm
            || (alarm.Items.Count == 0 && !alarm.IsForNobody))
            throw new ExchangeException(ProblemKind.Aborted, "STATE_CHANGED", "Somebody else has told of it.");
        await scope.RecordAsync(new AuditEvent(AuditActions.ObjectDamaged, alarm.Resource)
        {
            Agreement = alarm.Agreement.Id,
            Revision = alarm.Agreement.Revision,
            Reason = damaged.Reason,
            Subjects = alarm.Subjects,
        });
        await NoticeOutbox.WriteAsync(
            scope, alarm.Agreement, alarm.Items, Slot(damaged), clock.GetUtcNow());
        return true;
    }

    static string Slot(DamagedObject damaged) => "damaged " + damaged.Name;

    /// <summary>Null when nothing is kept under that name any more: then it was no damage.</summary>
    async Task<Alarm?> AlarmAsync(CatalogueContext db, DamagedObject damaged, Caller? caller, CancellationToken ct)
    {
        if (await FindAsync(db, damaged.Name, ct) is not { } kept
            || gate.Book.Find(kept.Agreement) is not { IsAltered: false, Agreement: var agreement })
            return null;
        var day = LondonTime.Date(clock.GetUtcNow());
        var reader = caller is null ? null : PartyOf(agreement, caller.Principal);
        var parties = new[] { kept.Party, reader }.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var people = NoticePeople.Answering(agreement, parties, day);
        if (kept.Party is null)
            people = people.Concat(NoticePeople.Stewards(agreement, day));
        var what = damaged.Reason == DamagedObject.Missing ? "is gone" : "is damaged";
        var toTell = people.Distinct().ToList();
        var items = toTell.Select(told => new NoticeItem(
            told.Person, told.Party, NoticeKind.Damaged, $"damaged {damaged.Name} {told.Party}",
            $"{kept.Words}: what the exchange keeps of it {what}. The operator looks for a copy",
            told.Party == kept.Party ? kept.Command : "")).ToList();
        return new Alarm(
            agreement, kept.Resource,
            [.. parties.Select(p => new EventSubject(p, p == kept.Party ? kept.Dataset : ""))],
            await NoticeOutbox.NewAsync(db, agreement.Id, items, Slot(damaged), ct), toTell.Count == 0);
    }

    /// <param name="Agreement">The agreement that it is kept under.</param>
    /// <param name="Resource">Its name in the log.</param>
    /// <param name="Subjects">Whose event it is.</param>
    /// <param name="Items">What nobody was told yet.</param>
    /// <param name="IsForNobody">Nobody answers for it on this day.</param>
    sealed record Alarm(
        SharingAgreement Agreement, string Resource, IReadOnlyList<EventSubject> Subjects,
        IReadOnlyList<NoticeItem> Items, bool IsForNobody);

    /// <param name="Agreement">Id of the agreement it is kept under.</param>
    /// <param name="Party">Whose it is; null for a release, which is everybody's.</param>
    /// <param name="Dataset">Empty for a release.</param>
    /// <param name="Resource">Its name in the log.</param>
    /// <param name="Words">For people.</param>
    /// <param name="Command">For whoever sent it.</param>
    sealed record Kept(
        string Agreement, string? Party, string Dataset, string Resource, string Words, string Command);

    static async Task<Kept?> FindAsync(CatalogueContext db, string name, CancellationToken ct)
    {
        switch (name.Split('/'))
        {
            case ["datasets" or "cubes", _, _, ..] parts:
                var id = parts[^1].Split('.')[0];
                var row = await db.Submissions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, ct);
                return row is not null && IsKept(row) && (row.ContentObject == name || row.CubeObject == name)
                    ? new Kept(
                        row.Agreement, row.Party, row.Dataset,
                        row.Name + (row.CubeObject == name ? "/cube" : "/content"),
                        $"{row.Party} {row.Dataset} {SubmissionAccess.PeriodOf(row)}",
                        $"isax status {row.Dataset}/{row.Id}")
                    : null;
            case ["releases", var agreement, var feed, var build, var file]:
                return await FindAsync(db, agreement, feed, build, $"files/{file}", ct);
            case ["release-secrets", var agreement, var feed, var build]:
                return await FindAsync(db, agreement, feed, build, "secrets", ct);
            default:
                return null;
        }
    }

    static async Task<Kept?> FindAsync(
        CatalogueContext db, string agreement, string feed, string build, string what, CancellationToken ct)
    {
        var release = await db.Releases.AsNoTracking().SingleOrDefaultAsync(
            r => r.Agreement == agreement && r.Feed == feed && r.Build == build, ct);
        return release is null
            ? null
            : new Kept(agreement, null, "", $"{release.Name}/{what}", $"{feed}@{release.Number}", "");
    }

    static bool IsKept(SubmissionRow row) =>
        row.State is SubmissionState.Ready or SubmissionState.Submitted or SubmissionState.Superseded;

    static string? PartyOf(SharingAgreement agreement, Principal principal)
    {
        var party = principal.Party
            ?? CredentialRegistry.People(agreement).Where(p => p.Person == principal.Person).Select(p => p.Party)
                .FirstOrDefault();
        return agreement.Parties.Any(p => p.Id == party) ? party : null;
    }
}
