using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Exchange.Submitting;

/// <summary>
/// One upload in memory: the pass over its bytes and the staged object they are sealed into. One writer at a time.
/// When it is lost (crash, fault, eviction) the durable chunks are read back and replayed through a new session under a
/// new file key; a chunk index is never sealed twice with one key.
/// </summary>
sealed class UploadSession(
    ContentPass pass, IStagedObject staged, FileKey key, int attempt, Limits limits) : IAsyncDisposable
{
    SealedBlock _leaving = SealedBlock.Of(limits);
    long _leavingThrough;
    Task? _appending;

    /// <summary>Number of this attempt; names its staging.</summary>
    public int Attempt { get; } = attempt;

    public long Received => pass.Received;

    /// <summary>
    /// Bytes that survive a crash now: in this attempt's staging, or (until it has taken its place) in the one it
    /// replays. Never the larger of the two: recovery replays the one that the row names.
    /// </summary>
    public long Persisted => Replays is null ? DurableHere : PromisedBytes;

    /// <summary>Bytes that an earlier attempt, still in the store, holds durably; 0 once this one is ahead.</summary>
    public long PromisedBytes { get; private set; }

    /// <summary>Number of that earlier attempt, while it is still needed.</summary>
    public int? Replays { get; private set; }

    /// <summary>Bytes of sealed payload in this attempt's staging.</summary>
    public long SealedBytes => staged.Length;

    /// <summary>Plaintext bytes durable in this attempt's own staging.</summary>
    public long DurableHere { get; private set; }

    /// <summary>True from the first fault on: this session must not be used again.</summary>
    public bool Broken { get; private set; }

    /// <summary>
    /// Takes bytes at <paramref name="offset"/>. Bytes already received are compared, not skipped.
    /// </summary>
    /// <exception cref="ExchangeException">OUT_OF_RANGE, DATA_LOSS, RESOURCE_EXHAUSTED.</exception>
    public async Task WriteAsync(
        long offset, ReadOnlyMemory<byte> content, uint crc32C, long sizeMax, CancellationToken ct)
    {
        if (content.Length > limits.MessageBytesMax)
            throw new ExchangeException(
                ProblemKind.ResourceExhausted, "MESSAGE_TOO_LARGE",
                $"A message holds at most {limits.MessageBytesMax} bytes of content.");
        if (Crc32C.Compute(content.Span) != crc32C)
            throw new ExchangeException(
                ProblemKind.DataLoss, "CHECKSUM_MISMATCH",
                "The bytes of this message changed on the way. Send it again.");
        var fresh = CompareRepeated(offset, content);
        if (offset + content.Length > sizeMax)
            throw new ExchangeException(
                ProblemKind.ResourceExhausted, "UPLOAD_TOO_LARGE",
                $"The content is larger than the {sizeMax} bytes declared or allowed.");
        Telemetry.Received(fresh.Length);
        await TakeAsync(fresh, ct);
    }

    /// <summary>Takes bytes that follow what was received; also the way replayed bytes go. A block is made durable while
    /// the next one fills.</summary>
    public async Task TakeAsync(ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        try
        {
            await pass.WriteAsync(content, ct);
            if (pass.Sealed.WrittenCount < limits.DurableBlockBytes)
                return;
            await AppendedAsync();
            BeginAppend();
        }
        catch (Exception e)
        {
            Broken = true;
            if (e is StagingTakenOverException)
                throw TakenOver(e);
            throw;
        }
    }

    /// <summary>Makes every whole chunk durable. Afterwards <see cref="Persisted"/> says how far the writer may rely
    /// on us.</summary>
    public async Task PersistAsync(CancellationToken ct)
    {
        if (Broken)
            return;
        try
        {
            await AppendedAsync();
            if (pass.Sealed.WrittenCount > 0)
            {
                BeginAppend();
                await AppendedAsync();
            }
        }
        catch (Exception e)
        {
            Broken = true;
            if (e is StagingTakenOverException)
                throw TakenOver(e);
            throw;
        }

        ct.ThrowIfCancellationRequested();
    }

    void BeginAppend()
    {
        _leaving = pass.TakeSealed(_leaving);
        _leavingThrough = pass.SealedThrough;

        // Not cancellable: a half-written block would break the session for nothing.
        _appending = staged.AppendAsync(_leaving.WrittenMemory, CancellationToken.None);
    }

    /// <summary>Waits for the block on its way. From here it survives a crash; only now may the number that promises it
    /// move.</summary>
    async Task AppendedAsync()
    {
        if (_appending is not { } appending)
            return;
        await appending;
        _appending = null;
        _leaving.ResetWrittenCount();
        DurableHere = _leavingThrough;
    }

    /// <summary>Waits until nothing is on its way to the staging any more, whatever came of it.</summary>
    public Task QuietAsync() => _appending is { } appending
        ? appending.ContinueWith(
            static done => done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default)
        : Task.CompletedTask;

    static ExchangeException TakenOver(Exception inner) => new(
        ProblemKind.Aborted, "CONCURRENT_WRITE",
        "Another writer has taken this upload over. Let it finish, then ask for the write status.", inner: inner);

    /// <summary>Ends the content and makes all of it durable.</summary>
    public async Task<PassResult> FinishAsync(CancellationToken ct)
    {
        try
        {
            // The final chunk is durable too, but a replay cannot give it back: it stays out of what is promised.
            var replayable = pass.SealedThrough;
            pass.End();
            await PersistAsync(ct);
            var result = await pass.ResultAsync(ct);
            DurableHere = replayable;

            // Ended: whatever happens to the verdict, nothing more can be written through this session.
            Broken = true;
            return result;
        }
        catch
        {
            Broken = true;
            throw;
        }
    }

    ReadOnlyMemory<byte> CompareRepeated(long offset, ReadOnlyMemory<byte> content)
    {
        var oldest = Received - pass.Pending.Length;
        if (offset > Received || offset < oldest)
            throw WrongOffset(Persisted);
        var repeated = (int)Math.Min(Received - offset, content.Length);
        if (!pass.Pending.Slice((int)(offset - oldest), repeated).SequenceEqual(content.Span[..repeated]))
            throw new ExchangeException(
                ProblemKind.DataLoss,
                "CONTENT_CHANGED",
                "The bytes sent again differ from those received before. Start a new submission with the right file.");
        return content[repeated..];
    }

    public static ExchangeException WrongOffset(long persisted) => new(
        ProblemKind.OutOfRange,
        "WRONG_OFFSET",
        $"Content goes on at offset {persisted}.",
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["persisted_size"] = persisted.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });

    /// <summary>Notes that <paramref name="bytes"/> stay durable in the attempt this one replayed.</summary>
    public void Promised(long bytes, int replays) => (PromisedBytes, Replays) = (bytes, replays);

    /// <summary>This session must not be used again.</summary>
    public void Break() => Broken = true;

    /// <summary>This attempt is ahead of the one it replayed.</summary>
    public void Overtaken() => (PromisedBytes, Replays) = (0, null);

    public async ValueTask DisposeAsync()
    {
        pass.Dispose();
        key.Dispose();
        await QuietAsync();

        // An append that failed may leave its bytes on their way: then their buffer goes to nobody else.
        if (_appending is null or { IsCompletedSuccessfully: true })
            _leaving.Dispose();
        await staged.DisposeAsync();
    }
}
