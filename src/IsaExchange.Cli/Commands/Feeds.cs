using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax feeds: what is published, and for which purposes.</summary>
static class Feeds
{
    public static Command Create(GlobalOptions globals)
    {
        var command = new Command("feeds", "List the feeds you may read or publish.").WithExample("isax feeds");
        globals.Handle(command, async (_, run) =>
        {
            var feeds = await Paging.All(async token =>
            {
                var page = await Resilience.Call(o => run.Exchange.Feeds.ListFeedsAsync(new ListFeedsRequest
                {
                    Parent = Names.Agreement(run.Exchange.Agreement),
                    PageSize = Paging.PageSize,
                    PageToken = token,
                }, o), run.Stop);
                return (page.Feeds, page.NextPageToken);
            });
            run.Terminal.Show(ReleaseAnswers.Feeds(feeds), whenEmpty: "no feeds");
            return ExitCode.Ok;
        });
        return command;
    }
}
