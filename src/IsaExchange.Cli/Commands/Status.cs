using System.CommandLine;

namespace IsaExchange.Cli.Commands;

/// <summary>isax status: where submissions stand.</summary>
static class Status
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = Inputs.Submission();
        submission.Arity = ArgumentArity.ZeroOrOne;
        submission.Description += " Without it: all of the authority's, newest first.";
        var party = Inputs.Party();
        var command = new Command("status", "Show where submissions stand.") { submission, party }
            .WithExample("isax status");
        globals.Handle(command, async (parse, run) =>
        {
            if (parse.GetValue(submission) is { } text)
                run.Terminal.Show(SubmissionAnswers.Card(await SubmissionLookup.Get(run, text)));
            else
                run.Terminal.Show(
                    SubmissionAnswers.List(
                        await SubmissionLookup.All(run, parse.GetValue(party) ?? run.Exchange.Party)),
                    whenEmpty: "no submissions yet");
            return ExitCode.Ok;
        });
        return command;
    }
}
