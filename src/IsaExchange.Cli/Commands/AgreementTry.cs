using System.CommandLine;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement cases: whether an agreement decides as its partnership expects.</summary>
static class AgreementTry
{
    public static Command Create(GlobalOptions globals)
    {
        var folder = new Argument<DirectoryInfo>("FOLDER")
        {
            Description = "The partnership's folder, with agreement.yaml and cases.yaml.",
        }.AcceptExistingOnly();
        var command = new Command("cases", "Ask the agreement every case beside it; tell where it decides otherwise.")
        {
            folder,
        }.WithExample("isax agreement cases policies/northmere");
        globals.Handle(command, (parse, run) => Task.FromResult(
            Run(run.Terminal, parse.GetRequiredValue(folder).FullName)));
        return command;
    }

    static ExitCode Run(Terminal terminal, string folder)
    {
        var agreement = AgreementFile.Load(new FileInfo(Path.Combine(folder, "agreement.yaml")));
        var path = Path.Combine(folder, "cases.yaml");
        if (!File.Exists(path)) throw new VerbException(ExitCode.Usage, $"there is no {path}");
        var read = AgreementCases.Parse(File.ReadAllText(path), "cases.yaml");
        if (read.Faults.Count > 0)
            throw new VerbException(ExitCode.ValidationErrors, string.Join(Environment.NewLine, read.Faults));

        var listing = new Listing(
            new("line", "line", Number: true), new("case", "case", Wraps: true),
            new("mismatch", "what happened", Wraps: true));
        foreach (var one in read.Cases)
        {
            if (one.Mismatch(agreement) is { } mismatch) listing.Add(one.Line, one.Name, mismatch);
        }
        terminal.Show(listing, "every case is decided as expected");
        terminal.Verdict($"cases: {read.Cases.Count}, decided otherwise: {listing.Rows.Count}");
        return listing.Rows.Count == 0 ? ExitCode.Ok : ExitCode.ValidationErrors;
    }
}
