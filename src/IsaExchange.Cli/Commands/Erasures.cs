using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax erasures: what an authority keeps to show that what it had sent is gone.</summary>
static class Erasures
{
    const string ProofEnding = ".tlog-proof";

    public static Command Create(GlobalOptions globals) =>
        new("erasures", "The certificates of destroyed keys: list, keep, and check them offline.")
        {
            List(globals), Get(globals), Verify(globals),
        };

    static Command List(GlobalOptions globals)
    {
        var party = Inputs.Party();
        var command = new Command("list", "List the keys that were destroyed when their time was over.") { party }
            .WithExample("isax erasures list");
        globals.Handle(command, async (parse, run) =>
        {
            var parent = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party);
            var erasures = await Paging.All(async token =>
            {
                var page = await Resilience.Call(o => run.Exchange.Audit.ListErasuresAsync(new ListErasuresRequest
                {
                    Parent = parent, PageSize = Paging.PageSize, PageToken = token,
                }, o), run.Stop);
                return (page.Erasures, page.NextPageToken);
            });
            run.Terminal.Show(Listed(erasures), whenEmpty: "nothing was destroyed yet");
            return ExitCode.Ok;
        });
        return command;
    }

    static Command Get(GlobalOptions globals)
    {
        var erasure = new Argument<string>("ERASURE")
        {
            Description = "As isax erasures list says it: until- and the year, or its whole name.",
        };
        var target = new Option<FileInfo?>("--out")
        {
            Description = "Write the certificate to FILE, and its proof to FILE.tlog-proof.",
            HelpName = "FILE",
        };
        var party = Inputs.Party();
        var command = new Command("get", "Take one certificate home, checked with the key of the log.")
        {
            erasure, target, party,
        }.WithExample("isax erasures get until-2026 --out erased-2026.txt");
        globals.Handle(command, async (parse, run) =>
        {
            var owner = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party);
            var text = parse.GetRequiredValue(erasure);
            var name = Names.IsWhole(text) ? text : $"{owner}/erasures/{text}";
            return await Take(run, name, parse.GetValue(target)?.FullName);
        });
        return command;
    }

    static async Task<ExitCode> Take(Invocation run, string name, string? target)
    {
        var got = await Resilience.Call(
            o => run.Exchange.Audit.GetErasureAsync(new GetErasureRequest { Name = name }, o), run.Stop);
        if (got.Certificate.Length == 0)
            throw new VerbException(ExitCode.TryAgain, $"{name} is ordered and not done yet", "ask again later");
        var owner = name[..name.IndexOf("/erasures/", StringComparison.Ordinal)];
        var key = LogKey.Read(run.Credential.LogVkeyPath);
        var text = ErasureCheck.Verify(got.Certificate, got.InclusionProof, key, owner);
        run.Terminal.Show(Answer(text, got.InclusionProof.Length > 0).AddDetail("certificate", got.Certificate)
            .AddDetail("inclusion_proof", got.InclusionProof));
        if (got.InclusionProof.Length == 0)
            run.Terminal.Warn("not in the log yet; the signature holds. Ask again for the proof");
        if (target is null) return ExitCode.Ok;
        await ArrivingFile.WriteText(target, got.Certificate, run.Stop);
        run.Terminal.Say($"wrote {target}");
        if (got.InclusionProof.Length == 0) return ExitCode.Ok;
        await ArrivingFile.WriteText(target + ProofEnding, got.InclusionProof, run.Stop);
        run.Terminal.Say($"wrote {target}{ProofEnding}");
        return ExitCode.Ok;
    }

    static Command Verify(GlobalOptions globals)
    {
        var file = Inputs.File("Certificate that isax erasures get wrote; its proof lies beside it.");
        var vkey = new Option<FileInfo?>("--vkey")
        {
            Description = "The log's verifier key. Default: log.vkey of the credential folder.",
            HelpName = "FILE",
        };
        var command = new Command("verify", "Check a certificate offline: who signed it, and that it is in the log.")
        {
            file, vkey,
        }.WithExample("isax erasures verify erased-2026.txt --vkey log.vkey");
        globals.Handle(command, (parse, run) =>
        {
            var path = parse.GetRequiredValue(file).FullName;
            var key = LogKey.Read(parse.GetValue(vkey)?.FullName ?? run.Credential.LogVkeyPath);
            var proof = File.Exists(path + ProofEnding) ? File.ReadAllText(path + ProofEnding) : "";
            run.Terminal.Show(Answer(ErasureCheck.Verify(File.ReadAllText(path), proof, key, party: null),
                proof.Length > 0));
            if (proof.Length == 0)
                run.Terminal.Warn($"there is no {path}{ProofEnding}; the signature holds");
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    static Card Answer(string text, bool isProved) => new Card()
        .Add("signature", "signature", "verified")
        .Add("in_log", "in the log", isProved)
        .Add("text", "certificate", text.TrimEnd('\n'));

    static Listing Listed(IEnumerable<Erasure> erasures)
    {
        var listing = new Listing(
            new("erasure", "erasure"), new("ordered", "ordered"), new("effective", "for good from"),
            new("certified", "certified"), new("in_log", "in the log"), new("keys", "keys", Detail: true),
            new("name", "name", Detail: true));
        foreach (var e in erasures)
        {
            listing.Add(
                Names.Last(e.Name), SubmissionAnswers.Time(e.OrderTime), SubmissionAnswers.Time(e.EffectiveTime),
                e.Certificate.Length > 0, e.InclusionProof.Length > 0, e.KeyIds, e.Name);
        }
        return listing;
    }
}
