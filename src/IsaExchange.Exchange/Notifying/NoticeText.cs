using System.Globalization;
using System.Text;
using IsaExchange.Agreement;

namespace IsaExchange.Exchange.Notifying;

/// <summary>The words of a message: everything for one person and day in one, most urgent first.</summary>
static class NoticeText
{
    /// <summary>Beyond this a message is not read; isax due shows the rest.</summary>
    const int ItemsMax = 30;

    public static string Subject(SharingAgreement agreement, IReadOnlyList<NoticeItem> items)
    {
        var parts = items.GroupBy(i => i.Kind).OrderBy(g => g.Key).Select(
            g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {Words(g.Key)}"));
        return $"{agreement.Title}: {string.Join(", ", parts)}";
    }

    public static string Body(SharingAgreement agreement, string name, IReadOnlyList<NoticeItem> items)
    {
        var text = new StringBuilder($"Dear {name},\n");
        foreach (var group in items.Take(ItemsMax).GroupBy(i => i.Kind).OrderBy(g => g.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Words(group.Key).ToUpperInvariant()}\n");
            foreach (var item in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {item.Text}\n");
                if (item.Command.Length > 0)
                    text.Append(CultureInfo.InvariantCulture, $"    {item.Command}\n");
            }
        }

        if (items.Count > ItemsMax)
            text.Append(CultureInfo.InvariantCulture, $"\nand {items.Count - ItemsMax} more.\n");
        text.Append("\nAll of it: isax due\n");
        text.Append(CultureInfo.InvariantCulture, $"\nSent under: {agreement.Title}. No data is in this message.\n");
        return text.ToString();
    }

    public static string Words(NoticeKind kind) => kind switch
    {
        NoticeKind.Frozen => "frozen after a breach",
        NoticeKind.Retracted => "retracted",
        NoticeKind.Damaged => "damaged in the store",
        NoticeKind.Overdue => "overdue",
        NoticeKind.Ready => "checked but not submitted",
        NoticeKind.Reminder => "due soon",
        NoticeKind.Asked => "asked for by the steward",
        NoticeKind.Approval => "to approve",
        NoticeKind.Queries => "to explain",
        NoticeKind.Vacancy => "without an officer",
        NoticeKind.Review => "to review",
        _ => throw new InvalidOperationException("A kind of notice without words."),
    };

    /// <summary>The kind as it is stored and on the wire.</summary>
    public static string Code(NoticeKind kind) => kind switch
    {
        NoticeKind.Frozen => "frozen",
        NoticeKind.Retracted => "retracted",
        NoticeKind.Damaged => "damaged",
        NoticeKind.Overdue => "overdue",
        NoticeKind.Ready => "ready",
        NoticeKind.Reminder => "reminder",
        NoticeKind.Asked => "asked",
        NoticeKind.Approval => "approval",
        NoticeKind.Queries => "queries",
        NoticeKind.Vacancy => "vacancy",
        NoticeKind.Review => "review",
        _ => throw new InvalidOperationException("A kind of notice without a code."),
    };
}
