using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// A liaison officer who exports the log again and again and remembers its head: every export must verify, extend the
/// one before, and hold the event of every receipt that was ever acknowledged.
/// </summary>
sealed class LogWatch(TestExchange exchange)
{
    // A receipt's event is integrated within a second; on a machine that is busy with other tests it takes longer.
    static readonly TimeSpan IntegrationMax = TimeSpan.FromSeconds(20);

    readonly NoteVerifier _key = NoteVerifier.Parse(
        File.ReadAllText(Path.Combine(exchange.Credential(Northmere.PoliceOfficer), "log.vkey")).Trim());

    Checkpoint? _remembered;

    /// <summary>Entries that were verified, the last time.</summary>
    public long Size => _remembered?.Size ?? 0;

    /// <summary>Submissions of the last export by name, with how often the log says that each was submitted.</summary>
    public IReadOnlyDictionary<string, int> Submitted { get; private set; } = new Dictionary<string, int>();

    public async Task CheckAsync(IReadOnlyCollection<Receipt> receipts, CancellationToken ct)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            var (checkpoint, entries) = await ExportAsync(ct);
            if (checkpoint.Length > 0)
            {
                Verify(checkpoint, entries);
                var missing = receipts.Where(r => !entries.Exists(e => IdOf(e) == r.EventId)).ToList();
                if (missing.Count == 0)
                    break;
                Assert.True(started.Elapsed < IntegrationMax, $"Not in the log: the event of {missing[0].Name}.");
            }

            await Task.Delay(100, ct);
        }
    }

    async Task<(string Checkpoint, List<AuditBundleEntry> Entries)> ExportAsync(CancellationToken ct)
    {
        var audit = new AuditService.AuditServiceClient(exchange.As(Northmere.PoliceOfficer));
        using var call = audit.ExportLog(new ExportLogRequest { Parent = Northmere.Police }, Uploads.Options(ct));
        var (checkpoint, entries) = ("", new List<AuditBundleEntry>());
        await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
        {
            if (part.PartCase == ExportLogResponse.PartOneofCase.Checkpoint)
                checkpoint = part.Checkpoint;
            else
                entries.Add(Entry(part.Entry));
        }

        return (checkpoint, entries);
    }

    void Verify(string checkpoint, List<AuditBundleEntry> entries)
    {
        var verdict = AuditBundle.Verify(checkpoint, entries, _key, _remembered);
        Assert.True(verdict.Ok, string.Join('\n', verdict.Problems));
        _remembered = verdict.Checkpoint;
        var submitted = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var said in entries.Where(e => !e.IsMasked).Select(e => JsonDocument.Parse(e.EventJson!).RootElement))
        {
            string Of(string field) => said.GetProperty(field).GetString()!;
            if (Of("action") != "submit.submit" || Of("decision") != "allow" || Of("reason") == "REPEATED")
                continue;
            var name = Of("object");
            submitted[name] = submitted.GetValueOrDefault(name) + 1;
        }

        Submitted = submitted;
    }

    static AuditBundleEntry Entry(LogEntry entry) => new(
        entry.Index,
        entry.Leaf.ToByteArray(),
        entry.EventJson.Length > 0 ? entry.EventJson : null,
        entry.Salt.Length > 0 ? entry.Salt.ToByteArray() : null);

    static string IdOf(AuditBundleEntry entry) => AuditLeaf.TryRead(entry.Leaf, out var id, out _) ? id : "";
}
