using System.CommandLine;
using IsaExchange.Agreement;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax request make: ask another authority.</summary>
static class RequestMake
{
    public static Command Create(GlobalOptions globals)
    {
        var party = new Option<string>("--to")
        {
            Description = "Id of the authority that is asked.", HelpName = "PARTY", Required = true,
        };
        var kind = new Option<string>("--kind")
        {
            Description = "What is asked: " + string.Join(", ", RequestAnswers.Kinds.Keys) + ".",
            HelpName = "KIND",
            DefaultValueFactory = _ => "information",
        }.AcceptOnlyFromAmong([.. RequestAnswers.Kinds.Keys]);
        var dataset = new Option<string?>("--dataset") { Description = "About this dataset.", HelpName = "DATASET" };
        var feed = new Option<string?>("--feed") { Description = "About this feed.", HelpName = "FEED" };
        var period = Inputs.Period();
        (period.Required, period.Description) = (false, "About this period, for example 2026-07-01/P3M.");
        var recipient = new Option<string?>("--recipient")
        {
            Description = "Onward disclosure: who is to have it.", HelpName = "NAME",
        };
        var purpose = new Option<string?>("--purpose")
        {
            Description = "Onward disclosure: for what, a purpose of the agreement.", HelpName = "PURPOSE",
        };
        var text = new Argument<string>("TEXT")
        {
            Description = "What is asked. Kept in the register; the log has its digest. No personal data.",
        };
        var command = new Command("make", "Ask another authority for information, or for its consent.")
        {
            party, kind, dataset, feed, period, recipient, purpose, text,
        }.WithExample(
            "isax request make --to northmere-police --dataset police-recorded-crime \"repeat victims by ward\"");
        globals.Handle(command, async (parse, run) =>
        {
            var asked = parse.GetValue(period);
            var request = new MakeRequestRequest
            {
                Parent = Names.Party(run.Exchange.Agreement, parse.GetRequiredValue(party)),
                InformationRequest = new InformationRequest
                {
                    Kind = RequestAnswers.Kinds[parse.GetRequiredValue(kind)],
                    Dataset = parse.GetValue(dataset) ?? "",
                    Feed = parse.GetValue(feed) ?? "",
                    Period = asked == default(InformationPeriod) ? null : WirePeriods.Write(asked),
                    Recipient = parse.GetValue(recipient) ?? "",
                    Purpose = parse.GetValue(purpose) ?? "",
                    Text = parse.GetRequiredValue(text),
                },
                RequestId = RequestId.Fresh(),
            };
            var made = await Resilience.Call(o => run.Exchange.Requests.MakeRequestAsync(request, o), run.Stop);
            run.Terminal.Show(RequestAnswers.Card(made));
            return ExitCode.Ok;
        });
        return command;
    }
}
