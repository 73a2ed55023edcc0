using System.CommandLine;
using Grpc.Core;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax audit export: every entry up to a signed checkpoint, others' events masked.</summary>
static class AuditExport
{
    public static Command Create(GlobalOptions globals)
    {
        var target = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder for the files checkpoint and entries.jsonl.",
            HelpName = "DIR",
            Required = true,
        };
        var party = Inputs.Party();
        var command = new Command("export", "Write the whole log to files that isax audit verify checks offline.")
        {
            target, party,
        }.WithExample("isax audit export --out audit/2026-11");
        globals.Handle(command, (parse, run) =>
            Run(run, parse.GetRequiredValue(target).FullName, parse.GetValue(party) ?? run.Exchange.Party));
        return command;
    }

    static async Task<ExitCode> Run(Invocation run, string folder, string party)
    {
        var entries = Path.Combine(folder, AuditBundle.EntriesFile);
        var checkpoint = await Download(run, party, entries);
        await ArrivingFile.WriteText(Path.Combine(folder, AuditBundle.CheckpointFile), checkpoint, run.Stop);
        var code = AuditVerify.Check(
            run, folder, run.Credential.LogVkeyPath, run.Credential.RememberedCheckpointPath, mayBeOlder: false);
        // Only a history that held is remembered: the next export must extend it.
        if (code is ExitCode.Ok)
            await ArrivingFile.WriteText(run.Credential.RememberedCheckpointPath, checkpoint, run.Stop);
        return code;
    }

    /// <returns>The signed checkpoint that the entries belong to.</returns>
    static async Task<string> Download(Invocation run, string party, string path)
    {
        var checkpoint = "";
        await using var file = ArrivingFile.Create(path);
        await Resilience.Stream(
            async options =>
            {
                // A broken stream begins anew: a later checkpoint has other entries.
                file.Content.SetLength(0);
                checkpoint = "";
                await using var lines = new StreamWriter(file.Content, leaveOpen: true) { NewLine = "\n" };
                var request = new ExportLogRequest { Parent = Names.Party(run.Exchange.Agreement, party) };
                using var call = run.Exchange.Audit.ExportLog(request, options);
                await foreach (var part in call.ResponseStream.ReadAllAsync(run.Stop))
                {
                    if (part.PartCase is ExportLogResponse.PartOneofCase.Checkpoint) checkpoint = part.Checkpoint;
                    else await lines.WriteLineAsync(Line(part.Entry));
                }
            },
            run.Stop);
        if (checkpoint.Length == 0)
            throw new VerbException(ExitCode.Integrity, "the exchange sent a log without its checkpoint");
        await file.Arrive();
        return checkpoint;
    }

    static string Line(LogEntry entry)
    {
        if (entry.EventJson.Contains('\n', StringComparison.Ordinal))
            throw new VerbException(ExitCode.Integrity,
                $"entry {Cell.Text(entry.Index)} holds an event that is not canonical JSON");
        return AuditBundle.WriteLine(new AuditBundleEntry(
            entry.Index,
            entry.Leaf.ToByteArray(),
            entry.EventJson.Length > 0 ? entry.EventJson : null,
            entry.Salt.Length > 0 ? entry.Salt.ToByteArray() : null));
    }
}
