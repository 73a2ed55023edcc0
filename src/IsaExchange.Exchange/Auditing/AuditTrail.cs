using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Auditing;

/// <summary>Proof that an event is durable. Only the trail makes one, and only after the commit.</summary>
public sealed class AuditReceipt
{
    internal AuditReceipt(LoggedEvent logged) => (EventId, LeafHash) = (logged.Id, logged.LeafHash);

    public string EventId { get; }

    public LogHash LeafHash { get; }
}

/// <summary>An event inside a transaction that has not committed yet: its leaf is known, its durability is
/// not.</summary>
public sealed record LoggedEvent(string Id, LogHash LeafHash);

/// <summary>A result and the proof that its event is durable.</summary>
public sealed record Audited<T>(T Value, AuditReceipt Receipt);

/// <summary>The open transaction of a change: the only way to the catalogue's write side that a journey has.</summary>
public sealed class AuditScope
{
    readonly AuditTrail _trail;

    internal AuditScope(CatalogueContext catalogue, AuditTrail trail) => (Catalogue, _trail) = (catalogue, trail);

    public CatalogueContext Catalogue { get; }

    internal LoggedEvent? Last { get; private set; }

    /// <summary>Adds the event to this transaction: it becomes durable with the change, or not at all.</summary>
    public async Task<LoggedEvent> RecordAsync(AuditEvent auditEvent) =>
        Last = await _trail.AddAsync(Catalogue, auditEvent);
}

/// <summary>
/// Writes the log. An event commits in the transaction of what it describes, or before the first byte of a read leaves.
/// Fail closed: when an event cannot be made durable the call ends with AUDIT_UNAVAILABLE and nothing has happened.
/// </summary>
public sealed class AuditTrail(ICatalogue catalogue, TimeProvider clock, string origin)
{
    readonly ConcurrentDictionary<string, string> _pseudonyms = new(StringComparer.Ordinal);

    /// <summary>Origin of the log, first line of its checkpoints.</summary>
    public string Origin { get; } = origin;

    /// <summary>Set when events wait too long for integration; then nothing is answered.</summary>
    public bool Stalled { get; internal set; }

    /// <summary>Called after every commit, so that integration need not wait for its timer.</summary>
    public Action? Committed { get; set; }

    /// <summary>Makes one event durable by itself: reads, and refusals.</summary>
    public async Task<AuditReceipt> RecordAsync(AuditEvent auditEvent, CancellationToken ct)
    {
        // Nothing is decided: keys alone keep two events, or two pseudonyms of one person, apart.
        var audited = await DurableAsync(
            () => catalogue.AppendAsync(db => RunAsync(db, scope => scope.RecordAsync(auditEvent)), ct));
        return audited.Receipt;
    }

    /// <summary>Commits a change and its events together.</summary>
    /// <param name="change">May be run more than once, see <see cref="ICatalogue"/>.</param>
    public Task<Audited<T>> CommitAsync<T>(Func<AuditScope, Task<T>> change, CancellationToken ct) =>
        DurableAsync(() => catalogue.WriteAsync(db => RunAsync(db, change), ct));

    async Task<Audited<T>> DurableAsync<T>(Func<Task<Audited<T>>> commit)
    {
        if (Stalled)
            throw Unavailable(null);
        try
        {
            var audited = await commit();
            Committed?.Invoke();
            return audited;
        }
        catch (CatalogueOutcomeUnknownException e)
        {
            throw new ExchangeException(
                ProblemKind.Unavailable, "AUDIT_UNAVAILABLE",
                "The catalogue went away while it kept this call, which may have been carried out or not. Repeat it"
                + " with the same request id, or look.",
                inner: e);
        }
        catch (DbException e)
        {
            throw Unavailable(e);
        }
        catch (DbUpdateException e)
        {
            throw Unavailable(e);
        }
    }

    async Task<Audited<T>> RunAsync<T>(CatalogueContext db, Func<AuditScope, Task<T>> change)
    {
        var scope = new AuditScope(db, this);
        var value = await change(scope);
        var logged = scope.Last ?? throw new InvalidOperationException("A change without an event cannot commit.");
        return new Audited<T>(value, new AuditReceipt(logged));
    }

    internal async Task<LoggedEvent> AddAsync(CatalogueContext db, AuditEvent auditEvent)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString("N");
        var actor = auditEvent.ActorSubject is { } subject ? await PseudonymAsync(db, subject) : "exchange";
        var json = CanonicalJson.Write(auditEvent.ToJson(Origin, id, now, actor));
        var salt = RandomNumberGenerator.GetBytes(AuditLeaf.SaltSize);
        var leaf = AuditLeaf.Encode(id, AuditLeaf.Commit(salt, json));
        db.Events.Add(new EventRow
        {
            Id = id,
            Json = Encoding.UTF8.GetString(json),
            Salt = salt,
            Leaf = leaf,
            Agreement = auditEvent.Agreement,
            Party = auditEvent.Party,
            Ticks = now.UtcTicks,
        });
        foreach (var touched in auditEvent.Subjects.Distinct())
        {
            db.EventSubjects.Add(new EventSubjectRow
            {
                Event = id,
                Agreement = auditEvent.Agreement,
                Party = touched.Party,
                Dataset = touched.Dataset,
            });
        }

        return new LoggedEvent(id, MerkleTree.LeafHash(leaf));
    }

    /// <summary>Random, per person and kept beside the log: the log itself names nobody.</summary>
    async Task<string> PseudonymAsync(CatalogueContext db, string subject)
    {
        if (_pseudonyms.TryGetValue(subject, out var known))
            return known;
        var row = await db.Actors.FindAsync(subject);
        if (row is null)
        {
            var pseudonym = "actor-" + RandomNumberGenerator.GetHexString(16, lowercase: true);
            row = new ActorRow { Subject = subject, Pseudonym = pseudonym };
            db.Actors.Add(row);
        }

        // One that this transaction has drawn is not kept in memory: it may still roll back, and then another is drawn.
        return db.Entry(row).State == EntityState.Added
            ? row.Pseudonym
            : _pseudonyms.GetOrAdd(subject, row.Pseudonym);
    }

    static ExchangeException Unavailable(Exception? inner) => new(
        ProblemKind.Unavailable,
        "AUDIT_UNAVAILABLE",
        "The audit log cannot take the event of this call, so the call has not been carried out. Try again later.",
        inner: inner);
}
