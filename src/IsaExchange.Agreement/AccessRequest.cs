namespace IsaExchange.Agreement;

/// <summary>
/// One question to the agreement. What a verb needs and the request does not say is refused, and so is every word that
/// the agreement does not know, needed or not.
/// </summary>
public sealed record AccessRequest(Principal Caller, Verb Verb, DateTimeOffset Time)
{
    /// <summary>The party whose dataset, submission or log entries are asked for.</summary>
    public string? Party { get; init; }

    public string? Dataset { get; init; }

    public IReadOnlyList<string> Areas { get; init; } = [];

    public InformationPeriod? Period { get; init; }

    public string? Feed { get; init; }

    public string? Purpose { get; init; }
}
