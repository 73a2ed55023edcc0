namespace IsaExchange.Agreement.Obligations;

/// <summary>
/// How an obligation stands, as a function of what was done and a day: acts after the end of that day in London do not
/// exist for it, and so any past day gets the answer it would have got then.
/// </summary>
public static class ObligationStanding
{
    /// <summary>
    /// Months that tile the period fulfil it, and so does one return for all of it. It is on time when the last of the
    /// returns that were needed came no later than the due date, or while an exception was open.
    /// </summary>
    public static Standing Assess(Obligation o, ReturnActs acts, DateOnly day)
    {
        var until = LondonTime.EndOf(day);
        var counted = Counted(o, acts, until);
        var months = o.Period.Months().ToList();
        // The first return for a month settles it: a second one for the same month cannot make the first one late.
        var settled = months.Select(m => counted.Find(r => r.Period.Covers(m))).OfType<CountedReturn>().ToList();
        var answers = acts.WithholdingsOf(o).Where(w => w.Time < until).OrderBy(w => w.Time).ToList();
        var absent = months.FindAll(m => !counted.Exists(r => r.Period.Covers(m)));
        var missing = absent.FindAll(m => !answers.Exists(w => w.Period.Covers(m)));
        var withheld = absent.Count > 0 && missing.Count == 0
            ? answers.FindLast(w => w.Period.Covers(absent[0])) : null;
        var granted = acts.ExceptionsOf(o).Where(e => e.Time < until).ToList();
        var open = granted.Where(e => !(e.Revoked < until)).MaxBy(e => e.Time);
        // No months, no standing: nothing counts as complete because nothing was asked.
        var complete = months.Count > 0 && settled.Count == months.Count;
        return new Standing(
            complete ? Complete(o, settled, granted)
                : withheld is not null ? ObligationState.Withheld
                : Incomplete(o, acts, day, open),
            [.. counted.Select(r => r.Name)], settled.Count, months.Count)
        {
            CompleteTime = complete ? settled.Max(r => r.Time) : null,
            MissingMonths = missing,
            IsNil = complete && settled.TrueForAll(r => r.IsNil),
            Exception = open,
            Withholding = complete ? null : withheld,
            LastOpenDay = PeriodLock.LastOpenDay(o.DueDate, acts.LockDaysAfter),
        };
    }

    /// <summary>What stands at the end of a line of corrections, and since when it counts.</summary>
    sealed record CountedReturn(string Name, InformationPeriod Period, DateTimeOffset Time, bool IsNil);

    static List<CountedReturn> Counted(Obligation o, ReturnActs acts, DateTimeOffset until)
    {
        var submitted = acts.ReturnsOf(o).Where(r => r.SubmitTime < until)
            .ToDictionary(r => r.Name, StringComparer.Ordinal);
        var corrected = submitted.Values.Select(r => r.Corrects).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. submitted.Values
            .Where(r => !corrected.Contains(r.Name) && !(r.WithdrawTime < until))
            .Where(r => r.Areas.Contains(o.Area) && o.Period.Covers(r.Period))
            .Select(r => new CountedReturn(r.Name, r.Period, Since(r, o.Area, submitted), r.IsNil))
            .OrderBy(r => r.Time).ThenBy(r => r.Name, StringComparer.Ordinal)];
    }

    /// <summary>
    /// A correction does not make late what was in time. An empty return that was corrected by content was no content:
    /// that counts from when it came.
    /// </summary>
    static DateTimeOffset Since(AcceptedReturn last, string area, Dictionary<string, AcceptedReturn> submitted)
    {
        var since = last.SubmitTime;
        var seen = new HashSet<string>(StringComparer.Ordinal) { last.Name };
        for (var r = last; r.Corrects is { } name && seen.Add(name) && submitted.TryGetValue(name, out r);)
        {
            if (r.Areas.Contains(area) && (last.IsNil || !r.IsNil) && r.SubmitTime < since)
                since = r.SubmitTime;
        }

        return since;
    }

    static ObligationState Complete(Obligation o, List<CountedReturn> settled, List<ExceptionAct> granted)
    {
        var last = settled.Max(r => r.Time);
        // An exception excuses what comes while it is open, not what came before anybody had granted it.
        var excused = granted.Exists(e => e.Time <= last && last < PeriodLock.EndOf(e));
        if (last >= LondonTime.EndOf(o.DueDate) && !excused)
            return ObligationState.FulfilledLate;
        return settled.TrueForAll(r => r.IsNil) ? ObligationState.Nil : ObligationState.Fulfilled;
    }

    static ObligationState Incomplete(Obligation o, ReturnActs acts, DateOnly day, ExceptionAct? open)
    {
        if (day <= o.DueDate)
            return day < o.Period.EndExclusive ? ObligationState.NotYetDue : ObligationState.Due;
        if (open is not null && day <= open.Until)
            return ObligationState.Excepted;
        return day > PeriodLock.LastOpenDay(o.DueDate, acts.LockDaysAfter)
            ? ObligationState.Locked
            : ObligationState.Overdue;
    }
}
