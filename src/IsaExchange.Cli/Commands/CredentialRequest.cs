using System.CommandLine;
using IsaExchange.Cli.Wire;

namespace IsaExchange.Cli.Commands;

/// <summary>isax credential request: a key on the holder's own machine, and the request to have it approved.</summary>
static class CredentialRequest
{
    public const string KeyFile = "key.pem";
    public const string RequestFile = "request.pem";

    public static Command Create(GlobalOptions globals)
    {
        var holder = CredentialVerbs.Holder();
        var target = new Option<DirectoryInfo>("--out")
        {
            Description = "New folder for the key and the request.",
            HelpName = "DIR",
            Required = true,
        };
        var command = new Command("request",
            "Make a key on this machine, and a request that the liaison officer approves. No call is made.")
        {
            holder, target,
        }.WithExample("isax credential request --holder urn:isaexchange:person:amara-okafor --out new-credential");
        globals.Handle(command, (parse, run) =>
        {
            var folder = parse.GetRequiredValue(target).FullName;
            var urn = parse.GetRequiredValue(holder);
            if (!urn.StartsWith("urn:isaexchange:", StringComparison.Ordinal))
                throw new VerbException(ExitCode.Usage, $"{urn} is not the subject of a sender or person",
                    "write urn:isaexchange:party:PARTY:sender:NAME or urn:isaexchange:person:ID");
            if (File.Exists(Path.Combine(folder, KeyFile)))
                throw new VerbException(ExitCode.Conflict, $"{folder} holds a key already", "name a new folder");
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var made = NewKey.Make(urn);
            PrivateFiles.Write(Path.Combine(folder, KeyFile), made.KeyPem);
            File.WriteAllText(Path.Combine(folder, RequestFile), made.RequestPem);
            run.Terminal.Say("give the request to the liaison officer; the key stays in the folder");
            run.Terminal.Line(Path.Combine(folder, RequestFile));
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }
}
