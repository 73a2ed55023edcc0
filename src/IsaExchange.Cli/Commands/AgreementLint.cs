using System.CommandLine;
using System.Security.Cryptography;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement lint: every fault of an agreement, and what its partnership should know about it.</summary>
static class AgreementLint
{
    public static Command Create(GlobalOptions globals)
    {
        var path = new Argument<string>("FILE")
        {
            Description = "An agreement, or a folder: every agreement.yaml in it and below is checked.",
        };
        var today = new Option<DateOnly?>("--today")
        {
            Description = "The day to judge the review by. Default: today.",
            HelpName = "YYYY-MM-DD",
        };
        var strict = new Option<bool>("--strict") { Description = "Warnings count as faults." };
        var document = new Option<FileInfo?>("--document")
        {
            Description = "The signed paper: its digest must be the one in the agreement.",
            HelpName = "PDF",
        };
        var policies = Inputs.Policies();
        var command = new Command("lint", "Check agreements: words, references, and what clauses say to each other.")
        {
            path, today, strict, document, policies,
        }.WithExample("isax agreement lint policies/northmere/agreement.yaml");
        globals.Handle(command, (parse, run) => Task.FromResult(Run(
            run,
            Files(parse.GetRequiredValue(path)),
            parse.GetValue(today) ?? LondonTime.Date(run.Clock.GetUtcNow()),
            parse.GetValue(strict),
            parse.GetValue(document),
            Vocabulary(run, parse.GetValue(policies)))));
        return command;
    }

    static ExitCode Run(
        Invocation run, List<string> files, DateOnly today, bool strict, FileInfo? document,
        DatasetVocabulary? datasets)
    {
        var listing = new Listing(
            new("severity", "severity"), new("file", "file"), new("line", "line", Number: true),
            new("clause", "clause"), new("message", "what is wrong", Wraps: true),
            new("remedy", "what to do", Wraps: true));
        var (faults, warnings) = (0, 0);
        foreach (var file in files)
        {
            var loaded = AgreementLoader.Load(file, datasets, today);
            List<AgreementFault> found = [.. loaded.Faults, .. OfDocument(loaded.Agreement, file, document)];
            foreach (var f in found) listing.Add("fault", file, f.Line, f.Clause, f.Message, f.Remedy);
            foreach (var w in loaded.Warnings) listing.Add("warning", file, w.Line, w.Clause, w.Message, w.Remedy);
            (faults, warnings) = (faults + found.Count, warnings + loaded.Warnings.Count);
        }
        run.Terminal.Show(listing, "nothing is wrong");
        run.Terminal.Verdict($"checked: {files.Count}, faults: {faults}, warnings: {warnings}");
        return faults > 0 || (strict && warnings > 0) ? ExitCode.ValidationErrors : ExitCode.Ok;
    }

    static IEnumerable<AgreementFault> OfDocument(SharingAgreement? agreement, string file, FileInfo? document)
    {
        if (document is null || agreement is null) yield break;
        using var content = document.OpenRead();
        if (agreement.Document?.Sha256 != Convert.ToHexStringLower(SHA256.HashData(content)))
        {
            yield return new AgreementFault(Path.GetFileName(file), 1, "document",
                "the paper is not the one that the agreement names", "name the digest of the paper that was signed");
        }
    }

    static List<string> Files(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path))
            throw new VerbException(ExitCode.Usage, $"there is no file and no folder {path}");
        var files = Directory.EnumerateFiles(path, "agreement.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).ToList();
        return files.Count > 0
            ? files
            : throw new VerbException(ExitCode.Usage, $"there is no agreement.yaml in {path}");
    }

    /// <summary>Null where there is no information specification: datasets and columns are then not checked.</summary>
    static DatasetVocabulary? Vocabulary(Invocation run, DirectoryInfo? policies)
    {
        string folder;
        try
        {
            folder = PoliciesFolder.Find(policies);
        }
        catch (VerbException) when (policies is null)
        {
            run.Terminal.Warn("no information specification was found: datasets, dimensions and columns go unchecked");
            return null;
        }
        var catalog = DatasetCatalog.Load(folder, out var faults);
        foreach (var fault in faults) run.Terminal.Warn(fault.ToString());
        return new DatasetVocabulary(catalog.All.ToDictionary(
            d => d.Id, d => (IReadOnlyCollection<string>)d.CubeDimensions, StringComparer.Ordinal))
        {
            Columns = catalog.All.ToDictionary(
                d => d.Id, d => (IReadOnlyCollection<string>)[.. d.Fields.Select(f => f.Name)], StringComparer.Ordinal),
            WithContributors = catalog.All.Where(d => d.Contributors is not null).Select(d => d.Id)
                .ToHashSet(StringComparer.Ordinal),
        };
    }
}
