namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>One revision of an agreement: the very bytes that are signed.</summary>
public sealed class RevisionRow
{
    public required string Agreement { get; init; }

    /// <summary>Hex SHA-256 of the canonical form.</summary>
    public required string Revision { get; init; }

    public required byte[] Source { get; set; }

    public required string SourceSha256 { get; init; }

    /// <summary>Subject of the proposer; empty for the exchange itself, at its making.</summary>
    public required string Proposer { get; init; }

    public required long Ticks { get; init; }

    /// <summary>
    /// The revision whose signatures it carries on, when it only added parties; null when it stands on its own.
    /// </summary>
    public string? CarriesFrom { get; set; }
}

/// <summary>A stage that a revision reached; the last one holds.</summary>
public sealed class RevisionStageRow
{
    public long Sequence { get; init; }

    public required string Agreement { get; init; }

    public required string Revision { get; init; }

    /// <summary>Number of the stage in the order of the agreement's own list.</summary>
    public required int Stage { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public required long Ticks { get; init; }
}

public sealed class SignatureRow
{
    public required string Agreement { get; init; }

    public required string Revision { get; init; }

    public required string Party { get; init; }

    public required string Person { get; init; }

    public required string Office { get; init; }

    /// <summary>PEM, without its key.</summary>
    public required string Certificate { get; set; }

    /// <summary>ECDSA P-256 over SHA-256 of the statement, DER.</summary>
    public required byte[] Signature { get; set; }

    public required string Statement { get; set; }

    /// <summary>When it arrived; the statement says when it was made.</summary>
    public required long Ticks { get; init; }
}

/// <summary>What somebody said about a draft. Free text: it stays here, the log has its digest.</summary>
public sealed class CommentRow
{
    public long Sequence { get; init; }

    public required string Agreement { get; init; }

    public required string Revision { get; init; }

    public required string Party { get; init; }

    public required string Person { get; init; }

    public required string Text { get; init; }

    public required long Ticks { get; init; }
}

/// <summary>Who has read a draft, and when first.</summary>
public sealed class ReadingRow
{
    public required string Agreement { get; init; }

    public required string Revision { get; init; }

    public required string Subject { get; init; }

    public required string Party { get; init; }

    public required long Ticks { get; init; }
}

/// <summary>A liaison officer or deputy designated since; holds under every revision that knows the party.</summary>
public sealed class DesignationRow
{
    public required string Agreement { get; init; }

    public required string Id { get; init; }

    public required string Party { get; init; }

    public required string Person { get; init; }

    /// <summary>Area codes joined by a comma.</summary>
    public required string Areas { get; init; }

    /// <summary>First and last day, yyyy-MM-dd.</summary>
    public required string From { get; init; }

    public required string To { get; init; }

    public required bool Deputy { get; init; }

    public required string Actor { get; init; }

    public required long Ticks { get; init; }
}

/// <summary>The end of a designation before its last day.</summary>
public sealed class DesignationEndRow
{
    public long Sequence { get; init; }

    public required string Agreement { get; init; }

    /// <summary>The clause that named the designation.</summary>
    public required string Clause { get; init; }

    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public required long Ticks { get; init; }
}

/// <summary>Somebody named since the agreement was written, for designations.</summary>
public sealed class NamedPersonRow
{
    public required string Agreement { get; init; }

    public required string Person { get; init; }

    public required string Name { get; set; }

    public required string Contact { get; set; }

    public required long Ticks { get; init; }
}

/// <summary>A party gave notice.</summary>
public sealed class PartyWithdrawalRow
{
    public required string Agreement { get; init; }

    public required string Party { get; init; }

    /// <summary>yyyy-MM-dd.</summary>
    public required string LastDay { get; init; }

    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public required long Ticks { get; init; }
}

/// <summary>
/// An edition of a code list that something accepted rests on, and the digest that it had then: it can be superseded
/// and not changed. The row is never changed either.
/// </summary>
public sealed class CodeListUseRow
{
    public required string Agreement { get; init; }

    public required string List { get; init; }

    public required string Edition { get; init; }

    /// <summary>SHA-256 of what the edition's codes mean (its file, first day and parents), in lower-case
    /// hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When it was first rested upon.</summary>
    public required long Ticks { get; init; }
}

/// <summary>One row that grows with every act: what other processes look at to see whether they are behind.</summary>
public sealed class RegisterVersionRow
{
    public const int TheOne = 1;

    public int Id { get; init; } = TheOne;

    public long Version { get; set; }
}
