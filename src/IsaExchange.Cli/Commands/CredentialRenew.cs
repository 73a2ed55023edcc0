using System.CommandLine;
using Google.Protobuf;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>
/// isax credential renew: a new key takes the place of the one that makes the call. Run it again after a crash or a
/// lost answer: it goes on with the key that it had begun with.
/// </summary>
static class CredentialRenew
{
    // Key and request wait here until the certificate has come; a crash leaves the file, and the next run uses it.
    const string PendingFile = "renewal.pem";
    const string PreviousFile = "credential.previous.pem";

    public static Command Create(GlobalOptions globals)
    {
        var party = Inputs.Party();
        var command = new Command("renew",
            "Make a new key here and let it take the place of your present one. The old one is kept aside.")
        {
            party,
        }.WithExample("isax credential renew");
        globals.Handle(command, async (parse, run) =>
        {
            var credential = run.Credential;
            var pending = Path.Combine(credential.Folder, PendingFile);
            if (!File.Exists(pending)) PrivateFiles.Write(pending, NewKey.Make(credential.Profile.Subject).Pem);
            var made = NewKey.Read(pending);
            var parent = Names.Party(credential.Profile.Agreement, parse.GetValue(party) ?? credential.Profile.Party);
            var renewed = await Resilience.Call(
                o => run.Exchange.Credentials.RenewCredentialAsync(new RenewCredentialRequest
                {
                    Parent = parent,
                    CertificateRequest = ByteString.CopyFrom(made.Request),
                    RequestId = RequestId.Of("renew", parent, Convert.ToHexString(made.Request)),
                }, o),
                run.Stop);
            Replace(credential, renewed.CertificatePem + made.KeyPem);
            File.Delete(pending);
            run.Terminal.Show(CredentialAnswers.Card(renewed));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Certificate and key are one file: one rename puts both in place.</summary>
    static void Replace(Wire.Credential credential, string pem)
    {
        PrivateFiles.Write(Path.Combine(credential.Folder, PreviousFile), credential.ToPem());
        PrivateFiles.Write(Path.Combine(credential.Folder, Wire.Credential.KeyFile), pem);
    }
}
