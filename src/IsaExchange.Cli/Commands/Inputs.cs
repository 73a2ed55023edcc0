using System.CommandLine;
using IsaExchange.Agreement;

namespace IsaExchange.Cli.Commands;

/// <summary>Options and arguments that several verbs share, so that one word is read one way everywhere.</summary>
static class Inputs
{
    public static Argument<string> Submission() => new("SUB")
    {
        Description = "The submission: its whole name, dataset/id, or its id.",
        HelpName = "SUB",
    };

    public static Argument<FileInfo> File(string description) =>
        new Argument<FileInfo>("FILE") { Description = description }.AcceptExistingOnly();

    public static Option<string> Dataset() => new("--dataset")
    {
        Description = "Id of the dataset in the information specification, for example police-recorded-crime.",
        HelpName = "DATASET",
        Required = true,
    };

    public static Option<string?> Party() => new("--party")
    {
        Description = "Id of the authority acted for. Default: the credential's.",
        HelpName = "PARTY",
    };

    /// <summary>Whoever reads a release that was taken back says so.</summary>
    public static Option<bool> Retracted() => new("--retracted")
    {
        Description = "Read it although it has been retracted.",
    };

    public static Option<string> Purpose() => new("--purpose")
    {
        Description = "What it is read for: a purpose of the agreement. It is recorded.",
        HelpName = "PURPOSE",
        Required = true,
    };

    public static Option<InformationPeriod> Period() => new("--period")
    {
        Description = "The information period: its first day and length, P3M or P1M, for example 2026-07-01/P3M.",
        HelpName = "START/P3M",
        Required = true,
        CustomParser = result =>
        {
            if (InformationPeriod.TryParse(result.Tokens[^1].Value, out var period)) return period;
            result.AddError($"--period {result.Tokens[^1].Value}: write the first day of a month and a length, "
                + "for example 2026-07-01/P3M or 2026-07-01/P1M.");
            return default;
        },
    };

    public static Option<string[]> Areas(bool required) => new("--areas")
    {
        Description = required
            ? "Codes of the areas the file is owed to, separated by commas."
            : "Codes of the areas the file is owed to, separated by commas. Default: all that are owed this dataset.",
        HelpName = "A,B",
        Required = required,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<DirectoryInfo?> Policies() => new Option<DirectoryInfo?>("--policies")
    {
        Description = "Folder with the information specification and the agreements. Default: policies/ here or above.",
        HelpName = "DIR",
    };

    public static Option<string> Partnership() => new("--partnership")
    {
        Description = "Folder of the partnership below the policies.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "northmere",
    };

    /// <summary>Codes in one order and each once: the same command always asks for the same thing.</summary>
    public static string[] Codes(string[]? values) =>
    [
        .. (values ?? [])
            .SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];
}
