using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax officer end: somebody no longer answers for an authority, from this moment on.</summary>
static class OfficerEnd
{
    public static Command Create(GlobalOptions globals)
    {
        var clause = new Argument<string>("DESIGNATION")
        {
            Description = "The designation as isax officer list shows it, for example designations[jane-doe-1f3a].",
        };
        var reason = AgreementStages.Reason();
        var party = Inputs.Party();
        var command = new Command("end", "End a designation now; hand over with isax officer handover.")
        {
            clause, reason, party,
        }.WithExample("isax officer end officers[northmere-police/amara-okafor] --reason \"has moved on\"");
        globals.Handle(command, async (parse, run) =>
        {
            var ended = await Resilience.Call(o => run.Exchange.Directory.EndDesignationAsync(new EndDesignationRequest
            {
                Parent = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party),
                Clause = parse.GetRequiredValue(clause),
                Reason = parse.GetRequiredValue(reason),
                RequestId = RequestId.Fresh(),
            }, o), run.Stop);
            run.Terminal.Show(OfficerList.Listing([ended]));
            return ExitCode.Ok;
        });
        return command;
    }
}
