using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax recall: who took a submission, or what was released from it, and whom to ring.</summary>
static class Recall
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = SubmissionActVerbs.Submission();
        var command = new Command(
            "recall", "Show who took a submission or what was released from it, when, for what, and whom to ring.")
        {
            submission,
        }.WithExample("isax recall hospital-admissions/01j9 -o csv");
        globals.Handle(command, async (parse, run) =>
        {
            var name = await SubmissionLookup.Name(run, parse.GetRequiredValue(submission));
            var pulls = await Paging.All(async token =>
            {
                var request = new ReadRecallRequest { Name = name, PageSize = Paging.PageSize, PageToken = token };
                var page = await Resilience.Call(o => run.Exchange.Submissions.ReadRecallAsync(request, o), run.Stop);
                return (page.Pulls, page.NextPageToken);
            });
            run.Terminal.Show(List(pulls), whenEmpty: "nobody has taken it");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Listing List(IEnumerable<Pull> pulls)
    {
        var listing = new Listing(
            new("time", "time"), new("party", "authority"), new("actor", "who"), new("action", "took by"),
            new("object", "what", Wraps: true), new("purpose", "for"), new("rows", "rows", Number: true),
            new("finished", "finished", Detail: true), new("bytes", "bytes", Number: true, Detail: true),
            new("contact", "ring", Wraps: true), new("event_id", "event", Detail: true));
        foreach (var p in pulls)
        {
            listing.Add(
                SubmissionAnswers.Time(p.Time), p.Party, p.ActorName.Length > 0 ? p.ActorName : p.Actor, p.Action,
                Names.Cell(p.Object), p.Purpose, p.Rows, p.Finished, p.SizeBytes, p.Contact, p.EventId);
        }
        return listing;
    }
}
