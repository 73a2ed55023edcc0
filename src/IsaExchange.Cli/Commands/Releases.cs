using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax releases: the numbered publications of a feed, newest first.</summary>
static class Releases
{
    public static Command Create(GlobalOptions globals)
    {
        var feed = new Argument<string>("FEED") { Description = "Id of the feed; isax feeds lists them." };
        var command = new Command("releases", "List the releases of a feed, and what is missing in each.") { feed }
            .WithExample("isax releases recorded-crime-by-csp");
        globals.Handle(command, async (parse, run) =>
        {
            var parent = Names.Feed(run.Exchange.Agreement, parse.GetRequiredValue(feed));
            var releases = await Paging.All(async token =>
            {
                var page = await Resilience.Call(o => run.Exchange.Feeds.ListReleasesAsync(new ListReleasesRequest
                {
                    Parent = parent,
                    PageSize = Paging.PageSize,
                    PageToken = token,
                }, o), run.Stop);
                return (page.Releases, page.NextPageToken);
            });
            run.Terminal.Show(ReleaseAnswers.Releases(releases), whenEmpty: "nothing released yet");
            return ExitCode.Ok;
        });
        return command;
    }
}
