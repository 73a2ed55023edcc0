namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>One audit event. Written in the transaction of what it describes; its index comes with
/// integration.</summary>
public sealed class EventRow
{
    /// <summary>Commit order.</summary>
    public long Sequence { get; init; }

    public required string Id { get; init; }

    /// <summary>Canonical JSON; the leaf commits to it. Erasing it (with the salt) leaves the tree valid.</summary>
    public required string? Json { get; set; }

    public required byte[]? Salt { get; set; }

    /// <summary>Leaf bytes as they go into the tree.</summary>
    public required byte[] Leaf { get; init; }

    public required string Agreement { get; init; }

    /// <summary>Party of whoever acted; empty for the exchange itself.</summary>
    public required string Party { get; init; }

    public required long Ticks { get; init; }

    /// <summary>Position in the log; null until integrated.</summary>
    public long? Index { get; set; }
}

/// <summary>Whose dataset an event touched: these parties see it whole.</summary>
public sealed class EventSubjectRow
{
    public required string Event { get; init; }

    public required string Agreement { get; init; }

    public required string Party { get; init; }

    /// <summary>Dataset id; empty where the event concerns the party but no dataset.</summary>
    public required string Dataset { get; init; }
}

/// <summary>Root of the complete subtree of 2^Level leaves, the Index-th of its level.</summary>
public sealed class TreeHashRow
{
    public required int Level { get; init; }

    public required long Index { get; init; }

    public required byte[] Hash { get; init; }
}

/// <summary>A signed head of the log; every one ever signed is kept.</summary>
public sealed class CheckpointRow
{
    public required long Size { get; init; }

    public required string Note { get; init; }

    public required long Ticks { get; init; }
}

/// <summary>
/// How far the log is integrated, and whose turn it is: one row. It changes only where it is still what its reader saw,
/// so that of two sequencers at most one commits.
/// </summary>
public sealed class TreeStateRow
{
    public const int TheOne = 1;

    public int Id { get; init; } = TheOne;

    /// <summary>Grows whenever a sequencer takes over: what one before it began can no longer commit.</summary>
    public long Epoch { get; set; }

    /// <summary>Events that have their place.</summary>
    public long Size { get; set; }
}

/// <summary>Who stands behind a pseudonym; outside the log, so that a person can be forgotten.</summary>
public sealed class ActorRow
{
    public required string Subject { get; init; }

    public required string Pseudonym { get; init; }
}
