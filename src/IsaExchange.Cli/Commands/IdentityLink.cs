using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax identity link: the liaison officer says who a subject of an identity provider is.</summary>
static class IdentityLink
{
    public static Command Create(GlobalOptions globals)
    {
        var issuer = Option("--issuer", "Issuer of the tokens, to the letter as they name it.", "URL");
        var subject = Option("--subject", "What the issuer calls the person, as isax login shows it.", "ID");
        var person = Option("--person", "Id of the person in the agreement.", "ID");
        var party = Inputs.Party();
        var home = new Option<DirectoryInfo?>("--home")
        {
            Description = "Folder of the exchange: the operator links there, without a call. Needs --party.",
            HelpName = "DIR",
        };
        var command = new Command("link", "Let a person of your authority in by an identity provider.")
        {
            issuer, subject, person, party, home,
        }.WithExample("isax identity link --issuer https://login.example --subject 8f61 --person amara-okafor");
        globals.Handle(command, async (parse, run) =>
        {
            var identity = new Identity
            {
                Issuer = parse.GetRequiredValue(issuer),
                Subject = parse.GetRequiredValue(subject),
                Person = parse.GetRequiredValue(person),
            };
            if (parse.GetValue(home) is { } at)
                return await OnHome(run, at.FullName, parse.GetValue(party), identity);
            var parent = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party);
            var linked = await Resilience.Call(
                o => run.Exchange.Credentials.LinkIdentityAsync(new LinkIdentityRequest
                {
                    Parent = parent, Identity = identity, RequestId = RequestId.Fresh(),
                }, o),
                run.Stop);
            run.Terminal.Show(CredentialAnswers.List([linked]));
            return ExitCode.Ok;
        });
        return command;
    }

    static async Task<ExitCode> OnHome(Invocation run, string home, string? party, Identity identity)
    {
        if (party is null)
            throw new VerbException(ExitCode.Usage, "for which authority?", "pass --party with --home");
        return (ExitCode)await ServiceProcess.Run(
            [
                "link", "--home", home, "--party", party, "--issuer", identity.Issuer,
                "--subject", identity.Subject, "--person", identity.Person,
            ],
            run.Terminal.Screen, run.Stop);
    }

    static Option<string> Option(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help, Required = true };
}
