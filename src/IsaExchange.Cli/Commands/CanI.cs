using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax can-i: what the exchange would decide, and which clause says so, without acting.</summary>
static class CanI
{
    public static Command Create(GlobalOptions globals)
    {
        var verb = new Argument<string>("VERB")
        {
            Description = "What would be done, for example submit, read-release, export-records, publish-release.",
        };
        var resource = new Argument<string>("RESOURCE")
        {
            Description = "To what: a whole name, feeds/FEED, or the id of an own dataset. Default: the agreement.",
            DefaultValueFactory = _ => "",
        };
        var purpose = Inputs.Purpose();
        purpose.Required = false;
        var areas = Inputs.Areas(required: false);
        var period = Inputs.Period();
        period.Required = false;
        var command = new Command("can-i", "Ask whether the agreement allows something, and which clause says so.")
        {
            verb, resource, purpose, areas, period,
        }.WithExample("isax can-i read-release feeds/recorded-crime-by-csp --purpose strategic-assessment");
        globals.Handle(command, async (parse, run) =>
        {
            var answer = await Resilience.Call(
                o => run.Exchange.Agreements.CheckAccessAsync(new CheckAccessRequest
                {
                    Agreement = Names.Agreement(run.Exchange.Agreement),
                    Verb = parse.GetRequiredValue(verb),
                    Resource = parse.GetValue(resource) is { Length: > 0 } named
                        ? Names.Resource(run.Exchange.Agreement, run.Exchange.Party, named)
                        : Names.Agreement(run.Exchange.Agreement),
                    Purpose = parse.GetValue(purpose) ?? "",
                    Areas = { Inputs.Codes(parse.GetValue(areas)) },
                    Period = parse.GetResult(period) is null ? null : WirePeriods.Write(parse.GetValue(period)),
                }, o),
                run.Stop);
            run.Terminal.Show(new Card()
                .Add("allowed", "allowed", answer.Allowed)
                .Add("clauses", answer.Allowed ? "because of" : "refused by", answer.Clauses)
                .Add("reason", "reason", answer.Reason)
                .Add("explanation", "explanation", answer.Explanation)
                .Add("contact", "ring", answer.Contact)
                .Add("revision", "agreement", Names.Digest(answer.Revision)));
            return answer.Allowed ? ExitCode.Ok : ExitCode.Refused;
        });
        return command;
    }
}
