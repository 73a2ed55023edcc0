using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax credential revoke: the liaison officer ends a key of their own authority, at once.</summary>
static class CredentialRevoke
{
    public static Command Create(GlobalOptions globals)
    {
        var credential = new Argument<string>("CREDENTIAL")
        {
            Description = "Its id, as isax credential list shows it, or its whole name.",
        };
        var reason = new Argument<string>("REASON") { Description = "Why. It is kept with the credential." };
        var party = Inputs.Party();
        var command = new Command("revoke", "End a key of your authority at once, open streams too.")
        {
            credential, reason, party,
        }.WithExample("isax credential revoke 0199c0de \"laptop lost on a train\"");
        globals.Handle(command, async (parse, run) =>
        {
            var said = parse.GetRequiredValue(credential);
            var parent = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party);
            var name = Names.IsWhole(said)
                ? said : $"{parent}/credentials/{await CredentialList.IdAsync(run, parent, said)}";
            var why = parse.GetRequiredValue(reason);
            var revoked = await Resilience.Call(
                o => run.Exchange.Credentials.RevokeCredentialAsync(new RevokeCredentialRequest
                {
                    Name = name, Reason = why, RequestId = RequestId.Of("revoke", name, why),
                }, o),
                run.Stop);
            run.Terminal.Show(CredentialAnswers.Card(revoked));
            return ExitCode.Ok;
        });
        return command;
    }
}
