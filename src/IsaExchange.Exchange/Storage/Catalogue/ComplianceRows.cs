namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>More time granted by a steward. The reason stands here; the log has its digest.</summary>
public sealed class ExceptionRow
{
    public required string Id { get; init; }

    public required string Agreement { get; init; }

    public required string Party { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Area codes, joined by a comma.</summary>
    public required string Areas { get; init; }

    public required string PeriodStart { get; init; }

    /// <summary>Day after the last of the period.</summary>
    public required string PeriodEnd { get; init; }

    /// <summary>The last day, yyyy-MM-dd.</summary>
    public required string Until { get; init; }

    public required string Reason { get; init; }

    /// <summary>Subject of whoever granted it.</summary>
    public required string GrantedBy { get; init; }

    public required long GrantTicks { get; init; }

    public long? RevokeTicks { get; set; }

    /// <summary>Id of the event of the grant.</summary>
    public required string Event { get; set; }

    public string Name => $"agreements/{Agreement}/exceptions/{Id}";
}

/// <summary>An authority's answer that nothing can be shared for a period. The note stands here, its digest in the
/// log.</summary>
public sealed class WithholdingRow
{
    public required string Id { get; init; }

    public required string Agreement { get; init; }

    public required string Party { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Area codes, joined by a comma.</summary>
    public required string Areas { get; init; }

    public required string PeriodStart { get; init; }

    /// <summary>Day after the last of the period.</summary>
    public required string PeriodEnd { get; init; }

    /// <summary>One of the closed list.</summary>
    public required string Reason { get; init; }

    public required string Note { get; init; }

    public required string Actor { get; init; }

    public required long Ticks { get; init; }

    public required string Event { get; set; }

    public string Name => $"agreements/{Agreement}/parties/{Party}/datasets/{Dataset}/withholdings/{Id}";
}

/// <summary>Life of a notice; the numbers are stored and are those of the wire.</summary>
public enum NoticeState
{
    Waiting = 1,
    Sent = 2,
    Failed = 3,
}

/// <summary>One message to one person, on its way out or gone.</summary>
public sealed class NoticeRow
{
    public required string Id { get; init; }

    public required string Agreement { get; init; }

    /// <summary>Person id.</summary>
    public required string Recipient { get; init; }

    /// <summary>Party for which the recipient is told the most urgent of it.</summary>
    public required string Party { get; init; }

    /// <summary>Every party for which the recipient is told something, joined by a comma.</summary>
    public required string Parties { get; init; }

    /// <summary>The day in London, or the day, "asked" and the party: unique for a recipient, so that nobody gets two
    /// a day.</summary>
    public required string Slot { get; init; }

    /// <summary>Joined by a comma.</summary>
    public required string Kinds { get; init; }

    /// <summary>As the agreement wrote the contact when the notice was made.</summary>
    public required string Contact { get; init; }

    public required string RecipientName { get; init; }

    public required string Subject { get; init; }

    public required string Body { get; init; }

    public required NoticeState State { get; set; }

    public required long CreateTicks { get; init; }

    public int Attempts { get; set; }

    public long NextTicks { get; set; }

    /// <summary>Until then nobody else tries; a crashed worker's lease runs out by itself.</summary>
    public long LeaseTicks { get; set; }

    public string? LeaseOwner { get; set; }

    /// <summary>What the other side answered last; of a sent one the proof of delivery.</summary>
    public string Proof { get; set; } = "";

    public long? SendTicks { get; set; }

    public string Name => $"agreements/{Agreement}/notices/{Id}";
}

/// <summary>
/// What a notice says, by its key. The key is unique for all time: a reminder that was written once is never written
/// again, whatever restarts or how many replicas plan the same day.
/// </summary>
public sealed class NoticeItemRow
{
    public required string Agreement { get; init; }

    public required string Recipient { get; init; }

    /// <summary>What it is about, of which kind and which step, for example
    /// <c>overdue/p.d.2026-07-01-p3m/2026-12-31/14</c>.</summary>
    public required string Key { get; init; }

    public required string Notice { get; init; }
}
