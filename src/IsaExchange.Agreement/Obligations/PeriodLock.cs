namespace IsaExchange.Agreement.Obligations;

/// <summary>When a period is closed: so many days after its due date, unless a steward has opened it again.</summary>
public static class PeriodLock
{
    /// <summary>The last day on which a return is accepted; null when the agreement locks nothing.</summary>
    public static DateOnly? LastOpenDay(DateOnly dueDate, int? lockDaysAfter) =>
        lockDaysAfter is { } days ? dueDate.AddDays(days) : null;

    /// <summary>Whether nothing is accepted any more for the area and the period that holds it.</summary>
    /// <param name="owed">The clause by which it is owed: says when it was due.</param>
    /// <param name="period">A whole period of the clause, or a month of one.</param>
    public static bool IsLocked(
        DatasetOwedClause owed, string area, InformationPeriod period, int? lockDaysAfter,
        IEnumerable<ExceptionAct> exceptions, DateTimeOffset time)
    {
        var whole = owed.PeriodContaining(period.Start);
        if (LastOpenDay(owed.DueDate(whole), lockDaysAfter) is not { } last || time < LondonTime.EndOf(last))
            return false;
        return !exceptions.Any(e => e.Party == owed.Party && e.Dataset == owed.Dataset && e.Area == area
            && e.PeriodStart == whole.Start && e.Time <= time && time < EndOf(e));
    }

    /// <summary>The first instant at which the exception is no longer open.</summary>
    internal static DateTimeOffset EndOf(ExceptionAct exception)
    {
        var end = LondonTime.EndOf(exception.Until);
        return exception.Revoked < end ? exception.Revoked.Value : end;
    }
}
