using System.CommandLine;
using Google.Protobuf;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement propose: brings a file into the register, as a draft.</summary>
static class AgreementPropose
{
    public static Command Create(GlobalOptions globals)
    {
        var file = Inputs.File("The agreement, YAML.");
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what is wrong with it." };
        var command = new Command("propose", "Bring a new revision into the register, as a draft.") { file, dryRun }
            .WithExample("isax agreement propose policies/northmere/agreement.yaml");
        globals.Handle(command, async (parse, run) =>
        {
            var path = parse.GetRequiredValue(file).FullName;
            var source = ByteString.CopyFrom(await File.ReadAllBytesAsync(path, run.Stop));
            var request = new ProposeRevisionRequest
            {
                Agreement = Names.Agreement(run.Exchange.Agreement),
                Source = source,
                ValidateOnly = parse.GetValue(dryRun),
                RequestId = RequestId.Fresh(),
            };
            var said = await Resilience.Call(o => run.Exchange.Agreements.ProposeRevisionAsync(request, o), run.Stop);
            if (said.Faults.Count > 0)
            {
                run.Terminal.Show(Faults(said.Faults));
                run.Terminal.Verdict($"NOT PROPOSED: {said.Faults.Count} faults to correct");
                return ExitCode.ValidationErrors;
            }
            if (said.Revision is not null) run.Terminal.Show(AgreementAnswers.Card(said.Revision));
            run.Terminal.Verdict(said.Revision is null
                ? "NOT PROPOSED: a dry run found no fault"
                : "PROPOSED as a draft. Next: isax agreement consult, or isax agreement open-signing");
            return ExitCode.Ok;
        });
        return command;
    }

    static Listing Faults(IEnumerable<AgreementFault> faults)
    {
        var listing = new Listing(
            new("line", "line", Number: true), new("clause", "clause"), new("message", "what is wrong", Wraps: true),
            new("remedy", "what to do", Wraps: true));
        foreach (var f in faults) listing.Add(f.Line, f.Clause, f.Message, f.Remedy);
        return listing;
    }
}
