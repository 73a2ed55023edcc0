using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using State = IsaExchange.V1.Obligation.Types.State;

namespace IsaExchange.Cli.Commands;

/// <summary>isax due: every obligation on one page.</summary>
static class Due
{
    public static Command Create(GlobalOptions globals)
    {
        var all = new Option<bool>("--all") { Description = "Every authority's, and those that are fulfilled too." };
        var party = Inputs.Party();
        var dataset = Inputs.Dataset();
        dataset.Required = false;
        var command = new Command("due", "Show what is owed, by when, and whether it is in.") { all, dataset, party }
            .WithExample("isax due");
        globals.Handle(command, async (parse, run) =>
        {
            var everything = parse.GetValue(all);
            var owner = parse.GetValue(party) ?? (everything ? "" : run.Exchange.Party);
            var owed = await Owed.All(run, owner, openOnly: !everything);
            if (parse.GetValue(dataset) is { } only) owed.RemoveAll(o => o.Dataset != only);
            run.Terminal.Show(List(owed, isOneParty: owner.Length > 0), whenEmpty: "nothing is due");
            var overdue = owed.Count(o => o.State is State.Overdue);
            if (overdue > 0) run.Terminal.Warn($"{overdue} overdue");
            return ExitCode.Ok;
        });
        return command;
    }

    static Listing List(IEnumerable<Obligation> obligations, bool isOneParty)
    {
        var listing = new Listing(
            new("party", "authority", Detail: isOneParty), new("dataset", "dataset"), new("area", "area"),
            new("period", "period"),
            new("due", "due"), new("state", "state"), new("months", "months"),
            new("clause", "clause", Detail: true), new("legal_basis", "legal basis", Detail: true),
            new("submissions", "submissions", Detail: true));
        foreach (var o in obligations)
        {
            listing.Add(o.Party, o.Dataset, o.Area, WirePeriods.Cell(o.Period), WirePeriods.Day(o.DueDate),
                Words(o.State), $"{o.MonthsReceived} of {o.MonthsOwed}", o.Clause, o.LegalBasis,
                o.Submissions.Select(Names.Last));
        }
        return listing;
    }

    static string Words(State state) => state switch
    {
        State.NotYetDue => "not yet due",
        State.Due => "due",
        State.Overdue => "OVERDUE",
        State.Fulfilled => "fulfilled",
        State.FulfilledLate => "fulfilled late",
        State.Nil => "nil return",
        _ => "",
    };
}
