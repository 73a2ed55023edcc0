using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax identity unlink: no token of the subject is let in any more.</summary>
static class IdentityUnlink
{
    public static Command Create(GlobalOptions globals)
    {
        var identity = new Argument<string>("IDENTITY")
        {
            Description = "Its id, as isax identity list shows it, or its whole name.",
        };
        var party = Inputs.Party();
        var command = new Command("unlink", "Take a link back: the identity provider's word counts no more.")
        {
            identity, party,
        }.WithExample("isax identity unlink 0199c0de6a1b7c4d8e2f3a4b5c6d7e8f");
        globals.Handle(command, async (parse, run) =>
        {
            var said = parse.GetRequiredValue(identity);
            var parent = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party);
            var name = Names.IsWhole(said) ? said : $"{parent}/identities/{said}";
            await Resilience.Call(
                o => run.Exchange.Credentials.UnlinkIdentityAsync(new UnlinkIdentityRequest
                {
                    Name = name, RequestId = RequestId.Of("unlink", name),
                }, o),
                run.Stop);
            run.Terminal.Verdict("UNLINKED");
            return ExitCode.Ok;
        });
        return command;
    }
}
