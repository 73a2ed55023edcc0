using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Stage = IsaExchange.V1.Agreement.Types.Stage;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement comment and comments: the consultation on a draft.</summary>
static class AgreementComment
{
    public static Command Create(GlobalOptions globals)
    {
        var text = new Argument<string>("TEXT") { Description = "What you say to it. Every party can read it." };
        var revision = new Option<string?>("--revision")
        {
            Description = "First digits of the revision, at least eight. Default: the only one in consultation.",
            HelpName = "DIGITS",
        };
        var command = new Command("comment", "Say something to a draft.") { text, revision }
            .WithExample("isax agreement comment \"Retention of street-level data should be 24 months.\"");
        globals.Handle(command, async (parse, run) =>
        {
            var name = await AgreementRevisions.Name(run, parse.GetValue(revision), Stage.Consultation);
            var comment = await Resilience.Call(
                o => run.Exchange.Agreements.CommentRevisionAsync(new CommentRevisionRequest
                {
                    Name = name,
                    Text = parse.GetRequiredValue(text),
                    RequestId = RequestId.Of("comment", name, parse.GetRequiredValue(text)),
                }, o),
                run.Stop);
            run.Terminal.Show(Comments([comment]));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command List(GlobalOptions globals)
    {
        var revision = AgreementRevisions.Revision();
        var command = new Command("comments", "Show what was said to a draft, who has read it and who has not.")
        {
            revision,
        }.WithExample("isax agreement comments");
        globals.Handle(command, async (parse, run) =>
        {
            var name = await AgreementRevisions.Name(
                run, parse.GetValue(revision), Stage.Draft, Stage.Consultation, Stage.Signing);
            ListCommentsResponse? first = null;
            var comments = await Paging.All(async token =>
            {
                var page = await Resilience.Call(o => run.Exchange.Agreements.ListCommentsAsync(
                    new ListCommentsRequest { Name = name, PageSize = Paging.PageSize, PageToken = token }, o),
                    run.Stop);
                first ??= page;
                return (page.Comments, page.NextPageToken);
            });
            run.Terminal.Show(
                [("comments", Comments(comments)), ("readings", Readings(first!))], csvPart: "comments");
            return ExitCode.Ok;
        });
        return command;
    }

    static Listing Comments(IEnumerable<Comment> comments)
    {
        var listing = new Listing(
            new("time", "time"), new("party", "authority"), new("person", "who"), new("text", "said", Wraps: true));
        foreach (var c in comments) listing.Add(SubmissionAnswers.Time(c.Time), c.Party, c.Person, c.Text);
        return listing;
    }

    static Listing Readings(ListCommentsResponse said)
    {
        var listing = new Listing(new("party", "authority"), new("person", "read by"), new("time", "first read"));
        foreach (var r in said.Readings) listing.Add(r.Party, r.Person, SubmissionAnswers.Time(r.FirstTime));
        foreach (var party in said.UnreadParties) listing.Add(party, "NOBODY YET", null);
        return listing;
    }
}
