using System.Text;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Releasing;

/// <summary>A submission that went into a release, and whose it is.</summary>
public sealed record ReleaseInput(string Submission, string Party, string Dataset);

/// <summary>The steps from a draft to a release, whether it is published at once or after approval.</summary>
static class ReleaseCommit
{
    /// <summary>What the exchange signs when it publishes: which bytes, from when on they can be read, and the events
    /// of those who proposed and approved them.</summary>
    public static string NoteText(ReleaseRow row, string manifestSha256, string? proposed, IEnumerable<string> approved)
    {
        var text = new StringBuilder(
            $"isaexchange.example/release/v1\nrelease {row.Name}\nmanifest sha256 {manifestSha256}\n");
        if (row.ReadableTicks > row.PublishTicks)
            text.Append("readable from ").Append(Embargo.Time(row.ReadableTicks)).Append('\n');
        if (proposed is not null)
            text.Append("proposed ").Append(proposed).Append('\n');
        foreach (var approval in approved)
            text.Append("approved ").Append(approval).Append('\n');
        return text.ToString();
    }

    public static async Task WriteFilesAsync(
        ReleaseDraft draft, IObjectStore store, IKeyRing keys, CancellationToken ct)
    {
        using var step = Telemetry.Step("release.files");

        // First: by its secrets what a crash leaves of a build is found.
        var kek = await keys.CurrentAsync(KeyNames.ReleaseSecrets, ct);
        await SealedObjects.PutAsync(store, draft.Row.SecretsObject, kek, draft.Secrets, ct);
        kek = await keys.CurrentAsync(KeyNames.Releases, ct);
        foreach (var file in draft.Files)
            await SealedObjects.PutAsync(store, new ObjectName(draft.Row.ObjectOf(file.Name)), kek, file.Content, ct);
    }

    /// <summary>Of a draft that is known not to be published: its secrets are not kept longer than they are of use.
    /// </summary>
    public static async Task DiscardAsync(ReleaseDraft draft, IObjectStore store, CancellationToken ct)
    {
        foreach (var file in draft.Files)
            await store.DeleteAsync(new ObjectName(draft.Row.ObjectOf(file.Name)), ct);
        await store.DeleteAsync(draft.Row.SecretsObject, ct);
    }

    const string CoverageFile = "coverage.csv";

    /// <summary>Cells of the tables, each once however many files hold it.</summary>
    public static long CellsOf(ReleaseDraft draft) =>
        draft.Files.Where(f => IsTable(f.Name, f.MediaType)).Sum(f => f.Rows);

    public static long CellsOf(IEnumerable<ReleaseFileEntry> files) =>
        files.Where(f => IsTable(f.Name, f.MediaType)).Sum(f => f.Rows);

    static bool IsTable(string name, string mediaType) =>
        mediaType == Files.CsvFile.MediaType && name != CoverageFile;

    public static IReadOnlyList<ReleaseInput> InputsOf(ReleaseDraft draft) =>
        [.. draft.Coverage.Inputs.Select(i => new ReleaseInput(i.Id, i.Party, i.Dataset))];

    public static IReadOnlyList<StatementRow> StatementsOf(ReleaseDraft draft) =>
        [.. draft.Statements.Select(s => Row(draft.Row, s))];

    static StatementRow Row(ReleaseRow row, Statement s) => new()
    {
        Agreement = row.Agreement, Feed = row.Feed, Number = row.Number, Table = s.Table, CellKey = s.CellKey,
        Status = ReleaseFiles.Word(s.Status), Value = s.Value, Lo = s.Lo, Hi = s.Hi,
    };

    /// <summary>A submission withdrawn, frozen or superseded meanwhile would make the release a lie.</summary>
    public static async Task<bool> StandAsync(
        CatalogueContext db, IReadOnlyList<ReleaseInput> inputs, CancellationToken ct)
    {
        var ids = inputs.Select(i => i.Submission).ToList();
        var standing = await db.Submissions.CountAsync(
            s => ids.Contains(s.Id) && s.State == SubmissionState.Submitted && s.FreezeTicks == null, ct);
        return standing == ids.Count;
    }

    public static ExchangeException InputsChanged(string remedy) => new(
        ProblemKind.Aborted, "INPUTS_CHANGED", $"A submission changed while the release was built. {remedy}");

    /// <summary>The release, what it was made of, and all that it says, in the ledger.</summary>
    public static void Add(
        CatalogueContext db, ReleaseRow row, IReadOnlyList<ReleaseInput> inputs, IReadOnlyList<StatementRow> statements)
    {
        db.Releases.Add(row);
        db.ReleaseInputs.AddRange(inputs.Select(i => new ReleaseInputRow
        {
            Agreement = row.Agreement, Feed = row.Feed, Number = row.Number, Submission = i.Submission,
            Party = i.Party, Dataset = i.Dataset,
        }));
        db.Statements.AddRange(statements);
    }
}
