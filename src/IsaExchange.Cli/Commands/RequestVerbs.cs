using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax request: the register of requests for information.</summary>
static class RequestVerbs
{
    public static Command Create(GlobalOptions globals) =>
        new("request", "Ask another authority, and answer: the register of requests, with its clock.")
        {
            RequestMake.Create(globals), RequestReply.Create(globals), List(globals), Show(globals),
        };

    public static Argument<string> Request() => new("REQUEST")
    {
        Description = "The request: its id, or its whole name. isax request list shows them.",
    };

    static Command List(GlobalOptions globals)
    {
        var every = new Option<bool>("--all") { Description = "Also those that are answered." };
        var command = new Command("list", "List the requests your authority made or has to answer, overdue first.")
        {
            every,
        }.WithExample("isax request list");
        globals.Handle(command, async (parse, run) =>
        {
            var requests = await All(run, openOnly: !parse.GetValue(every));
            run.Terminal.Show(RequestAnswers.List(requests), whenEmpty: "no requests");
            return ExitCode.Ok;
        });
        return command;
    }

    static Command Show(GlobalOptions globals)
    {
        var request = Request();
        var command = new Command("show", "Show a request, what was said to it, and whom to ring.") { request }
            .WithExample("isax request show 01j9");
        globals.Handle(command, async (parse, run) =>
        {
            var name = await Name(run, parse.GetRequiredValue(request));
            var found = await Resilience.Call(
                o => run.Exchange.Requests.GetRequestAsync(new GetRequestRequest { Name = name }, o), run.Stop);
            run.Terminal.Show(RequestAnswers.Card(found));
            return ExitCode.Ok;
        });
        return command;
    }

    static Task<List<InformationRequest>> All(Invocation run, bool openOnly) => Paging.All(async token =>
    {
        var page = await Resilience.Call(o => run.Exchange.Requests.ListRequestsAsync(new ListRequestsRequest
        {
            Parent = Names.Party(run.Exchange.Agreement, "-"),
            OpenOnly = openOnly,
            PageSize = Paging.PageSize,
            PageToken = token,
        }, o), run.Stop);
        return (page.InformationRequests, page.NextPageToken);
    });

    /// <summary>The whole name of what a person means.</summary>
    public static async Task<string> Name(Invocation run, string text)
    {
        if (Names.IsWhole(text)) return text;
        if (text.StartsWith("parties/", StringComparison.Ordinal))
            return $"{Names.Agreement(run.Exchange.Agreement)}/{text}";
        var found = (await All(run, openOnly: false)).Find(r => Names.Last(r.Name) == text);
        return found?.Name ?? throw new VerbException(ExitCode.NotFound, $"{text} is not a request you may read",
            "isax request list --all lists them");
    }
}
