using System.IO.Pipelines;
using System.Security.Cryptography;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Sealing;

namespace IsaExchange.Exchange.Submitting;

/// <summary>What one pass over the whole content found.</summary>
sealed record PassResult(byte[] Sha256, long Bytes, ValidationReport Report, Cube Cube);

/// <summary>
/// The one pass over arriving bytes. Two workers share it: the receiving one hashes and seals, the other parses,
/// validates and counts. A bounded pipe lies between them, so memory does not grow with the content.
/// </summary>
sealed class ContentPass : IDisposable
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly PayloadSealer _sealer;
    readonly Pipe _toValidator;
    readonly CubeCounter _counter;
    readonly string _dataset;
    readonly Task<ValidationReport> _validating;
    readonly CancellationTokenSource _abandoned = new();
    bool _validatorHasEnough;

    public ContentPass(FileKey key, ValidationPlan plan, string dataset, byte[] fingerprintKey, Limits limits)
    {
        _sealer = new PayloadSealer(key);
        Sealed = SealedBlock.Of(limits);
        _dataset = dataset;
        _counter = new CubeCounter(plan, fingerprintKey);
        _toValidator = new Pipe(new PipeOptions(
            pauseWriterThreshold: limits.ValidationBacklogBytes,
            resumeWriterThreshold: limits.ValidationBacklogBytes / 2,
            minimumSegmentSize: 64 << 10,
            useSynchronizationContext: false));

        // Parsing is synchronous and busy: it gets a thread of its own instead of one of the pool's.
        _validating = Task.Factory.StartNew(
            () => Validate(plan), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Bytes taken so far.</summary>
    public long Received { get; private set; }

    /// <summary>Bytes whose sealed form has been put into <see cref="Sealed"/>; a multiple of the chunk size.</summary>
    public long SealedThrough => _sealer.PlaintextSealed;

    /// <summary>Sealed output not yet taken by the caller.</summary>
    public SealedBlock Sealed { get; private set; }

    /// <summary>Bytes received but not sealed yet: less than one chunk, or exactly one.</summary>
    public ReadOnlySpan<byte> Pending => _sealer.Pending;

    /// <summary>Gives the sealed output away, and an empty buffer a place to take its successor.</summary>
    public SealedBlock TakeSealed(SealedBlock empty)
    {
        var taken = Sealed;
        Sealed = empty;
        return taken;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        _hash.AppendData(content.Span);
        _sealer.Write(content.Span, Sealed);
        Received += content.Length;
        if (_validatorHasEnough)
            return;

        // Completed early: the file is hopeless and the verdict is known. The rest is still hashed.
        var flushed = await _toValidator.Writer.WriteAsync(content, ct);
        _validatorHasEnough = flushed.IsCompleted;
    }

    /// <summary>Ends the content: the final chunk goes to <see cref="Sealed"/>, and the validator comes to its
    /// end.</summary>
    public void End()
    {
        _sealer.Finish(Sealed);
        _toValidator.Writer.Complete();
    }

    /// <summary>Awaits the verdict on content that was ended.</summary>
    public async Task<PassResult> ResultAsync(CancellationToken ct)
    {
        var report = await _validating.WaitAsync(ct);
        var cube = _counter.ToCube(_dataset, new RecordFigures(report.Locations, report.Risk));
        return new PassResult(_hash.GetHashAndReset(), Received, report, cube);
    }

    ValidationReport Validate(ValidationPlan plan)
    {
        using var content = _toValidator.Reader.AsStream();
        return new DatasetValidator(plan).Validate(content, _counter, _abandoned.Token);
    }

    public void Dispose()
    {
        // The validator may be waiting for bytes that will never come: end its stream, then let its verdict go.
        _abandoned.Cancel();
        _toValidator.Writer.Complete(new OperationCanceledException());
        _ = _validating.ContinueWith(
            static (done, state) =>
            {
                _ = done.Exception;
                var pass = (ContentPass)state!;
                pass._abandoned.Dispose();
                pass._counter.Dispose();
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        Sealed.Dispose();
        _sealer.Dispose();
        _hash.Dispose();
    }
}
