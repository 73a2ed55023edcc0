using System.Text.Json;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Checking;

/// <summary>Every release is numbered without gaps, signed, and each of its files is the one that was
/// published.</summary>
sealed class ReleaseCheck(ICatalogue catalogue, ObjectCheck objects, ProofCheck proofs, NoteVerifier log)
{
    public async Task RunAsync(FsckReport report, CancellationToken ct)
    {
        var rows = await catalogue.ReadAsync(
            db => db.Releases.OrderBy(r => r.Agreement).ThenBy(r => r.Feed).ThenBy(r => r.Number)
                .Select(r => new { r.Agreement, r.Feed, r.Number }).ToListAsync(ct),
            ct);
        foreach (var feed in rows.GroupBy(r => (r.Agreement, r.Feed)))
        {
            var expected = 1;
            foreach (var found in feed)
            {
                if (found.Number != expected)
                    report.Add(
                        $"agreements/{found.Agreement}/feeds/{found.Feed}", "its releases are not numbered in a row");
                expected = found.Number + 1;
                var row = await catalogue.ReadAsync(
                    db => db.Releases.SingleAsync(
                        r => r.Agreement == found.Agreement && r.Feed == found.Feed && r.Number == found.Number, ct),
                    ct);
                await CheckAsync(row, report, ct);
            }
        }
    }

    async Task CheckAsync(ReleaseRow row, FsckReport report, CancellationToken ct)
    {
        report.Releases++;
        var files = JsonSerializer.Deserialize<List<ReleaseFileEntry>>(row.FilesJson)!;
        CheckManifest(row, files, report);
        foreach (var file in files)
        {
            var opened = await objects.OpenAsync(new ObjectName(row.ObjectOf(file.Name)), report, ct);
            if (opened is not null && (opened.Sha256 != file.Sha256 || opened.Bytes != file.Bytes))
                report.Add($"{row.Name}/files/{file.Name}", "it is not the file that was published");
        }

        if (row.SecretsSha256.Length == 0 || await objects.OpenAsync(row.SecretsObject, report, ct) is not { } secrets)
            return;
        if (secrets.Sha256 == row.SecretsSha256)
            await proofs.RunAsync(row, report, ct);
        else
            report.Add(row.Name, "what later releases are checked with is not what was kept");
    }

    void CheckManifest(ReleaseRow row, List<ReleaseFileEntry> files, FsckReport report)
    {
        try
        {
            var text = SignedNote.Open(row.ManifestNote, [log]).Text;
            if (!text.Contains($"release {row.Name}\n", StringComparison.Ordinal)
                || !text.Contains($"manifest sha256 {files[^1].Sha256}\n", StringComparison.Ordinal))
                report.Add(row.Name, "its signature is for another manifest");
        }
        catch (NoteRefusedException)
        {
            report.Add(row.Name, "its manifest is not signed by this exchange");
        }
    }
}
