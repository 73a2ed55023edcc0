namespace IsaExchange.Exchange.Notifying;

/// <summary>What a notice can be about, most urgent first.</summary>
public enum NoticeKind
{
    /// <summary>Something that the authority took is frozen after a breach.</summary>
    Frozen,

    /// <summary>A release that somebody took was taken back.</summary>
    Retracted,

    /// <summary>What the exchange keeps for the authority, or was to give it, is damaged or gone.</summary>
    Damaged,
    Overdue,

    /// <summary>Checked and not submitted, and the due date is near.</summary>
    Ready,
    Reminder,

    /// <summary>A steward asked for it.</summary>
    Asked,

    /// <summary>A release waits for the approval of others than whoever proposed it.</summary>
    Approval,

    /// <summary>Submitted by an unattended sender with queries that nobody has explained.</summary>
    Queries,

    /// <summary>Nobody answers for an authority.</summary>
    Vacancy,

    /// <summary>The review of the agreement is overdue.</summary>
    Review,
}

/// <summary>One thing to tell one person. The key is the same for ever: what was written once is not written
/// again.</summary>
/// <param name="Recipient">Person id.</param>
/// <param name="Party">The party for which the person is told.</param>
/// <param name="Text">Names of datasets, areas, periods and days; never a value of any dataset.</param>
/// <param name="Command">What to run next; empty when it is not done here.</param>
public sealed record NoticeItem(
    string Recipient, string Party, NoticeKind Kind, string Key, string Text, string Command);
