using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;

namespace IsaExchange.Exchange;

/// <summary>An upload in one writer's hands. Dispose it in any case: what arrived is then durable and can be
/// resumed.</summary>
public sealed class ContentWriter : IAsyncDisposable
{
    readonly ReceiveContent _journey;
    readonly UploadLease _lease;
    readonly SubmissionRow _row;
    readonly Caller _caller;
    readonly Permit _permit;
    readonly long _sizeMax;

    internal ContentWriter(
        ReceiveContent journey, UploadLease lease, SubmissionRow row, Caller caller, Permit permit, Limits limits)
    {
        (_journey, _lease, _row, _caller, _permit) = (journey, lease, row, caller, permit);
        _sizeMax = row.ExpectedBytes > 0 ? row.ExpectedBytes : limits.DatasetBytesMax;
    }

    public SubmissionRow Submission => _row;

    /// <summary>Bytes that survive a crash.</summary>
    public long Persisted => _lease.Session.Persisted;

    /// <summary>Whether the caller may still write: asked while the stream is open.</summary>
    public Task RecheckAsync(CancellationToken ct) => _journey.RecheckAsync(_row, _caller, _permit, ct);

    public Task WriteAsync(ContentMessage message, CancellationToken ct) =>
        _lease.Session.WriteAsync(message.Offset, message.Content, message.Crc32C, _sizeMax, ct);

    /// <summary>Makes whole chunks durable before an answer promises them.</summary>
    public Task PersistAsync(CancellationToken ct) => _lease.PersistAsync(ct);

    /// <summary>Ends the content. <paramref name="sha256"/> is of the whole content, as the sender computed
    /// it.</summary>
    /// <exception cref="ExchangeException">DATA_LOSS when size or digest differ: the upload starts again from
    /// zero.</exception>
    public async Task<WriteProgress> FinishAsync(ReadOnlyMemory<byte> sha256, CancellationToken ct)
    {
        if (sha256.Length != 32)
            throw ExchangeException.Invalid(
                "SHA256_REQUIRED", "The last message carries the SHA-256 of the whole content.");
        var session = _lease.Session;
        var result = await session.FinishAsync(ct);
        var declared = _row.ExpectedSha256 is { } hex ? Convert.FromHexString(hex) : result.Sha256;
        if (!sha256.Span.SequenceEqual(result.Sha256) || !declared.AsSpan().SequenceEqual(result.Sha256)
            || (_row.ExpectedBytes > 0 && _row.ExpectedBytes != result.Bytes))
        {
            await _journey.DiscardAsync(_row, session, ct);
            throw new ExchangeException(
                ProblemKind.DataLoss, "CHECKSUM_MISMATCH",
                "What arrived is not what was declared (size or SHA-256). Send the content again from offset 0.");
        }

        // A caller that gives up now must not stop the verdict half way: it is asked for again by name.
        var row = await _journey.CompleteAsync(_row, session, result, _caller, _permit, CancellationToken.None);
        return new WriteProgress(row.ContentBytes, true, row);
    }

    public ValueTask DisposeAsync() => _lease.DisposeAsync();
}
