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
        var leased = await LeaseAsync(ct);
        foreach (var notice in leased)
            await TryAsync(notice, ct);
        return leased.Count;
    }

    Task<List<NoticeRow>> LeaseAsync(CancellationToken ct) => catalogue.WriteAsync(
        async db =>
        {
            var now = clock.GetUtcNow();
            var rows = await db.Notices
                .Where(n => n.State == NoticeState.Waiting && n.NextTicks <= now.UtcTicks
                    && n.LeaseTicks <= now.UtcTicks)
                .OrderBy(n => n.NextTicks).ThenBy(n => n.Id).Take(AtOnce).ToListAsync(ct);
            foreach (var row in rows)
            {
                row.LeaseOwner = _owner;
                row.LeaseTicks = (now + Lease).UtcTicks;
                row.Attempts++;
            }

            return rows;
        },
        ct);

    async Task TryAsync(NoticeRow leased, CancellationToken ct)
    {
        var notice = new OutgoingNotice(
            leased.Id, MessageId(leased.Id), leased.RecipientName, leased.Contact, leased.Subject, leased.Body,
            new DateTimeOffset(leased.CreateTicks, TimeSpan.Zero));
        try
        {
            var proof = await carrier.CarryAsync(notice, ct);

            // The other side has it: whoever stops the service now must not make us send it again.
            await CloseAsync(leased, NoticeState.Sent, proof, AuditActions.NoticeSent, CancellationToken.None);
        }
        catch (NoticeRefusedException refused) when (refused.IsFinal || IsTooOld(leased))
        {
            await CloseAsync(leased, NoticeState.Failed, refused.Message, AuditActions.NoticeFailed, ct);
        }
        catch (NoticeRefusedException refused)
        {
            await LaterAsync(leased, refused.Message, ct);
        }
    }

    bool IsTooOld(NoticeRow row) => clock.GetUtcNow().UtcTicks - row.CreateTicks > limits.NoticeLife.Ticks;

    Task<Audited<bool>> CloseAsync(
        NoticeRow leased, NoticeState state, string proof, string action, CancellationToken ct) => trail.CommitAsync(
        async scope =>
        {
            var row = await scope.Catalogue.Notices.SingleAsync(n => n.Id == leased.Id, ct);
            var revision = book.Find(row.Agreement)?.Agreement.Revision ?? "";
            var kept = Kept(proof);
            await scope.RecordAsync(NoticeOutbox.Event(action, row, revision) with
            {
                Allowed = state == NoticeState.Sent,
                ObjectSha256 = NoticeOutbox.Digest(kept),
            });
            row.State = state;
            row.Proof = kept;
            row.SendTicks = state == NoticeState.Sent ? clock.GetUtcNow().UtcTicks : null;
            row.LeaseOwner = null;
            row.LeaseTicks = 0;
            return true;
        },
        ct);

    Task<bool> LaterAsync(NoticeRow leased, string answer, CancellationToken ct) => catalogue.WriteAsync(
        async db =>
        {
            var row = await db.Notices.SingleAsync(n => n.Id == leased.Id, ct);
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
}

public static class NoticeNames
{
    /// <summary>The id of the message: the notice at the name of the exchange.</summary>
    public static string MessageId(string origin, string notice) =>
        $"{notice}@{string.Join('.', origin.Split('/').Reverse())}";
}
