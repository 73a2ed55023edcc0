using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Cli.Commands;

/// <summary>
/// isax audit verify: recomputes the log from its entries. Offline; it trusts a key and nothing else.
/// </summary>
static class AuditVerify
{
    public static Command Create(GlobalOptions globals)
    {
        var folder = new Argument<DirectoryInfo>("DIR")
        {
            Description = "Folder that isax audit export wrote.",
        }.AcceptExistingOnly();
        var vkey = new Option<FileInfo?>("--vkey")
        {
            Description = "The log's verifier key. Default: log.vkey of the credential folder.",
            HelpName = "FILE",
        };
        var remembered = new Option<FileInfo?>("--remembered")
        {
            Description = "A checkpoint seen earlier, which this log must extend. Default: the one of the last export, "
                + "unless that is later.",
            HelpName = "FILE",
        };
        var command = new Command("verify",
            "Check an exported log offline: every entry, the root, and what was seen before.")
        {
            folder, vkey, remembered,
        }.WithExample("isax audit verify audit/2026-11 --vkey log.vkey");
        globals.Handle(command, (parse, run) => Task.FromResult(Check(
            run,
            parse.GetRequiredValue(folder).FullName,
            parse.GetValue(vkey)?.FullName ?? run.Credential.LogVkeyPath,
            parse.GetValue(remembered) is { } file ? Existing(file)
                : parse.GetValue(vkey) is null ? run.Credential.RememberedCheckpointPath : null,
            // A checkpoint that was named is one that this log must extend; the last export's may well be later.
            mayBeOlder: parse.GetValue(remembered) is null)));
        return command;
    }

    /// <param name="remembered">File of a checkpoint seen earlier; null, or not there, means that none was
    /// seen.</param>
    /// <param name="mayBeOlder">An archived export is smaller than what was remembered since, and is checked alone;
    /// false: the log has shrunk.</param>
    public static ExitCode Check(Invocation run, string folder, string vkey, string? remembered, bool mayBeOlder)
    {
        var key = LogKey.Read(vkey);
        var seen = remembered is not null && File.Exists(remembered)
            ? LogKey.OpenCheckpoint(key, File.ReadAllText(remembered), "the remembered checkpoint")
            : null;
        var note = Read(Path.Combine(folder, AuditBundle.CheckpointFile));
        var verdict = Verify(folder, note, key, seen);
        var isOlder = mayBeOlder && verdict.Problems.Any(p => p.Fault is AuditBundleFault.Shrunk);
        if (isOlder) verdict = Verify(folder, note, key, seen: null);
        run.Terminal.Show(Answer(verdict, seen, isOlder));
        foreach (var problem in verdict.Problems)
        {
            var place = problem.Index is { } index ? $"index {index}: " : "";
            run.Terminal.Complain($"integrity failure: {place}{problem.Message}");
        }
        if (verdict.ProblemCount > verdict.Problems.Count)
            run.Terminal.Complain($"and {verdict.ProblemCount - verdict.Problems.Count} more");
        return verdict.Ok ? ExitCode.Ok : ExitCode.Integrity;
    }

    static AuditBundleVerdict Verify(string folder, string note, NoteVerifier key, Checkpoint? seen)
    {
        using var entries = OpenEntries(Path.Combine(folder, AuditBundle.EntriesFile));
        return AuditBundle.Verify(note, entries, key, seen);
    }

    static Card Answer(AuditBundleVerdict verdict, Checkpoint? seen, bool isOlder) => new Card()
        .Add("verified", "verified", verdict.Ok)
        .Add("log", "log", verdict.Origin)
        .Add("size", "entries", verdict.Size)
        .Add("root", "root", verdict.Root?.ToBase64())
        .Add("shown", "shown", verdict.Shown)
        .Add("masked", "masked", verdict.Masked)
        .Add("extends", "extends", seen is null || isOlder ? null : $"the {seen.Size} entries seen before")
        .Add("older", "note",
            isOlder ? $"older than the last export ({verdict.Size} entries then, {seen?.Size} remembered)" : null)
        .Add("problems", "problems", verdict.ProblemCount);

    static string Existing(FileInfo file) => file.Exists
        ? file.FullName
        : throw new VerbException(ExitCode.Usage, $"there is no file {file.FullName}");

    static string Read(string path) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new VerbException(ExitCode.Usage, $"there is no {path}", "isax audit export writes it");

    static StreamReader OpenEntries(string path) => File.Exists(path)
        ? new StreamReader(path)
        : throw new VerbException(ExitCode.Usage, $"there is no {path}", "isax audit export writes it");
}
