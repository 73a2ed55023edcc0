using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Credential = IsaExchange.V1.Credential;

namespace IsaExchange.Cli.Commands;

/// <summary>isax credential list: every key that was ever let in for an authority.</summary>
static class CredentialList
{
    public static Command Create(GlobalOptions globals)
    {
        var party = Inputs.Party();
        var command = new Command("list", "List the keys of your authority's senders and people.") { party }
            .WithExample("isax credential list");
        globals.Handle(command, async (parse, run) =>
        {
            var parent = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party);
            run.Terminal.Show(CredentialAnswers.List(await AllAsync(run, parent)), whenEmpty: "no credentials");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The whole id of the one credential whose id ends or begins with this.</summary>
    public static async Task<string> IdAsync(Invocation run, string parent, string part)
    {
        var found = (await AllAsync(run, parent)).Select(c => Names.Last(c.Name)).Where(id =>
            id.StartsWith(part, StringComparison.Ordinal) || id.EndsWith(part, StringComparison.Ordinal)).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new VerbException(ExitCode.NotFound, $"there is no credential {part}",
                "isax credential list shows them"),
            _ => throw new VerbException(ExitCode.Usage, $"{part} fits {found.Count} credentials", "write more of it"),
        };
    }

    static Task<List<Credential>> AllAsync(Invocation run, string parent) => Paging.All(async token =>
    {
        var page = await Resilience.Call(o => run.Exchange.Credentials.ListCredentialsAsync(new ListCredentialsRequest
        {
            Parent = parent, PageSize = Paging.PageSize, PageToken = token,
        }, o), run.Stop);
        return (page.Credentials, page.NextPageToken);
    });
}
