using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Date = Google.Type.Date;
using State = IsaExchange.V1.InformationRequest.Types.State;

namespace IsaExchange.Cli.Commands;

/// <summary>isax request answer: what the authority that was asked says.</summary>
static class RequestReply
{
    public static Command Create(GlobalOptions globals)
    {
        var request = RequestVerbs.Request();
        var refuse = new Option<string?>("--refuse")
        {
            Description = "Refuse, because: " + string.Join(", ", RequestAnswers.Reasons.Keys) + ".",
            HelpName = "REASON",
        }.AcceptOnlyFromAmong([.. RequestAnswers.Reasons.Keys]);
        var until = new Option<DateOnly?>("--consent-until")
        {
            Description = "Consent to an onward disclosure, to this day.", HelpName = "YYYY-MM-DD",
        };
        var text = new Argument<string>("TEXT") { Description = "The answer. No personal data." };
        var command = new Command("answer", "Answer a request, refuse it, or consent until a day. What is said stands.")
        {
            request, refuse, until, text,
        }.WithExample("isax request answer 01j9 --refuse not-held \"we do not record it\"");
        command.Validators.Add(result =>
        {
            if (result.GetResult(refuse) is not null && result.GetResult(until) is not null)
                result.AddError("Either --refuse or --consent-until, not both.");
        });
        globals.Handle(command, async (parse, run) =>
        {
            var (reason, day) = (parse.GetValue(refuse), parse.GetValue(until));
            var answer = new AnswerRequestRequest
            {
                Name = await RequestVerbs.Name(run, parse.GetRequiredValue(request)),
                Text = parse.GetRequiredValue(text),
                Outcome = reason is not null ? State.Refused : day is not null ? State.Consented : State.Answered,
                RequestId = RequestId.Fresh(),
            };
            if (reason is not null) answer.RefusalReason = RequestAnswers.Reasons[reason];
            if (day is { } last) answer.UntilDate = new Date { Year = last.Year, Month = last.Month, Day = last.Day };
            var answered = await Resilience.Call(o => run.Exchange.Requests.AnswerRequestAsync(answer, o), run.Stop);
            run.Terminal.Show(RequestAnswers.Card(answered));
            return ExitCode.Ok;
        });
        return command;
    }
}
