using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax release retract and recall: a release is taken back, and who has it.</summary>
static class ReleaseRetraction
{
    public static Command Retract(GlobalOptions globals)
    {
        var (release, reason) = (Argument(), Reason());
        var command = new Command(
            "retract", "Take a release back: it is marked, nobody reads it by mistake, and whoever took it is told.")
        {
            release, reason,
        }.WithExample("isax release retract recorded-crime-by-csp@3 --reason \"one month is counted twice\"");
        globals.Handle(command, async (parse, run) =>
        {
            var (name, why) = (Name(run, parse.GetRequiredValue(release)), parse.GetRequiredValue(reason));
            var request = new RetractReleaseRequest
            {
                Name = name, Reason = why, RequestId = RequestId.Of("retract", name, why),
            };
            var retracted = await Resilience.Call(
                o => run.Exchange.Feeds.RetractReleaseAsync(request, o), run.Stop);
            run.Terminal.Show(
                [("release", ReleaseAnswers.Card(retracted)), ("pulls", Recall.List(await Pulls(run, name)))],
                csvPart: "pulls");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command WhoHasIt(GlobalOptions globals)
    {
        var release = Argument();
        var command = new Command("recall", "Show who took a release, when, for what, and whom to ring.") { release }
            .WithExample("isax release recall recorded-crime-by-csp@3 -o csv");
        globals.Handle(command, async (parse, run) =>
        {
            var pulls = await Pulls(run, Name(run, parse.GetRequiredValue(release)));
            run.Terminal.Show(Recall.List(pulls), whenEmpty: "nobody has taken it");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Option<string> Reason() => new("--reason")
    {
        Description = "Why. Those concerned are told; the log has its digest. Name no person.",
        HelpName = "TEXT",
        Required = true,
    };

    static Argument<string> Argument() => new("FEED@N")
    {
        Description = "The feed, and the number of the release.",
    };

    // "The latest" may be another one by the time that this arrives.
    static string Name(Invocation run, string text)
    {
        var name = Names.Release(run.Exchange.Agreement, text);
        return Names.Last(name) != "latest"
            ? name
            : throw new VerbException(ExitCode.Usage, $"{text}: say which release, by its number",
                "isax releases FEED lists them");
    }

    static Task<List<Pull>> Pulls(Invocation run, string name) => Paging.All(async token =>
    {
        var request = new ReadReleaseRecallRequest { Name = name, PageSize = Paging.PageSize, PageToken = token };
        var page = await Resilience.Call(o => run.Exchange.Feeds.ReadReleaseRecallAsync(request, o), run.Stop);
        return (page.Pulls, page.NextPageToken);
    });
}
