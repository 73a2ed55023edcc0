using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Notifying;

/// <summary>
/// Notices are written in one transaction with their events, and handed over later by whoever leases them: a crash in
/// between loses none, and the keys of what they say keep any from being written twice.
/// </summary>
static class NoticeOutbox
{
    /// <summary>What of these was never written, for recipients who have had no message in this slot.</summary>
    public static async Task<List<NoticeItem>> NewAsync(
        CatalogueContext db, string agreement, IReadOnlyList<NoticeItem> items, string slot, CancellationToken ct)
    {
        var keys = items.Select(i => i.Key).Distinct(StringComparer.Ordinal).ToList();
        var known = (await db.NoticeItems.Where(i => i.Agreement == agreement && keys.Contains(i.Key))
            .Select(i => new { i.Recipient, i.Key }).ToListAsync(ct)).Select(i => (i.Recipient, i.Key)).ToHashSet();
        var told = (await db.Notices.Where(n => n.Agreement == agreement && n.Slot == slot)
            .Select(n => n.Recipient).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        return [.. items.Where(i => !known.Contains((i.Recipient, i.Key)) && !told.Contains(i.Recipient))
            .DistinctBy(i => (i.Recipient, i.Key))];
    }

    /// <summary>One notice a recipient, each with its event.</summary>
    public static async Task<List<NoticeRow>> WriteAsync(
        AuditScope scope, SharingAgreement agreement, IReadOnlyList<NoticeItem> items, string slot, DateTimeOffset now)
    {
        var rows = new List<NoticeRow>();
        foreach (var theirs in items.GroupBy(i => i.Recipient).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var row = Row(agreement, [.. theirs.OrderBy(i => i.Kind)], slot, now);
            scope.Catalogue.Notices.Add(row);
            scope.Catalogue.NoticeItems.AddRange(theirs.Select(i => new NoticeItemRow
            {
                Agreement = agreement.Id, Recipient = i.Recipient, Key = i.Key, Notice = row.Id,
            }));
            await scope.RecordAsync(Event(AuditActions.QueueNotice, row, agreement.Revision) with
            {
                Rows = theirs.Count(),
                ObjectSha256 = Digest(row.Body),
            });
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>An event about a notice: whose it was, never what it said or to whom.</summary>
    public static AuditEvent Event(string action, NoticeRow row, string revision) => new(action, row.Name)
    {
        Agreement = row.Agreement,
        Revision = revision,
        Subjects = [.. row.Parties.Split(',').Select(party => new EventSubject(party, ""))],
    };

    public static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static NoticeRow Row(SharingAgreement agreement, List<NoticeItem> items, string slot, DateTimeOffset now)
    {
        var person = agreement.People.FirstOrDefault(p => p.Id == items[0].Recipient);
        var name = person?.Name ?? items[0].Recipient;
        return new NoticeRow
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Agreement = agreement.Id,
            Recipient = items[0].Recipient,
            Party = items[0].Party,
            Parties = string.Join(',', items.Select(i => i.Party).Distinct(StringComparer.Ordinal)),
            Slot = slot,
            Kinds = string.Join(',', items.Select(i => NoticeText.Code(i.Kind)).Distinct(StringComparer.Ordinal)),
            Contact = person?.Contact ?? "",
            RecipientName = name,
            Subject = NoticeText.Subject(agreement, items),
            Body = NoticeText.Body(agreement, name, items),
            State = NoticeState.Waiting,
            CreateTicks = now.UtcTicks,
            NextTicks = now.UtcTicks,
        };
    }
}
