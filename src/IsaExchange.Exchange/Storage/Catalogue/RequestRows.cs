namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>What is asked for; the numbers are stored and are those of the wire.</summary>
public enum RequestKind
{
    Information = 1,
    OnwardDisclosure = 2,
    FreedomOfInformation = 3,
}

/// <summary>How a request stands; the numbers are stored and are those of the wire.</summary>
public enum RequestState
{
    Open = 1,
    Answered = 2,
    Refused = 3,
    Consented = 4,
}

/// <summary>The closed list of reasons to refuse a request; the numbers are stored and are those of the wire.</summary>
public enum RequestRefusal
{
    NotHeld = 1,
    PersonalInformation = 2,
    NotThisPurpose = 3,
    LegallyBarred = 4,
    PrejudicesPolicing = 5,
    AlreadyAvailable = 6,
    TooMuchWork = 7,
    RecipientNotSuitable = 8,
}

/// <summary>A request of one authority to another. What was written stands here; the log has its digest.</summary>
public sealed class RequestRow
{
    public required string Id { get; init; }

    public required string Agreement { get; init; }

    /// <summary>Who is asked.</summary>
    public required string Party { get; init; }

    /// <summary>Who asks.</summary>
    public required string Asker { get; init; }

    public required string AskedBy { get; init; }

    public required RequestKind Kind { get; init; }

    /// <summary>Id; null where it is about a feed or about no dataset.</summary>
    public required string? Dataset { get; init; }

    public required string? Feed { get; init; }

    /// <summary>First day, yyyy-MM-dd; null where no period is named.</summary>
    public required string? PeriodStart { get; init; }

    /// <summary>Day after the last.</summary>
    public required string? PeriodEnd { get; init; }

    public required string Text { get; init; }

    public required string? Recipient { get; init; }

    public required string? Purpose { get; init; }

    public required long ReceiveTicks { get; init; }

    /// <summary>Last day in London, yyyy-MM-dd; null where the agreement sets no clock.</summary>
    public required string? AnswerBy { get; init; }

    public required RequestState State { get; set; }

    public string? Answer { get; set; }

    public string? AnsweredBy { get; set; }

    public long? AnswerTicks { get; set; }

    public RequestRefusal? Refusal { get; set; }

    /// <summary>Last day of a consent, yyyy-MM-dd.</summary>
    public string? Until { get; set; }

    public int Version { get; set; }

    public string Name => $"agreements/{Agreement}/parties/{Party}/requests/{Id}";
}
