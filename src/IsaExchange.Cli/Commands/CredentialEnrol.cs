using System.CommandLine;
using System.Text.Json;
using Google.Protobuf;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>
/// isax credential enrol: the liaison officer approves a key; with --home the operator does, when nobody can call.
/// </summary>
static class CredentialEnrol
{
    public static Command Create(GlobalOptions globals)
    {
        var file = Inputs.File("The request of the holder, as isax credential request wrote it.");
        var holder = CredentialVerbs.Holder();
        var target = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder for the certificate and what the holder needs beside it.",
            HelpName = "DIR",
            Required = true,
        };
        var party = Inputs.Party();
        var home = new Option<DirectoryInfo?>("--home")
        {
            Description = "Folder of the exchange: the operator enrols there, without a call. Needs --party.",
            HelpName = "DIR",
        };
        var command = new Command("enrol", "Approve a key for a sender or person of your own authority.")
        {
            file, holder, target, party, home,
        }.WithExample(
            "isax credential enrol request.pem --holder urn:isaexchange:person:ben-hartley --out for-ben-hartley");
        globals.Handle(command, (parse, run) =>
        {
            var request = parse.GetRequiredValue(file).FullName;
            var folder = parse.GetRequiredValue(target).FullName;
            return parse.GetValue(home) is { } at
                ? OnHome(run, at.FullName, request, parse.GetRequiredValue(holder), parse.GetValue(party), folder)
                : ByOfficer(run, request, parse.GetRequiredValue(holder), parse.GetValue(party), folder);
        });
        return command;
    }

    static async Task<ExitCode> ByOfficer(Invocation run, string file, string holder, string? party, string folder)
    {
        var der = NewKey.ReadRequest(file);
        var profile = run.Credential.Profile;
        var parent = Names.Party(profile.Agreement, party ?? profile.Party);
        var enrolled = await Resilience.Call(
            o => run.Exchange.Credentials.EnrolCredentialAsync(new EnrolCredentialRequest
            {
                Parent = parent,
                Holder = holder,
                CertificateRequest = ByteString.CopyFrom(der),
                RequestId = RequestId.Of("enrol", parent, holder, Convert.ToHexString(der)),
            }, o),
            run.Stop);
        Directory.CreateDirectory(folder);
        await ArrivingFile.WriteText(
            Path.Combine(folder, Wire.Credential.CertificateFile), enrolled.CertificatePem, run.Stop);
        await ArrivingFile.WriteText(Path.Combine(folder, "profile.json"), JsonSerializer.Serialize(
            profile with { Subject = holder, Party = party ?? profile.Party }) + "\n", run.Stop);
        foreach (var name in (string[])["ca.pem", "log.vkey"])
            File.Copy(Path.Combine(run.Credential.Folder, name), Path.Combine(folder, name), overwrite: true);
        run.Terminal.Say("the holder copies these files into the folder that holds the key");
        run.Terminal.Show(CredentialAnswers.Card(enrolled));
        return ExitCode.Ok;
    }

    static async Task<ExitCode> OnHome(
        Invocation run, string home, string file, string holder, string? party, string folder)
    {
        if (party is null)
            throw new VerbException(ExitCode.Usage, "for which authority?", "pass --party with --home");
        Directory.CreateDirectory(folder);
        var der = Path.Combine(folder, "request.der");
        await File.WriteAllBytesAsync(der, NewKey.ReadRequest(file), run.Stop);
        try
        {
            return (ExitCode)await ServiceProcess.Run(
                [
                    "enrol", "--home", home, "--party", party, "--holder", holder, "--request", der,
                    "--out", Path.Combine(folder, Wire.Credential.CertificateFile),
                ],
                run.Terminal.Screen, run.Stop);
        }
        finally
        {
            File.Delete(der);
        }
    }
}
