using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax unfreeze: what was frozen can be read again.</summary>
static class Unfreeze
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = SubmissionActVerbs.Submission();
        var reason = SubmissionActVerbs.Reason();
        var command = new Command("unfreeze", "End a freeze: the submission and its releases can be read again.")
        {
            submission, reason,
        }.WithExample("isax unfreeze hospital-admissions/01j9 --reason \"false alarm\"");
        globals.Handle(command, async (parse, run) =>
        {
            var (name, why) = (await SubmissionLookup.Name(run, parse.GetRequiredValue(submission)),
                parse.GetRequiredValue(reason));
            var request = new UnfreezeSubmissionRequest { Name = name, Reason = why, RequestId = RequestId.Fresh() };
            var unfrozen = await Resilience.Call(
                o => run.Exchange.Submissions.UnfreezeSubmissionAsync(request, o), run.Stop);
            run.Terminal.Show(new Card()
                .Add("submission", "unfrozen", Names.Cell(unfrozen.Name))
                .Add("releases", "with it", unfrozen.Releases.Select(r => Cell.Text(Names.Cell(r))))
                .Add("event_id", "event", unfrozen.EventId));
            return ExitCode.Ok;
        });
        return command;
    }
}
