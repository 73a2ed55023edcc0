using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>A sealed dataset under a header for its recipient: header, then payload, is an age v1 file.</summary>
public sealed class ExportedRecords : IAsyncDisposable
{
    internal ExportedRecords(
        byte[] header, StoredObject stored, AuditReceipt receipt, Func<CancellationToken, Task> recheck) =>
        (Header, Stored, Receipt, RecheckAsync) = (header, stored, receipt, recheck);

    /// <summary>Whether the caller may still export: asked while the stream is open.</summary>
    public Func<CancellationToken, Task> RecheckAsync { get; }

    public byte[] Header { get; }

    StoredObject Stored { get; }

    public Stream Payload => Stored.Payload;

    public AuditReceipt Receipt { get; }

    public ValueTask DisposeAsync() => Stored.DisposeAsync();
}

/// <summary>
/// Hands a submitted dataset to an age recipient that the agreement permits: only the header is made anew, the payload
/// bytes are those at rest, so the recipient can compare them with what the log says.
/// </summary>
public sealed class ExportRecords(
    AgreementGate gate, SubmissionAccess access, Freezes freezes, IObjectStore store, IKeyRing keys)
{
    public async Task<ExportedRecords> RunAsync(
        Caller caller, SubmissionName name, string recipient, string purpose, CancellationToken ct)
    {
        var (row, permit) = await access.PermitAsync(
            caller, name, Verb.ExportRecords, AuditActions.ExportRecords, ct, purpose);
        if (row.State is not (SubmissionState.Submitted or SubmissionState.Superseded) || row.IsNil)
            throw ExchangeException.Precondition(
                "NOT_SUBMITTED", "Only the content of a submitted dataset can be exported.");
        var stored = await store.OpenAsync(new ObjectName(row.ContentObject), ct);
        try
        {
            using var key = await SealedHeader.OpenAsync(stored.Header, row.ContentObject, keys, ct);
            var header = HeaderFor(row, key, recipient);
            var from = ReadFrom.Contents([row.Id]);
            var export = AuditEvent.Of(AuditActions.ExportRecords, ExportName(row, recipient), caller, permit) with
            {
                Purpose = purpose,
                ObjectSha256 = row.ContentSha256 ?? "",
                Rows = row.Records,
                Bytes = row.ContentBytes,
                Subjects = [new EventSubject(row.Party, row.Dataset)],
            };
            var audited = await freezes.RecordAsync(from, [export], ct);
            return new ExportedRecords(header, stored, audited.Receipt, async token =>
            {
                await gate.RecheckAsync(caller, permit, AuditActions.ExportRecords, row.Name, token);
                await freezes.RecheckAsync(from, export, token);
            });
        }
        catch
        {
            await stored.DisposeAsync();
            throw;
        }
    }

    /// <summary>To whom, as a digest: the party can compare it with the key that it knows.</summary>
    static string ExportName(SubmissionRow row, string recipient) =>
        $"{row.Name}/exports/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(recipient)))}";

    static byte[] HeaderFor(SubmissionRow row, FileKey key, string recipient)
    {
        try
        {
            return SealedHeader.CreateForX25519(row.ContentObject, key, recipient);
        }
        catch (FormatException e)
        {
            throw new ExchangeException(
                ProblemKind.InvalidArgument, "RECIPIENT_NOT_AGE",
                "The recipient is not an age X25519 public key (age1...).", inner: e);
        }
    }
}
