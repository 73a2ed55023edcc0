using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Notifying;

/// <summary>
/// Hands waiting notices over. A notice is leased before it is tried, so that replicas do not both send it; the answer
/// of the other side is its proof of delivery and commits with its event. A crash after the answer and before that
/// commit sends it once more, under the same message id.
/// </summary>
public sealed class NoticeDelivery(
    AuditTrail trail, ICatalogue catalogue, INoticeCarrier carrier, PartnershipBook book, Limits limits,
    TimeProvider clock)
{
    const int AtOnce = 20;
    const int ProofLengthMax = 500;

    /// <summary>Longer than one attempt can take: whoever holds it is trying, or is gone.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    readonly string _owner = Guid.NewGuid().ToString("N");

    /// <summary>Tries what is waiting and due; returns how many were tried.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var isWaiting = await catalogue.ReadAsync(
            db => db.Notices.AnyAsync(
                n => n.State == NoticeState.Waiting && n.NextTicks <= now && n.LeaseTicks <= now, ct), ct);
        if (!isWaiting)
            return 0;
        await book.RefreshAsync(ct);

        // One at a time: a lease that waits for the attempts before it would run out under whoever holds it.
        var tried = 0;
        for (; tried < AtOnce && await LeaseAsync(ct) is { } leased; tried++)
            await TryAsync(leased, ct);
        return tried;
    }

    Task<NoticeRow?> LeaseAsync(CancellationToken ct) => catalogue.WriteAsync(
        async db =>
        {
            var now = clock.GetUtcNow();
            var row = await db.Notices
                .Where(n => n.State == NoticeState.Waiting && n.NextTicks <= now.UtcTicks
                    && n.LeaseTicks <= now.UtcTicks)
                .OrderBy(n => n.NextTicks).ThenBy(n => n.Id).FirstOrDefaultAsync(ct);
            if (row is null)
                return null;
            row.LeaseOwner = _owner;
            row.LeaseTicks = (now + Lease).UtcTicks;
            row.Attempts++;
            return row;
        },
        ct);

    async Task TryAsync(NoticeRow leased, CancellationToken ct)
    {
        var notice = new OutgoingNotice(
            leased.Id, MessageId(leased.Id), leased.RecipientName, leased.Contact, leased.Subject, leased.Body,
            new DateTimeOffset(leased.CreateTicks, TimeSpan.Zero));
        string proof;
        try
        {
            proof = await carrier.CarryAsync(notice, ct);
        }
        catch (NoticeRefusedException refused)
        {
            await NotTakenAsync(leased, refused.Message, refused.IsFinal, ct);
            return;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // What a carrier did not foresee is this notice's trouble only: the others do not wait for it.
            await NotTakenAsync(leased, $"not handed over ({e.GetType().Name})", isFinal: false, ct);
            return;
        }

        // The other side has it: whoever stops the service now must not make us send it again.
        await CloseAsync(leased, NoticeState.Sent, proof, AuditActions.NoticeSent, CancellationToken.None);
    }

    async Task NotTakenAsync(NoticeRow leased, string answer, bool isFinal, CancellationToken ct)
    {
        if (!isFinal && !IsTooOld(leased))
        {
            await LaterAsync(leased, answer, ct);
            return;
        }

        try
        {
            await CloseAsync(leased, NoticeState.Failed, answer, AuditActions.NoticeFailed, ct);
        }
        catch (LeaseLostException)
        {
            // Somebody else tries it now: what comes of it is theirs to say.
        }
    }

    bool IsTooOld(NoticeRow row) => clock.GetUtcNow().UtcTicks - row.CreateTicks > limits.NoticeLife.Ticks;

    Task<Audited<bool>> CloseAsync(
        NoticeRow leased, NoticeState state, string proof, string action, CancellationToken ct) => trail.CommitAsync(
        async scope =>
        {
            var row = await scope.Catalogue.Notices.SingleAsync(n => n.Id == leased.Id, ct);
            var isSent = state == NoticeState.Sent;
            if (!isSent && !IsOurs(row))
                throw new LeaseLostException();
            var kept = Kept(proof);

            // Not the clauses, which an altered agreement no longer has: whatever became of it, the answer is logged.
            var revision = book.Find(row.Agreement)?.Current.Revision ?? "";
            await scope.RecordAsync(NoticeOutbox.Event(action, row, revision) with
            {
                Allowed = isSent,
                ObjectSha256 = NoticeOutbox.Digest(kept),
            });

            // Somebody else had it after our lease: handed over twice is in the log twice, the row keeps the first.
            if (row.State != NoticeState.Waiting)
                return false;
            row.State = state;
            row.Proof = kept;
            row.SendTicks = isSent ? clock.GetUtcNow().UtcTicks : null;
            row.LeaseOwner = null;
            row.LeaseTicks = 0;
            return true;
        },
        ct);

    bool IsOurs(NoticeRow row) => row.State == NoticeState.Waiting && row.LeaseOwner == _owner;

    Task<bool> LaterAsync(NoticeRow leased, string answer, CancellationToken ct) => catalogue.WriteAsync(
        async db =>
        {
            var row = await db.Notices.SingleAsync(n => n.Id == leased.Id, ct);
            if (!IsOurs(row))
                return false;
            row.Proof = Kept(answer);
            row.NextTicks = (clock.GetUtcNow() + Pause(row.Attempts)).UtcTicks;
            row.LeaseOwner = null;
            row.LeaseTicks = 0;
            return true;
        },
        ct);

    /// <summary>Doubles with every attempt.</summary>
    TimeSpan Pause(int attempts) => TimeSpan.FromTicks(Math.Min(
        limits.NoticeRetryMax.Ticks, limits.NoticeRetryFirst.Ticks << Math.Min(attempts - 1, 20)));

    /// <summary>An answer from outside, bounded and without anything that drives a terminal.</summary>
    static string Kept(string answer)
    {
        var line = new string([.. answer.Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return line.Length <= ProofLengthMax ? line : line[..ProofLengthMax];
    }

    /// <summary>Made of the notice and the log's origin, so that every attempt bears the same.</summary>
    string MessageId(string id) => NoticeNames.MessageId(trail.Origin, id);

    /// <summary>Undoes what would have been said about a notice that somebody else has by now.</summary>
    sealed class LeaseLostException : Exception;
}

public static class NoticeNames
{
    /// <summary>The id of the message: the notice at the name of the exchange.</summary>
    public static string MessageId(string origin, string notice) =>
        $"{notice}@{string.Join('.', origin.Split('/').Reverse())}";
}
