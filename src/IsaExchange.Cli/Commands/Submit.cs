using System.CommandLine;

namespace IsaExchange.Cli.Commands;

/// <summary>isax submit: the liaison officer's explicit act.</summary>
static class Submit
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = Inputs.Submission();
        var command = new Command("submit", "Submit what was sent and has no errors. Only then is there a receipt.")
        {
            submission,
        }.WithExample("isax submit hospital-admissions/01j9");
        globals.Handle(command, (parse, run) => Submitting.WithVerdict(run, async () =>
        {
            var ready = await SubmissionLookup.Get(run, parse.GetRequiredValue(submission));
            return await Submitting.Submit(run, ready);
        }));
        return command;
    }
}
