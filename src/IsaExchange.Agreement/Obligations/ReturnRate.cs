namespace IsaExchange.Agreement.Obligations;

/// <summary>An obligation and how it stands.</summary>
public sealed record AssessedObligation(Obligation Obligation, Standing Standing);

/// <summary>
/// How much of what should be in is in. What is expected follows from the agreement and the calendar alone, so no rate
/// passes one, and nothing that comes in can change what is divided by.
/// </summary>
/// <param name="Expected">Obligations whose due date has passed.</param>
/// <param name="OnTime">Of these, content or explicit nil in time (or while an exception was open).</param>
/// <param name="Late">Content or explicit nil, too late.</param>
/// <param name="Nil">Of those that are in, on time or late, how many are explicit nil returns.</param>
/// <param name="Withheld">Answered with a reason; neither content nor on time.</param>
/// <param name="Missing">Without content, nil or answer.</param>
public sealed record ReturnRate(int Expected, int OnTime, int Late, int Nil, int Withheld, int Missing)
{
    public int Complete => OnTime + Late;

    /// <summary>Between 0 and 1; null when nothing was expected, which is neither all nor nothing.</summary>
    public decimal? OnTimeShare => Share(OnTime);

    /// <summary>Between 0 and 1; null when nothing was expected.</summary>
    public decimal? CompleteShare => Share(Complete);

    /// <summary>The rate over the obligations that had fallen due before the day; each counts once.</summary>
    public static ReturnRate Of(IEnumerable<AssessedObligation> assessed, DateOnly day)
    {
        var due = assessed.Where(a => a.Obligation.DueDate < day).DistinctBy(a => a.Obligation.Id)
            .Select(a => a.Standing).ToList();
        return new ReturnRate(
            due.Count,
            due.Count(s => s.IsOnTime),
            due.Count(s => s.State is ObligationState.FulfilledLate),
            due.Count(s => s.IsComplete && s.IsNil),
            due.Count(s => s.State is ObligationState.Withheld),
            due.Count(s => s.IsOpen));
    }

    decimal? Share(int part) => Expected == 0 ? null : (decimal)part / Expected;
}
