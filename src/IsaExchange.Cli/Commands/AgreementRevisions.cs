using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Stage = IsaExchange.V1.Agreement.Types.Stage;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement revisions, and how the other verbs find the revision that is meant.</summary>
static class AgreementRevisions
{
    const int DigitsMin = 8;

    public static Command Create(GlobalOptions globals)
    {
        var command = new Command("revisions", "List the revisions of the agreement, newest first.")
            .WithExample("isax agreement revisions");
        globals.Handle(command, async (_, run) =>
        {
            run.Terminal.Show(AgreementAnswers.Revisions(await All(run)), whenEmpty: "no revisions");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Argument<string?> Revision() => new("REVISION")
    {
        Description = "First digits of the revision, at least eight. Default: the only one in the stage for it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Name of the revision given, or of the only one in one of the stages.</summary>
    /// <exception cref="VerbException">Usage: none, or several, are meant.</exception>
    public static async Task<string> Name(Invocation run, string? given, params Stage[] stages)
    {
        var agreement = Names.Agreement(run.Exchange.Agreement);
        if (given is not null)
        {
            var digits = given[(given.LastIndexOf('@') + 1)..];
            return digits.Length >= DigitsMin
                ? $"{agreement}@{digits}"
                : throw new VerbException(ExitCode.Usage, $"{given}: give at least {DigitsMin} digits of the revision",
                    "isax agreement revisions lists them");
        }
        var found = (await All(run)).FindAll(a => stages.Contains(a.Stage));
        return found.Count == 1
            ? found[0].Name
            : throw new VerbException(ExitCode.Usage,
                found.Count == 0
                    ? "no revision is in a stage for this; the steward moves one on"
                    : $"{found.Count} revisions are in a stage for this: say which",
                "isax agreement revisions lists them");
    }

    static Task<List<V1.Agreement>> All(Invocation run) => Paging.All(async token =>
    {
        var page = await Resilience.Call(o => run.Exchange.Agreements.ListRevisionsAsync(new ListRevisionsRequest
        {
            Name = Names.Agreement(run.Exchange.Agreement), PageSize = Paging.PageSize, PageToken = token,
        }, o), run.Stop);
        return (page.Revisions, page.NextPageToken);
    });
}
