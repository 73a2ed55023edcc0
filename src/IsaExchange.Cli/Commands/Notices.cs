using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using State = IsaExchange.V1.Notice.Types.State;

namespace IsaExchange.Cli.Commands;

/// <summary>isax notices and isax remind: what was sent to whom, with proof, and sending more.</summary>
static class Notices
{
    public static Command Create(GlobalOptions globals)
    {
        var party = Inputs.Party();
        party.Description = "Only this authority's. Default: the own authority's; for a steward, everybody's.";
        var body = new Option<bool>("--body") { Description = "With the whole text of each." };
        var command = new Command("notices", "Show what was sent to whom, and the proof that it arrived.")
        {
            party, body,
        }.WithExample("isax notices");
        globals.Handle(command, async (parse, run) =>
        {
            var notices = await Paging.All(async token =>
            {
                var page = await Resilience.Call(o => run.Exchange.Compliance.ListNoticesAsync(new ListNoticesRequest
                {
                    Parent = Names.Agreement(run.Exchange.Agreement),
                    Party = parse.GetValue(party) ?? "",
                    PageSize = Paging.PageSize,
                    PageToken = token,
                }, o), run.Stop);
                return (page.Notices, page.NextPageToken);
            });
            Show(run.Terminal, notices, withBody: parse.GetValue(body));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Remind(GlobalOptions globals)
    {
        var party = new Argument<string>("PARTY") { Description = "Id of the authority to remind." };
        var command = new Command("remind", "Remind an authority now of what is due and overdue.") { party }
            .WithExample("isax remind northmere-east-health");
        globals.Handle(command, async (parse, run) =>
        {
            var request = new SendReminderRequest
            {
                Parent = Names.Agreement(run.Exchange.Agreement),
                Party = parse.GetRequiredValue(party),
                RequestId = RequestId.Fresh(),
            };
            var sent = await Resilience.Call(
                o => run.Exchange.Compliance.SendReminderAsync(request, o), run.Stop);
            Show(run.Terminal, sent.Notices, withBody: false);
            return ExitCode.Ok;
        });
        return command;
    }

    static void Show(Terminal terminal, IReadOnlyCollection<Notice> notices, bool withBody)
    {
        var listing = new Listing(
            new("notice", "notice", Detail: true), new("time", "written"), new("recipient", "to"),
            new("party", "authority"), new("kinds", "about"), new("state", "state"), new("sent", "handed over"),
            new("proof", "proof", Wraps: true), new("attempts", "attempts", Number: true, Detail: true),
            new("message_id", "message id", Detail: true), new("subject", "subject", Detail: true));
        foreach (var n in notices)
        {
            listing.Add(Names.Last(n.Name), SubmissionAnswers.Time(n.CreateTime), n.Recipient, n.Party, n.Kinds,
                Words(n.State), SubmissionAnswers.Time(n.SendTime), n.Proof, n.Attempts, n.MessageId, n.Subject);
        }

        terminal.Show(listing, whenEmpty: "no notices");
        if (!withBody || terminal.Format is not OutputFormat.Table) return;
        foreach (var n in notices)
            terminal.Text($"\n{n.Subject}\n\n{n.Body}");
    }

    static string Words(State state) => state switch
    {
        State.Waiting => "waiting",
        State.Sent => "sent",
        State.Failed => "FAILED",
        _ => "",
    };
}
