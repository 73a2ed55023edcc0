using System.Text.Json;
using IsaExchange.Exchange.Checking;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Holds everything the exchange keeps against everything it has promised: the log against its events and against the
/// rows that they left, each receipt, release and certificate against log and objects. It only reads; beside a running
/// exchange it may find things in the making.
/// </summary>
public sealed class Fsck(ICatalogue catalogue, IObjectStore store, IKeyRing keys, NoteVerifier log, string origin)
{
    /// <param name="progress">Told the number of events gone through.</param>
    public async Task<FsckReport> RunAsync(IProgress<long>? progress, CancellationToken ct)
    {
        var report = new FsckReport();
        var objects = new ObjectCheck(store, keys);
        await new LogCheck(catalogue, log, origin).RunAsync(report, progress, ct);
        await new LoggedRowsCheck(catalogue).RunAsync(report, ct);
        await new SubmissionCheck(catalogue, store, objects, log).RunAsync(report, ct);
        await new ReleaseCheck(
            catalogue, objects, new ProofCheck(catalogue, store, keys), log).RunAsync(report, ct);
        await new ErasureCheck(catalogue, keys, log).RunAsync(report, ct);
        await CountUnknownAsync(report, ct);
        return report;
    }

    async Task CountUnknownAsync(FsckReport report, CancellationToken ct)
    {
        // Named by a stranger: as one word, and without what a terminal would obey.
        await foreach (var foreign in store.ListForeignAsync(ct))
            report.Add(
                JsonEncodedText.Encode(foreign).ToString(), "it lies among the objects and has the name of none");
        await foreach (var name in store.ListAsync("datasets/", ct))
        {
            var id = name.Value.Split('/')[^1].Split('.')[0];
            if (!await catalogue.ReadAsync(db => db.Submissions.AnyAsync(s => s.Id == id, ct), ct))
                report.Unknown++;
        }
    }
}
