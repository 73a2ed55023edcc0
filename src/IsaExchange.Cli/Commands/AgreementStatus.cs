using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement status: the stage of the agreement, who has signed and who has not.</summary>
static class AgreementStatus
{
    public static Command Create(GlobalOptions globals)
    {
        var all = new Option<bool>("--all") { Description = "Every agreement that names you, in one list." };
        var revision = new Argument<string?>("REVISION")
        {
            Description = "First digits of a revision, at least eight. Default: the one that rules.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("status", "Show how far an agreement is: its stage, its signatures, who is missing.")
        {
            revision, all,
        }.WithExample("isax agreement status");
        globals.Handle(command, async (parse, run) =>
        {
            if (parse.GetValue(all))
            {
                var mine = await Paging.All(async token =>
                {
                    var page = await Resilience.Call(o => run.Exchange.Agreements.ListAgreementsAsync(
                        new ListAgreementsRequest { PageSize = Paging.PageSize, PageToken = token }, o), run.Stop);
                    return (page.Agreements, page.NextPageToken);
                });
                run.Terminal.Show(AgreementAnswers.Revisions(mine), whenEmpty: "no agreement names you");
                return ExitCode.Ok;
            }
            var name = parse.GetValue(revision) is { } given
                ? await AgreementRevisions.Name(run, given)
                : Names.Agreement(run.Exchange.Agreement);
            var agreement = await Resilience.Call(
                o => run.Exchange.Agreements.GetAgreementAsync(new GetAgreementRequest { Name = name }, o), run.Stop);
            run.Terminal.Show(
                [
                    ("agreement", AgreementAnswers.Card(agreement)),
                    ("signatures", AgreementAnswers.Signatures(agreement)),
                ],
                csvPart: "signatures");
            return ExitCode.Ok;
        });
        return command;
    }
}
