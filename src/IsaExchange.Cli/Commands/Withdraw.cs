using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax withdraw: an authority takes a submission back.</summary>
static class Withdraw
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = SubmissionActVerbs.Submission();
        var reason = SubmissionActVerbs.Reason();
        var command = new Command(
            "withdraw", "Take a submission back: it counts for nothing from now on, and its content is destroyed.")
        {
            submission, reason,
        }.WithExample("isax withdraw hospital-admissions/01j9 --reason \"the wrong quarter's file\"");
        globals.Handle(command, async (parse, run) =>
        {
            var (name, why) = (await SubmissionLookup.Name(run, parse.GetRequiredValue(submission)),
                parse.GetRequiredValue(reason));
            var request = new WithdrawSubmissionRequest
            {
                Name = name, Reason = why, RequestId = RequestId.Of("withdraw", name, why),
            };
            var withdrawn = await Resilience.Call(
                o => run.Exchange.Submissions.WithdrawSubmissionAsync(request, o), run.Stop);
            run.Terminal.Show(SubmissionAnswers.Card(withdrawn));
            if (withdrawn.DestroyTime is null && withdrawn.ContentKind is ContentKind.Table)
                run.Terminal.Warn("the content is not destroyed yet: the exchange goes on trying");
            return ExitCode.Ok;
        });
        return command;
    }
}
