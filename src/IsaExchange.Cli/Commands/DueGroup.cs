using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Cli.Wire;
using Obligation = IsaExchange.V1.Obligation;
using State = IsaExchange.V1.Obligation.Types.State;

namespace IsaExchange.Cli.Commands;

/// <summary>What one authority owes of one dataset for one period, areas folded, as an officer sees it.</summary>
sealed class DueGroup
{
    readonly List<Obligation> _members;
    readonly DateOnly _today;

    DueGroup(List<Obligation> members, DateOnly today) => (_members, _today) = (members, today);

    public string Party => _members[0].Party;

    public string Dataset => _members[0].Dataset;

    public InformationPeriod Period => WirePeriods.Read(_members[0].Period);

    public DateOnly DueDate => WirePeriods.Day(_members[0].DueDate);

    /// <summary>How many areas, and of how many when only some still wait.</summary>
    public string Areas => _members.Count.ToString(CultureInfo.InvariantCulture);

    /// <summary>The most urgent of the areas.</summary>
    State Worst => _members.Select(o => o.State).MinBy(Urgency);

    /// <summary>Most urgent first, then by due date.</summary>
    public static List<DueGroup> Of(IEnumerable<Obligation> owed, DateOnly today) =>
    [
        .. owed.GroupBy(o => (o.Party, o.Dataset, WirePeriods.Read(o.Period)))
            .Select(g => new DueGroup([.. g.OrderBy(o => o.Area, StringComparer.Ordinal)], today))
            .OrderBy(g => Urgency(g.Worst)).ThenBy(g => g.DueDate)
            .ThenBy(g => g.Party, StringComparer.Ordinal).ThenBy(g => g.Dataset, StringComparer.Ordinal),
    ];

    /// <summary>The state in words, with the days that are left or gone.</summary>
    public string Said
    {
        get
        {
            var left = DueDate.DayNumber - _today.DayNumber;
            var state = Worst switch
            {
                State.NotYetDue => "period still running",
                State.Due => left == 0 ? "due TODAY" : $"due in {Days(left)}",
                State.Overdue => $"OVERDUE by {Days(-left)}",
                State.Locked => $"LOCKED, {Days(-left)} late",
                State.Excepted => $"more time, {Days(Until.DayNumber - _today.DayNumber)} left",
                var done => Words(done),
            };
            return state + Part;
        }
    }

    DateOnly Until => _members.Where(o => o.ExceptionUntil is not null)
        .Select(o => WirePeriods.Day(o.ExceptionUntil)).DefaultIfEmpty(DueDate).Min();

    /// <summary>How far it has got: content that waits to be submitted, or months that are in.</summary>
    string Part => _members.Find(o => o.DraftState.Length > 0)?.DraftState switch
    {
        "READY" => ", READY",
        "NEEDS_CORRECTION" => ", faulty",
        _ => _members.Max(o => o.MonthsReceived) is var months && months > 0 && months < _members[0].MonthsOwed
            ? string.Create(CultureInfo.InvariantCulture, $" ({months}/{_members[0].MonthsOwed})") : "",
    };

    /// <summary>The literal command; empty when there is nothing to do yet, or any more.</summary>
    public string NextCommand
    {
        get
        {
            if (Worst is not (State.Due or State.Overdue or State.Excepted)) return "";
            if (_members.Find(o => o.DraftState == "READY") is { } ready) return $"isax submit {Short(ready.Draft)}";
            if (_members.Find(o => o.DraftState == "NEEDS_CORRECTION") is { } faulty)
                return $"isax violations {Short(faulty.Draft)}";
            var waiting = _members.FindAll(o => o.MissingPeriods.Count > 0);
            if (waiting.Count == 0) return "";
            var next = Missing(waiting[0]);
            var areas = waiting.FindAll(o => Missing(o) == next);
            var named = areas.Count == _members.Count ? "" : $" --areas {string.Join(',', areas.Select(o => o.Area))}";
            return $"isax send FILE --dataset {Dataset} --period {next.Iso}{named} --submit";
        }
    }

    static InformationPeriod Missing(Obligation o) => WirePeriods.Read(
        o.MissingPeriods.Count == o.MonthsOwed ? o.Period : o.MissingPeriods[0]);

    static string Short(string submission) => $"{Names.Id(submission, "datasets")}/{Names.Last(submission)}";

    static string Days(int days) =>
        days == 1 ? "1 day" : string.Create(CultureInfo.InvariantCulture, $"{days} days");

    static int Urgency(State state) => state switch
    {
        State.Overdue => 0,
        State.Excepted => 1,
        State.Due => 2,
        // Nothing can be sent for a locked one: it stands below what can.
        State.Locked => 3,
        State.NotYetDue => 4,
        _ => 5,
    };

    public static string Words(State state) => state switch
    {
        State.NotYetDue => "not yet due",
        State.Due => "due",
        State.Overdue => "OVERDUE",
        State.Fulfilled => "fulfilled",
        State.FulfilledLate => "fulfilled late",
        State.Nil => "nil return",
        State.Withheld => "withheld",
        State.Excepted => "more time",
        State.Locked => "LOCKED",
        _ => "",
    };
}
