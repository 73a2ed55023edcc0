using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax explain: what the liaison officer says to a query.</summary>
static class Explain
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = Inputs.Submission();
        var group = new Argument<string>("GROUP")
        {
            Description = "The group of the query, as isax violations shows it, for example Q701.offence_code.",
        };
        var text = new Argument<string>("TEXT")
        {
            Description = "The explanation. It is kept with the data and read by others: no names, no personal data.",
        };
        var command = new Command("explain", "Explain a query, so that the file can be submitted.")
        {
            submission, group, text,
        }.WithExample("isax explain hospital-admissions/01j9 Q701.admission_date \"festival week\"");
        globals.Handle(command, async (parse, run) =>
        {
            var name = Names.ViolationGroup(
                await SubmissionLookup.Name(run, parse.GetRequiredValue(submission)), parse.GetRequiredValue(group));
            var explanation = parse.GetRequiredValue(text);
            var explained = await Resilience.Call(
                o => run.Exchange.Submissions.ExplainViolationGroupAsync(new ExplainViolationGroupRequest
                {
                    Name = name,
                    Explanation = explanation,
                    RequestId = RequestId.Of("explain", name, explanation),
                }, o),
                run.Stop);
            run.Terminal.Show(SubmissionAnswers.Groups([explained]));
            return ExitCode.Ok;
        });
        return command;
    }
}
