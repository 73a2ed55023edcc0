namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>Life of a submission; the numbers are stored and are those of the wire.</summary>
public enum SubmissionState
{
    Open = 1,
    Validating = 2,
    NeedsCorrection = 3,
    Ready = 4,
    Submitted = 5,
    Superseded = 6,
    Withdrawn = 7,
    Erased = 8,
    Expired = 9,
}

public sealed class SubmissionRow
{
    public required string Id { get; init; }

    public required string Agreement { get; init; }

    public required string AgreementRevision { get; set; }

    public required string Party { get; init; }

    public required string Dataset { get; init; }

    /// <summary>First day of the period, yyyy-MM-dd.</summary>
    public required string PeriodStart { get; init; }

    /// <summary>Day after the last of the period, yyyy-MM-dd.</summary>
    public required string PeriodEnd { get; init; }

    /// <summary>Area codes it is owed to, joined by a comma.</summary>
    public required string Areas { get; init; }

    public required SubmissionState State { get; set; }

    public string? NilReason { get; init; }

    public long ExpectedBytes { get; init; }

    public string? ExpectedSha256 { get; init; }

    public string? ContentSha256 { get; set; }

    public long ContentBytes { get; set; }

    /// <summary>Bytes of the sealed payload as the verdict left it: what is promoted must be exactly that
    /// long.</summary>
    public long SealedBytes { get; set; }

    /// <summary>Hex SHA-256 of the sealed object's header, once submitted.</summary>
    public string? HeaderSha256 { get; set; }

    public long Records { get; set; }

    public required string CreatedBy { get; init; }

    public required long CreateTicks { get; init; }

    public required long ExpireTicks { get; set; }

    public long? SubmitTicks { get; set; }

    public long? DueTicks { get; set; }

    /// <summary>From this instant on it counts for nothing.</summary>
    public long? WithdrawTicks { get; set; }

    /// <summary>When the content of a withdrawn one was gone from the store.</summary>
    public long? DestroyTicks { get; set; }

    /// <summary>Since when nobody may read it or anything released from it; null while it is not frozen. A freeze does
    /// not end by correcting or withdrawing the submission: what was released from it stays frozen.</summary>
    public long? FreezeTicks { get; set; }

    public string? Supersedes { get; init; }

    public string? SupersededBy { get; set; }

    public string? CorrectionReason { get; init; }

    /// <summary>The attempt whose staged bytes were acknowledged; 0 before the first.</summary>
    public int Attempt { get; set; }

    /// <summary>The last attempt number given out. Who holds an earlier one has been overtaken, in this process or
    /// another, and may neither be relied on nor give a verdict.</summary>
    public int LastAttempt { get; set; }

    /// <summary>Name of the sealed cube; set with READY.</summary>
    public string? CubeObject { get; set; }

    public string? ReceiptNote { get; set; }

    public string? SubmitEvent { get; set; }

    /// <summary>Grows with every change: the etag.</summary>
    public int Version { get; set; }

    public bool IsNil => NilReason is not null;

    public string Name => $"agreements/{Agreement}/parties/{Party}/datasets/{Dataset}/submissions/{Id}";

    /// <summary>The sealed content, of the attempt that counts. Bound into its header: content cannot be served under
    /// another name.</summary>
    public string ContentObject => ContentOf(Attempt).Value;

    /// <summary>The content of one attempt, staged or promoted: no name is used twice, and so no file key.</summary>
    public ObjectName ContentOf(int attempt) => new($"datasets/{Agreement}/{Party}/{Dataset}/{Id}.{attempt}");

    /// <summary>The cube of one attempt.</summary>
    public ObjectName CubeOf(int attempt) => new($"cubes/{Agreement}/{Party}/{Id}.{attempt}");
}

/// <summary>What can be done with a submission after it was sent; the numbers are stored and are those of the
/// wire.</summary>
public enum SubmissionActKind
{
    Withdraw = 1,
    Freeze = 2,
    Unfreeze = 3,
}

/// <summary>An act with its reason. The reason stands here; the log has its digest.</summary>
public sealed class SubmissionActRow
{
    /// <summary>Id of the event of the act.</summary>
    public required string Event { get; init; }

    public required string Submission { get; init; }

    public required SubmissionActKind Kind { get; init; }

    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public required long Ticks { get; init; }
}

/// <summary>What validation found, by place and rule; JSON, never a cell value.</summary>
public sealed class ReportRow
{
    public required string Submission { get; init; }

    public required string Json { get; init; }

    public required long Errors { get; init; }

    public required long Queries { get; init; }

    public required bool Truncated { get; init; }
}

/// <summary>What was said to a query. Never changed but to end it: who says it anew adds a row.</summary>
public sealed class ExplanationRow
{
    public required string Submission { get; init; }

    /// <summary>Id of the group: rule, field, area, code and direction, as far as it has them.</summary>
    public required string Group { get; init; }

    /// <summary>From 1; the highest counts, the others are what was said before.</summary>
    public required int Number { get; init; }

    /// <summary>Stands here; the log has its digest.</summary>
    public required string Text { get; init; }

    public required string Actor { get; init; }

    public required long Ticks { get; init; }

    /// <summary>Last day, yyyy-MM-dd in London, on which it also answers the query of a later submission; null: of
    /// none.</summary>
    public string? Until { get; init; }

    /// <summary>Id of the submission to which it was said, when it was carried to this one.</summary>
    public string? CarriedFrom { get; init; }

    /// <summary>From this instant on it answers nothing that is not submitted yet.</summary>
    public long? EndTicks { get; set; }

    public string? EndActor { get; set; }
}

/// <summary>The answer of a mutation by its request id: the same id gives the same answer after a lost reply.</summary>
public sealed class AnsweredRequestRow
{
    public required string Caller { get; init; }

    public required string RequestId { get; init; }

    public required string BodySha256 { get; init; }

    public required string Resource { get; init; }

    public required long Ticks { get; init; }
}
