using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement withdraw: an authority's notice.</summary>
static class AgreementWithdraw
{
    public static Command Create(GlobalOptions globals)
    {
        var reason = AgreementStages.Reason();
        var last = new Option<DateOnly?>("--last-day")
        {
            Description = "Last day as a party. Default: the earliest that the notice allows.",
            HelpName = "YYYY-MM-DD",
        };
        var party = Inputs.Party();
        var command = new Command("withdraw", "Give notice for an authority. What is due stays due.")
        {
            reason, last, party,
        }.WithExample("isax agreement withdraw --reason \"the service moves to another county\"");
        globals.Handle(command, async (parse, run) =>
        {
            var request = new WithdrawPartyRequest
            {
                Name = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party),
                Reason = parse.GetRequiredValue(reason),
                RequestId = RequestId.Fresh(),
            };
            if (parse.GetValue(last) is { } day) request.LastDay = WirePeriods.Write(day);
            var said = await Resilience.Call(o => run.Exchange.Agreements.WithdrawPartyAsync(request, o), run.Stop);
            run.Terminal.Verdict($"WITHDRAWN, last day {WirePeriods.Day(said.LastDay):yyyy-MM-dd}; what is owed until "
                + "then, and what section 17A demands, stays due");
            return ExitCode.Ok;
        });
        return command;
    }
}
