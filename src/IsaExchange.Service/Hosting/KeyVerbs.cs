using System.CommandLine;
using System.Globalization;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Service.Settings;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Service.Hosting;

/// <summary>keys: which there are, what they seal, new versions of them, copies of key files, and what was
/// destroyed.</summary>
static class KeyVerbs
{
    /// <param name="run">Runs an action and turns how it ended into an exit code.</param>
    public static Command Create(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run) =>
        new("keys", "The keys that seal what the exchange holds")
        {
            List(home, run), Rotate(home, run), Report(home, run), Backup(home, run), Erasures(home, run),
        };

    static Command List(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run) => On(
        new Command("list", "Every key with its versions") { home }, home, run,
        async (opened, _, ct) =>
        {
            foreach (var holder in await opened.Holders.AllAsync(party: null, ct))
            {
                foreach (var name in holder.KeyNames)
                {
                    var versions = await opened.Keys.VersionsAsync(name, ct);
                    foreach (var (version, number) in versions.Select((v, i) => (v, i + 1)))
                    {
                        var standing = Standing(version, number == versions.Count);
                        await WriteAsync($"{standing,-8} {Day(version.Made)} {version.KeyId}");
                    }
                }
            }
        });

    static Command Rotate(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var party = new Option<string?>("--party") { Description = "Only the keys of this party" };
        var command = new Command("rotate", "Give keys new versions, and wrap what they sealed anew") { home, party };
        return On(command, home, run, async (opened, parsed, ct) =>
        {
            var holders = await opened.Holders.AllAsync(parsed.GetValue(party), ct);
            if (holders.Count == 0)
                throw new SettingsException("There is nothing sealed of that party.");
            var made = 0;
            var pass = new RewrapPass();
            foreach (var holder in holders)
            {
                made += (await opened.Rotate.RotateAsync(holder, ct)).Count;
                var next = await opened.Rotate.ContinueAsync(holder, ct);
                pass = next with { Moved = pass.Moved + next.Moved, Failed = [.. pass.Failed, .. next.Failed] };
            }

            foreach (var name in pass.Failed)
                await WriteAsync($"NOT WRAPPED ANEW {name}");
            await WriteAsync(
                $"{made} new versions, {pass.Moved} objects wrapped anew, {pass.Failed.Count} could not be.");
            await Console.Out.WriteLineAsync(
                "Versions before stay readable; the service disables them when nothing names them.");
        });
    }

    static Command Report(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run) => On(
        new Command("report", "Which objects fail without which key version") { home }, home, run,
        async (opened, _, ct) =>
        {
            var failing = 0L;
            foreach (var use in await opened.Report.RunAsync(await opened.Holders.AllAsync(party: null, ct), ct))
            {
                var standing = use.KeyId.Length == 0 ? "no key" : Standing(use);
                await WriteAsync($"{standing,-8} {use.Objects.Count,8} {use.KeyId}");
                if (use.Opens)
                    continue;
                failing += use.Objects.Count;
                foreach (var name in use.Objects)
                    await WriteAsync($"  FAILS  {name}");
            }

            await WriteAsync($"{failing} objects cannot be opened now.");
        });

    static Command Backup(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var target = new Option<DirectoryInfo>("--out") { Description = "Folder to be made", Required = true };
        var command = new Command("backup", "Copy the key files to a new folder, apart from the objects")
        {
            home, target,
        };
        command.SetAction((parsed, ct) => run(async () =>
        {
            var folder = new HomeFolder(parsed.GetRequiredValue(home).FullName);
            if (ExchangeSettings.Load(folder).Vault is not null)
                throw new SettingsException("The keys are in a vault and never leave it: it is backed up there.");
            var to = HomeBackup.MakeEmpty(parsed.GetRequiredValue(target).FullName);
            var copied = await Task.Run(() => HomeBackup.CopyFolder(folder.KeyEncryptionKeys, to), ct);
            await WriteAsync($"{copied} key files copied. Whoever has them and the objects can open everything.");
        }));
        return command;
    }

    static Command Erasures(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var party = new Option<string?>("--party") { Description = "Only those of this party" };
        var command = new Command("erasures", "The certificates of destroyed keys, with their proofs") { home, party };
        return On(command, home, run, async (opened, parsed, ct) =>
        {
            var whose = parsed.GetValue(party);
            var rows = await opened.Parts.Catalogue.ReadAsync(
                db => db.Erasures.Where(e => whose == null || e.Party == whose).OrderBy(e => e.KeyName)
                    .ToListAsync(ct),
                ct);
            var proofs = new ReceiptProofs(new LogReader(opened.Parts.Catalogue));
            foreach (var row in rows)
            {
                await WriteAsync($"{row.Note ?? $"ordered and not done yet: {row.KeyName}\n"}");
                if (row.Event is { } destroyed && await proofs.FindAsync(destroyed, ct) is { } evidence)
                    await WriteAsync($"{evidence.Proof}");
            }
        });
    }

    static Command On(
        Command command, Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run,
        Func<OpenedKeys, ParseResult, CancellationToken, Task> act)
    {
        command.SetAction((parsed, ct) => run(async () =>
        {
            await using var opened = new OpenedKeys(
                new HomeFolder(parsed.GetRequiredValue(home).FullName), TimeProvider.System);
            await opened.Parts.CheckRegionAsync(ct);
            try
            {
                await act(opened, parsed, ct);
            }
            catch (KeyUnavailableException e)
            {
                throw new SettingsException(e.Message, e);
            }
        }));
        return command;
    }

    static string Standing(KeyVersion version, bool isPresent) =>
        !version.IsEnabled ? "disabled" : isPresent ? "present" : "old";

    static string Standing(KeyUse use) => use.Made is null ? "unknown" : !use.Opens ? "disabled"
        : use.IsPresent ? "present" : "old";

    static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static Task WriteAsync(FormattableString line) =>
        Console.Out.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
