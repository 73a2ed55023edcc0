using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Kind = IsaExchange.V1.HandoverItem.Types.Kind;

namespace IsaExchange.Cli.Commands;

/// <summary>isax officer handover: what the next officer finds on the desk.</summary>
static class OfficerHandover
{
    public static Command Create(GlobalOptions globals)
    {
        var party = Inputs.Party();
        var command = new Command("handover", "List what is open for an authority, the most urgent first.") { party }
            .WithExample("isax officer handover");
        globals.Handle(command, async (parse, run) =>
        {
            var handover = await Resilience.Call(o => run.Exchange.Directory.GetHandoverAsync(new GetHandoverRequest
            {
                Name = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party),
            }, o), run.Stop);
            run.Terminal.Show(List(handover.Items), whenEmpty: "nothing is open");
            return ExitCode.Ok;
        });
        return command;
    }

    static Listing List(IEnumerable<HandoverItem> items)
    {
        var listing = new Listing(
            new("kind", "what"), new("dataset", "dataset"), new("period", "period"), new("due", "due"),
            new("resource", "where"), new("do", "to do", Wraps: true));
        foreach (var i in items)
        {
            listing.Add(Words(i.Kind), i.Dataset, i.Period is null ? null : WirePeriods.Cell(i.Period),
                i.DueDate is null ? null : WirePeriods.Day(i.DueDate), Names.Cell(i.Resource), i.What);
        }
        return listing;
    }

    static string Words(Kind kind) => kind switch
    {
        Kind.Overdue => "OVERDUE",
        Kind.ReadyNotSubmitted => "ready, not submitted",
        Kind.QueryNotExplained => "query not explained",
        Kind.OpenDraft => "open draft",
        Kind.Due => "due",
        Kind.RequestPending => "request pending",
        _ => "",
    };
}
