using System.CommandLine;

namespace IsaExchange.Cli.Commands;

/// <summary>What withdraw, freeze and unfreeze have in common on the command line.</summary>
static class SubmissionActVerbs
{
    public static Argument<string> Submission() => new("SUB")
    {
        Description = "The submission: its id, dataset/id, parties/PARTY/datasets/... of another authority, "
            + "or its whole name.",
        HelpName = "SUB",
    };

    public static Option<string> Reason() => new("--reason")
    {
        Description = "Why. It is kept with the submission; the log has its digest. Name no person.",
        HelpName = "TEXT",
        Required = true,
    };
}
