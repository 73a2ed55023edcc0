using System.CommandLine;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement diff: what a revision says otherwise than another, clause by clause.</summary>
static class AgreementCompare
{
    public static Command Create(GlobalOptions globals)
    {
        var old = new Argument<FileInfo>("OLD") { Description = "The agreement as it was." }.AcceptExistingOnly();
        var later = new Argument<FileInfo>("NEW") { Description = "The agreement as it will be." }.AcceptExistingOnly();
        var command = new Command("diff", "Compare two revisions clause by clause; layout makes no difference.")
        {
            old, later,
        }.WithExample("isax agreement diff signed.yaml draft.yaml");
        globals.Handle(command, (parse, run) => Task.FromResult(Run(
            run.Terminal,
            AgreementFile.Load(parse.GetRequiredValue(old)),
            AgreementFile.Load(parse.GetRequiredValue(later)))));
        return command;
    }

    static ExitCode Run(Terminal terminal, SharingAgreement old, SharingAgreement later)
    {
        var diff = AgreementDiff.Between(old, later);
        var listing = new Listing(
            new("change", "change"), new("clause", "clause"), new("word", "word"),
            new("old", "was", Wraps: true), new("new", "is", Wraps: true));
        foreach (var change in diff.Changes)
        {
            foreach (var word in change.Words)
                listing.Add(Word(change.Kind), change.Clause, word.Word, word.Old ?? "", word.New ?? "");
        }
        terminal.Show(listing, "the two say the same");
        if (diff.Changes.Count > 0 && old.Version is not null && old.Version == later.Version)
            terminal.Warn($"both are version {old.Version}: clauses moved and the version did not");
        terminal.Verdict(Verdict(diff));
        return ExitCode.Ok;
    }

    static string Verdict(AgreementDifferences diff) => diff switch
    {
        { Changes.Count: 0 } => "SAME: the revision does not move",
        { IsAccession: true } => $"ACCESSION of {string.Join(", ", diff.JoiningParties)}: "
            + "theirs and the approvals of the accession clause bring it into force",
        _ => $"CHANGED, clauses: {diff.Changes.Count}; it needs the quorum of its signatories",
    };

    static string Word(ClauseChangeKind kind) => kind switch
    {
        ClauseChangeKind.Added => "added",
        ClauseChangeKind.Removed => "removed",
        _ => "changed",
    };
}
