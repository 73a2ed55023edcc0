using System.Globalization;

namespace IsaExchange.Agreement;

/// <summary>What an authority owes an area for a period; on <paramref name="DueDate"/> it is still on time.</summary>
public sealed record Obligation(
    string Party,
    string Dataset,
    string Area,
    InformationPeriod Period,
    DateOnly DueDate,
    string LegalBasis,
    string Clause)
{
#pragma warning disable CA1308 // Resource ids are lower case; area codes are not.
    public string Id => string.Create(
        CultureInfo.InvariantCulture, $"{Party}.{Dataset}.{Area.ToLowerInvariant()}.{Period.Start:yyyy-MM-dd}");
#pragma warning restore CA1308
}

/// <summary>A submission that stands: submitted, not withdrawn, not superseded.</summary>
public sealed record AcceptedReturn(
    string Name,
    string Party,
    string Dataset,
    IReadOnlyList<string> Areas,
    InformationPeriod Period,
    DateTimeOffset SubmitTime,
    bool IsNil);

public enum ObligationState
{
    /// <summary>The period has not ended.</summary>
    NotYetDue,

    /// <summary>The period has ended, the due date has not passed, and not everything is in.</summary>
    Due,
    Overdue,
    Fulfilled,

    /// <summary>Everything is in, content or nil, and the last of it came after the due date.</summary>
    FulfilledLate,

    /// <summary>In time, and every part of it an explicit nil return.</summary>
    Nil,
}

/// <summary>How an obligation stands on a day; <paramref name="Submissions"/> names what counts, by time.</summary>
public sealed record Standing(
    ObligationState State, IReadOnlyList<string> Submissions, int MonthsReceived, int MonthsOwed);

public static class ObligationStanding
{
    /// <summary>
    /// Months that tile the period fulfil it, and so does one return for all of it. It is on time when the last of the
    /// returns that were needed came, by the civil date in London, no later than the due date.
    /// </summary>
    public static Standing Assess(Obligation o, IEnumerable<AcceptedReturn> returns, DateOnly today)
    {
        var counted = returns.Where(r => Counts(r, o))
            .OrderBy(r => r.SubmitTime).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        var months = o.Period.Months().ToList();
        // The first return for a month settles it: a second one for the same month cannot make the first one late.
        var settled = months.Select(m => counted.FirstOrDefault(r => r.Period.Covers(m)))
            .OfType<AcceptedReturn>().ToList();
        // No months, no standing: nothing counts as complete because nothing was asked.
        var complete = months.Count > 0 && settled.Count == months.Count;
        var state = complete ? Complete(o, settled, counted) : Incomplete(o, today);
        return new Standing(state, [.. counted.Select(r => r.Name)], settled.Count, months.Count);
    }

    static bool Counts(AcceptedReturn r, Obligation o) =>
        r.Party == o.Party && r.Dataset == o.Dataset && r.Areas.Contains(o.Area) && o.Period.Covers(r.Period);

    static ObligationState Complete(Obligation o, List<AcceptedReturn> settled, List<AcceptedReturn> counted)
    {
        if (LondonTime.Date(settled.Max(r => r.SubmitTime)) > o.DueDate)
            return ObligationState.FulfilledLate;
        return counted.TrueForAll(r => r.IsNil) ? ObligationState.Nil : ObligationState.Fulfilled;
    }

    static ObligationState Incomplete(Obligation o, DateOnly today)
    {
        if (today > o.DueDate)
            return ObligationState.Overdue;
        return today < o.Period.EndExclusive ? ObligationState.NotYetDue : ObligationState.Due;
    }
}
