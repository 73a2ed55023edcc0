using System.CommandLine;
using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Obligation = IsaExchange.V1.Obligation;
using State = IsaExchange.V1.Obligation.Types.State;

namespace IsaExchange.Cli.Commands;

/// <summary>isax due: what is owed on one screen, most urgent first, and the command that comes next.</summary>
static class Due
{
    /// <summary>With heading, totals and the next command this still fits a screen of 24 lines.</summary>
    const int GroupsShown = 16;

    public static Command Create(GlobalOptions globals)
    {
        var all = new Option<bool>("--all") { Description = "Every authority's, and those that are fulfilled too." };
        var party = Inputs.Party();
        var dataset = Inputs.Dataset();
        dataset.Required = false;
        var command = new Command("due", "Show what is owed, by when, whether it is in, and what to do next.")
        {
            all, dataset, party,
        }.WithExample("isax due");
        globals.Handle(command, async (parse, run) =>
        {
            var everything = parse.GetValue(all);
            var owner = parse.GetValue(party) ?? (everything ? "" : run.Exchange.Party);
            var queries = new List<OpenQueries>();
            var owed = await Owed.All(run, owner, openOnly: !everything, queries: queries);
            if (parse.GetValue(dataset) is { } only) owed.RemoveAll(o => o.Dataset != only);
            var today = LondonTime.Date(run.Clock.GetUtcNow());
            if (run.Terminal.Format is OutputFormat.Table)
                Screen(run, DueGroup.Of(owed, today), owner, everything);
            else
                run.Terminal.Show(List(owed, today));
            var late = owed.Count(o => o.State is State.Overdue or State.Locked);
            if (late > 0) run.Terminal.Warn($"{late} overdue, each area counted");
            foreach (var open in queries)
                run.Terminal.Warn(
                    $"submitted with {open.ViolationGroups.Count} not explained, and releases say so until then:"
                    + $" isax violations {Names.Id(open.Submission, "datasets")}/{Names.Last(open.Submission)}");
            return ExitCode.Ok;
        });
        return command;
    }

    static void Screen(Invocation run, List<DueGroup> groups, string owner, bool everything)
    {
        if (groups.Count == 0)
        {
            run.Terminal.Say(owner.Length > 0 && !everything
                ? $"nothing is due from {owner}; isax due --all shows everybody's" : "nothing is due");
            return;
        }

        var shown = everything ? groups : groups[..Math.Min(groups.Count, GroupsShown)];
        DueTable.Write(run.Terminal, shown, isOneParty: owner.Length > 0);
        if (shown.Count < groups.Count)
            run.Terminal.Line(string.Create(
                CultureInfo.InvariantCulture, $"  and {groups.Count - shown.Count} more: isax due -o csv"));
        var next = groups.Find(g => g.Party == run.Exchange.Party && g.NextCommand.Length > 0);
        if (next is not null)
            DueTable.WriteNext(run.Terminal, next.NextCommand);
        else if (owner == run.Exchange.Party)
            run.Terminal.Line("next: nothing to do now");
    }

    /// <summary>For programs: one row an obligation, areas not folded.</summary>
    static Listing List(IEnumerable<Obligation> obligations, DateOnly today)
    {
        var listing = new Listing(
            new("party", "authority"), new("dataset", "dataset"), new("area", "area"), new("period", "period"),
            new("due", "due"), new("state", "state"), new("months", "months"), new("clause", "clause"),
            new("legal_basis", "legal basis"), new("submissions", "submissions"), new("days_left", "days left"),
            new("exception_until", "more time until"), new("withheld_reason", "withheld"),
            new("last_open_day", "open until"), new("draft", "on its way"), new("draft_state", "its state"));
        foreach (var o in obligations)
        {
            listing.Add(o.Party, o.Dataset, o.Area, WirePeriods.Cell(o.Period), WirePeriods.Day(o.DueDate),
                DueGroup.Words(o.State), $"{o.MonthsReceived} of {o.MonthsOwed}", o.Clause, o.LegalBasis,
                o.Submissions.Select(Names.Last), WirePeriods.Day(o.DueDate).DayNumber - today.DayNumber,
                o.ExceptionUntil is null ? null : WirePeriods.Day(o.ExceptionUntil), o.WithheldReason,
                o.LastOpenDay is null ? null : WirePeriods.Day(o.LastOpenDay), Names.Cell(o.Draft), o.DraftState);
        }
        return listing;
    }
}
