using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax who: who accessed what an authority contributed, refusals included.</summary>
static class Who
{
    public static Command Create(GlobalOptions globals)
    {
        var dataset = Inputs.Dataset();
        dataset.Required = false;
        dataset.Description = "Id of the dataset. Default: all of the authority's.";
        var since = Day("--since", "First day, in London.");
        var until = Day("--until", "Last day, in London.");
        var party = Inputs.Party();
        var command = new Command("who",
            "Show who accessed an authority's data, when, for what purpose, under which clause.")
        {
            dataset, since, until, party,
        }.WithExample("isax who --dataset hospital-admissions --since 2026-10-01");
        globals.Handle(command, async (parse, run) =>
        {
            var request = new ListAccessesRequest
            {
                Parent = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party),
                Dataset = parse.GetValue(dataset) ?? "",
                PageSize = Paging.PageSize,
            };
            if (parse.GetValue(since) is { } first) request.SinceTime = After(first.AddDays(-1));
            if (parse.GetValue(until) is { } last) request.UntilTime = After(last);
            var accesses = await All(run, request);
            run.Terminal.Show(List(accesses), whenEmpty: "nobody");
            return ExitCode.Ok;
        });
        return command;
    }

    static Task<List<Access>> All(Invocation run, ListAccessesRequest request) => Paging.All(async token =>
    {
        request.PageToken = token;
        var page = await Resilience.Call(o => run.Exchange.Audit.ListAccessesAsync(request, o), run.Stop);
        return (page.Accesses, page.NextPageToken);
    });

    static Listing List(IEnumerable<Access> accesses)
    {
        var listing = new Listing(
            new("time", "time"), new("party", "authority"), new("actor", "who"), new("action", "did"),
            new("object", "to"), new("purpose", "for"),
            new("allowed", "allowed", Detail: true), new("reason", "REFUSED"),
            new("rows", "rows", Number: true), new("bytes", "bytes", Number: true, Detail: true),
            new("index", "entry", Number: true, Detail: true), new("clauses", "clauses", Detail: true),
            new("event_id", "event", Detail: true));
        foreach (var a in accesses)
        {
            listing.Add(
                SubmissionAnswers.Time(a.Time), a.Party, a.ActorName.Length > 0 ? a.ActorName : a.Actor, a.Action,
                Names.Cell(a.Object), a.Purpose, a.Allowed, a.Reason, a.Rows, a.Bytes, a.Index < 0 ? null : a.Index,
                a.Clauses, a.EventId);
        }
        return listing;
    }

    static Timestamp After(DateOnly day) => Timestamp.FromDateTimeOffset(LondonTime.EndOf(day));

    static Option<DateOnly?> Day(string name, string description) =>
        new(name) { Description = description, HelpName = "YYYY-MM-DD" };
}
