using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax identity list: which people of an authority are let in by tokens.</summary>
static class IdentityList
{
    public static Command Create(GlobalOptions globals)
    {
        var party = Inputs.Party();
        var command = new Command("list", "List the people of your authority that identity providers vouch for.")
        {
            party,
        }.WithExample("isax identity list");
        globals.Handle(command, async (parse, run) =>
        {
            var parent = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party);
            var all = await Paging.All(async token =>
            {
                var page = await Resilience.Call(
                    o => run.Exchange.Credentials.ListIdentitiesAsync(new ListIdentitiesRequest
                    {
                        Parent = parent, PageSize = Paging.PageSize, PageToken = token,
                    }, o),
                    run.Stop);
                return (page.Identities, page.NextPageToken);
            });
            run.Terminal.Show(CredentialAnswers.List(all), whenEmpty: "nobody");
            return ExitCode.Ok;
        });
        return command;
    }
}
