using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Stage = IsaExchange.V1.Agreement.Types.Stage;

namespace IsaExchange.Cli.Commands;

/// <summary>
/// isax agreement sign: shows what is signed, computes its revision here from the very bytes, signs with the holder's
/// own key and sends the signature. With --file and --out it needs no exchange at all.
/// </summary>
static class AgreementSign
{
    public static Command Create(GlobalOptions globals)
    {
        var revision = AgreementRevisions.Revision();
        var yes = new Option<bool>("--yes") { Description = "Sign without asking: you have read it." };
        var party = new Option<string?>("--party")
        {
            Description = "Id of the authority signed for, where you sign for several.",
            HelpName = "PARTY",
        };
        var file = new Option<FileInfo?>("--file")
        {
            Description = "Sign this file, offline; needs --out.", HelpName = "YAML",
        };
        var output = new Option<FileInfo?>("--out")
        {
            Description = "Write the signature to this file instead of sending it.", HelpName = "SIG",
        };
        var send = new Option<FileInfo?>("--send")
        {
            Description = "Send a signature that was made with --out.", HelpName = "SIG",
        };
        var command = new Command("sign", "Sign a revision with your own key, on this machine.")
        {
            revision, yes, party, file, output, send,
        }.WithExample("isax agreement sign");
        globals.Handle(command, async (parse, run) =>
        {
            if (parse.GetValue(send) is { } made)
                return await Send(run, SignatureFile.Load(made.FullName));
            var to = parse.GetValue(output);
            if (parse.GetValue(file) is not null && to is null)
                throw new VerbException(ExitCode.Usage, "--file signs offline: say where to with --out");
            var (source, claimed) = parse.GetValue(file) is { } yaml
                ? (await File.ReadAllBytesAsync(yaml.FullName, run.Stop), null)
                : await Fetch(run, parse.GetValue(revision));
            var agreement = SignatureFile.Read(source);
            if (claimed is not null && claimed != agreement.Revision)
                throw new VerbException(ExitCode.Integrity,
                    "the exchange calls these bytes a revision that they are not: NOT SIGNED");
            var statement = SignatureFile.Prepare(run.Credential, agreement, source, parse.GetValue(party), run.Clock);
            Show(run, agreement, statement);
            if (parse.GetValue(file) is null) await ShowChanges(run, agreement);
            if (!parse.GetValue(yes) && !Agreed(run))
            {
                run.Terminal.Verdict("NOT SIGNED");
                return ExitCode.Usage;
            }
            var signature = SignatureFile.Make(run.Credential, statement);
            if (to is null) return await Send(run, signature);
            await File.WriteAllTextAsync(to.FullName, signature.ToJson(), run.Stop);
            run.Terminal.Verdict($"SIGNED, not sent: isax agreement sign --send {to.Name}");
            return ExitCode.Ok;
        });
        return command;
    }

    static async Task<(byte[] Source, string? Revision)> Fetch(Invocation run, string? given)
    {
        var name = await AgreementRevisions.Name(run, given, Stage.Signing);
        var found = await Resilience.Call(
            o => run.Exchange.Agreements.GetAgreementAsync(new GetAgreementRequest { Name = name }, o), run.Stop);
        return (found.Source.ToByteArray(), found.Revision);
    }

    static void Show(Invocation run, SharingAgreement agreement, SignatureStatement statement) =>
        run.Terminal.Show(new Card()
            .Add("agreement", "agreement", agreement.Id)
            .Add("title", "title", agreement.Title)
            .Add("revision", "revision", agreement.Revision)
            .Add("from", "from", agreement.From)
            .Add("to", "to", agreement.To)
            .Add("party", "you sign for", statement.Party)
            .Add("office", "as", statement.Office)
            .Add("source_sha256", "of the file", statement.SourceSha256));

    /// <summary>Clause by clause, what would change for those who are bound by the revision before.</summary>
    static async Task ShowChanges(Invocation run, SharingAgreement agreement)
    {
        SharingAgreement before;
        try
        {
            var ruling = await Resilience.Call(o => run.Exchange.Agreements.GetAgreementAsync(
                new GetAgreementRequest { Name = Names.Agreement(agreement.Id) }, o), run.Stop);
            if (ruling.Stage is not (Stage.InForce or Stage.Suspended)) return;
            before = SignatureFile.Read(ruling.Source.ToByteArray());
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            // Somebody who joins has no agreement to compare it with.
            return;
        }
        var listing = new Listing(
            new("change", "change"), new("clause", "clause"), new("words", "what", Wraps: true));
        foreach (var change in AgreementDiff.Between(before, agreement).Changes)
        {
            var words = change.Words.Select(w => $"{w.Word}: {w.Old ?? "-"} -> {w.New ?? "-"}");
            listing.Add(
                change.Kind.ToString().ToUpperInvariant(), change.Clause,
                change.Kind is ClauseChangeKind.Changed ? string.Join("; ", words) : "");
        }
        if (run.Terminal.Format is OutputFormat.Table)
        {
            run.Terminal.Say($"what changes against {before.Revision[..12]}, which is in force:");
            run.Terminal.Show(listing, whenEmpty: "nothing changes");
        }
    }

    static bool Agreed(Invocation run)
    {
        run.Terminal.Complain("Sign this in your office? Type yes:");
        return run.Terminal.Screen.Input.ReadLine()?.Trim() == "yes";
    }

    static async Task<ExitCode> Send(Invocation run, SignatureFile signature)
    {
        var said = SignatureStatement.Parse(signature.Statement)
            ?? throw new VerbException(ExitCode.Usage, "the statement in the file is not one that is signed");
        var name = $"{Names.Agreement(said.Agreement)}@{said.Revision}";
        var agreement = await Resilience.Call(
            o => run.Exchange.Agreements.SignRevisionAsync(new SignRevisionRequest
            {
                Name = name,
                Statement = signature.Statement,
                Signature = ByteString.CopyFrom(signature.Signature),
                Certificate = signature.Certificate,
                RequestId = RequestId.Of("sign", name, signature.Statement),
            }, o),
            run.Stop);
        run.Terminal.Verdict(
            $"SIGNED for {said.Party}: {agreement.Signatures.Count} signatures, {agreement.Quorum} needed");
        return ExitCode.Ok;
    }
}
