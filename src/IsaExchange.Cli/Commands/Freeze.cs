using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax freeze: the brake after a breach.</summary>
static class Freeze
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = SubmissionActVerbs.Submission();
        var reason = SubmissionActVerbs.Reason();
        var command = new Command(
            "freeze", "After a breach: nobody can read the submission, or anything released from it, any more.")
        {
            submission, reason,
        }.WithExample("isax freeze hospital-admissions/01j9 --reason \"postcodes of patients were left in\"");
        globals.Handle(command, async (parse, run) =>
        {
            var (name, why) = (await SubmissionLookup.Name(run, parse.GetRequiredValue(submission)),
                parse.GetRequiredValue(reason));

            // It may rightly be done again after it was undone: only the retries of this call are the same act.
            var request = new FreezeSubmissionRequest { Name = name, Reason = why, RequestId = RequestId.Fresh() };
            var frozen = await Resilience.Call(
                o => run.Exchange.Submissions.FreezeSubmissionAsync(request, o), run.Stop);
            run.Terminal.Show(new Card()
                .Add("submission", "frozen", Names.Cell(frozen.Name))
                .Add("time", "since", SubmissionAnswers.Time(frozen.FreezeTime))
                .Add("releases", "with it", frozen.Releases.Select(r => Cell.Text(Names.Cell(r))))
                .Add("parties", "taken by", frozen.Parties)
                .Add("notify_by", "tell them by", SubmissionAnswers.Time(frozen.NotifyByTime))
                .Add("event_id", "event", frozen.EventId));
            run.Terminal.Say($"  next: isax recall {name} says who took what, and whom to ring");
            return ExitCode.Ok;
        });
        return command;
    }
}
