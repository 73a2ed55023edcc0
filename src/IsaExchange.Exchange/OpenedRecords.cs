using System.Buffers;
using System.Security.Cryptography;
using IsaExchange.Datasets.Selecting;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>One submission whose records are read, and how far the reading has come.</summary>
public sealed class RecordsPart
{
    RecordsPart(SubmissionRow row, ValidationPlan? plan) => (Row, Plan) = (row, plan);

    public SubmissionRow Row { get; }

    /// <summary>Null for a nil return.</summary>
    internal ValidationPlan? Plan { get; }

    internal AuditEvent? Began { get; set; }

    /// <summary>Id of the event of this read.</summary>
    public string EventId { get; internal set; } = "";

    /// <summary>Records handed out.</summary>
    internal long Rows { get; set; }

    /// <summary>Bytes handed out; the header row counts for the first part.</summary>
    internal long Bytes { get; set; }

    internal static RecordsPart Of(
        SubmissionRow row, RecordsAsked asked, Partnership partnership, PartnershipBook book) =>
        new(row, row.IsNil
            ? null
            : CreateSubmission.Compile(
                partnership, book, row.Dataset, CreateSubmission.Day(row.PeriodStart),
                CreateSubmission.Day(row.PeriodEnd), [.. RecordSources.AreasOf(row, asked)]));
}

/// <summary>What will be read, and what is missing of what was asked for.</summary>
/// <param name="MissingAreas">Areas not submitted for the whole period: missing is never zero.</param>
/// <param name="Revision">Of the agreement in force.</param>
public sealed record RecordsSelected(
    RecordsAsked Asked, IReadOnlyList<string> Columns, IReadOnlyList<RecordsPart> Parts,
    IReadOnlyList<string> MissingAreas, string Revision);

/// <summary>What was sent, whole: a receiver compares it with what came.</summary>
public sealed record RecordsSent(long Rows, long Bytes, byte[] Sha256);

/// <summary>
/// Records on their way out. Exists only when the events of this read are durable. However the sending ends, a second
/// event of each submission says how many records left.
/// </summary>
public sealed class OpenedRecords
{
    const int EnoughBytes = 64 << 10;

    readonly AuditTrail _trail;
    readonly IObjectStore _store;
    readonly IKeyRing _keys;
    readonly Func<CancellationToken, Task> _recheck;
    readonly ArrayBufferWriter<byte> _buffer = new(EnoughBytes + (16 << 10));
    string _reason = "CUT_SHORT";

    internal OpenedRecords(
        RecordsSelected selected, AuditTrail trail, IObjectStore store, IKeyRing keys,
        Func<CancellationToken, Task> recheck) =>
        (Selected, _trail, _store, _keys, _recheck) = (selected, trail, store, keys, recheck);

    public RecordsSelected Selected { get; }

    /// <summary>Whether the reader may still read: asked while the stream is open.</summary>
    public async Task RecheckAsync(CancellationToken ct)
    {
        try
        {
            await _recheck(ct);
        }
        catch (Exception e) when (e is ExchangeException or RefusedException)
        {
            // The stream is then cancelled from outside; its last event still says why.
            _reason = e is ExchangeException problem ? problem.Reason : ((RefusedException)e).Refusal.Reason;
            throw;
        }
    }

    /// <summary>
    /// After <paramref name="begin"/> sends everything as CSV through <paramref name="send"/>, whose memory is valid
    /// during its call only. What a submission holds is checked against its receipt's digest at its end.
    /// </summary>
    /// <exception cref="ExchangeException">DATA_LOSS: what is stored is not what was submitted. What was sent of it
    /// must not be used.</exception>
    public async Task<RecordsSent> SendAsync(
        Func<Task> begin, Func<ReadOnlyMemory<byte>, Task> send, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await begin();
            RecordSelection.WriteHeader(Selected.Columns, _buffer);
            foreach (var part in Selected.Parts)
                await SendAsync(part, hash, send, ct);
            await FlushAsync(Selected.Parts[^1], 0, hash, send);
            _reason = "";
        }
        catch (ExchangeException e)
        {
            _reason = e.Reason;
            throw;
        }
        catch (SealBrokenException)
        {
            _reason = "STORED_OBJECT_CORRUPT";
            throw;
        }
        finally
        {
            await RecordDoneAsync(_reason);
        }

        return new RecordsSent(
            Selected.Parts.Sum(p => p.Rows), Selected.Parts.Sum(p => p.Bytes), hash.GetHashAndReset());
    }

    async Task SendAsync(
        RecordsPart part, IncrementalHash hash, Func<ReadOnlyMemory<byte>, Task> send, CancellationToken ct)
    {
        if (part.Plan is not { } plan)
            return;
        var (start, end) = (Selected.Asked.Period.Start, Selected.Asked.Period.EndExclusive);
        await using var content = await SealedObjects.OpenAsync(
            _store, new ObjectName(part.Row.ContentObject), _keys, ct);
        using var sha256 = SHA256.Create();
        await using var hashed = new CryptoStream(content, sha256, CryptoStreamMode.Read, leaveOpen: true);
        using var selection = new RecordSelection(plan, start, end, Selected.Columns, hashed);
        try
        {
            while (selection.Write(_buffer, EnoughBytes))
            {
                ct.ThrowIfCancellationRequested();
                await FlushAsync(part, selection.Written, hash, send);
            }

            await hashed.CopyToAsync(Stream.Null, ct);
        }
        catch (InvalidDataException e)
        {
            throw NotAsSubmitted(part, e);
        }

        // Whole and unchanged, or nothing of it counts: the end is not sent before this holds.
        if (selection.Read != part.Row.Records || Convert.ToHexStringLower(sha256.Hash!) != part.Row.ContentSha256)
            throw NotAsSubmitted(part, null);
        await FlushAsync(part, selection.Written, hash, send);
    }

    async Task FlushAsync(RecordsPart part, long rows, IncrementalHash hash, Func<ReadOnlyMemory<byte>, Task> send)
    {
        if (_buffer.WrittenCount == 0)
            return;

        // Counted before it goes: of what breaks on the way nobody knows whether it arrived.
        (part.Rows, part.Bytes) = (Math.Max(part.Rows, rows), part.Bytes + _buffer.WrittenCount);
        hash.AppendData(_buffer.WrittenSpan);
        await send(_buffer.WrittenMemory);
        _buffer.ResetWrittenCount();
    }

    static ExchangeException NotAsSubmitted(RecordsPart part, Exception? inner) => new(
        ProblemKind.DataLoss, "STORED_OBJECT_CORRUPT",
        "A stored object is not what was submitted. Use nothing of what came. The operator has been told.",
        inner: inner)
    {
        ObjectName = part.Row.ContentObject,
    };

    /// <summary>Not cancellable: a reader that hangs up has still taken what it took.</summary>
    async Task RecordDoneAsync(string reason)
    {
        await _trail.CommitAsync(
            async scope =>
            {
                foreach (var part in Selected.Parts)
                {
                    await scope.RecordAsync(part.Began! with
                    {
                        Action = AuditActions.ReadRecordsDone,
                        Reason = reason,
                        Rows = part.Rows,
                        Bytes = part.Bytes,
                    });
                }

                return true;
            },
            CancellationToken.None);
    }
}
