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
            Description = "The group of the query, as isax violations shows it, for example Q701.event_date.",
        };
        var text = new Argument<string?>("TEXT")
        {
            Description = "The explanation. It is kept with the data and shown beside releases: no names, no numbers"
                + " of the file.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var until = new Option<DateOnly?>("--until")
        {
            Description = "Last day on which it answers this query of later submissions too, of up to twice the"
                + " count; a year at most.",
            HelpName = "DAY",
        };
        var end = new Option<bool>("--end")
        {
            Description = "End an explanation given until a day: it answers nothing that is submitted later.",
        };
        var command = new Command("explain", "Explain a query, so that the file can be submitted.")
        {
            submission, group, text, until, end,
        }.WithExample(
            "isax explain hospital-admissions/01j9 Q702.X22000001.above \"festival week\" --until 2027-09-30");
        command.Validators.Add(result =>
        {
            if (result.GetValue(end) == (result.GetValue(text) is not null))
                result.AddError("Say what explains the query, or --end what was said.");
            if (result.GetValue(end) && result.GetValue(until) is not null)
                result.AddError("--end ends it now; it has no --until.");
        });
        globals.Handle(command, async (parse, run) =>
        {
            var name = Names.ViolationGroup(
                await SubmissionLookup.Name(run, parse.GetRequiredValue(submission)), parse.GetRequiredValue(group));
            var answered = parse.GetValue(end)
                ? await End(run, name)
                : await Say(run, name, parse.GetValue(text)!, parse.GetValue(until));
            run.Terminal.Show(QueryAnswers.Said(answered));
            return ExitCode.Ok;
        });
        return command;
    }

    static Task<ViolationGroup> Say(Invocation run, string name, string text, DateOnly? until)
    {
        var request = new ExplainViolationGroupRequest
        {
            Name = name,
            Explanation = text,
            UntilDate = until is { } day ? WirePeriods.Write(day) : null,
            RequestId = RequestId.Fresh(),
        };
        return Resilience.Call(
            o => run.Exchange.Submissions.ExplainViolationGroupAsync(request, o), run.Stop);
    }

    static Task<ViolationGroup> End(Invocation run, string name) => Resilience.Call(
        o => run.Exchange.Submissions.EndExplanationAsync(
            new EndExplanationRequest { Name = name, RequestId = RequestId.Fresh() }, o),
        run.Stop);
}
