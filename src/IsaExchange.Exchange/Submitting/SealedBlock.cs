using System.Buffers;

namespace IsaExchange.Exchange.Submitting;

/// <summary>
/// Sealed bytes on their way to the store, in one pooled buffer that a block fits in: uploads come one after the other,
/// and a block of each would be garbage of the costly kind. Holds nothing that is not sealed. For one thread at a time.
/// </summary>
sealed class SealedBlock(int capacity) : IBufferWriter<byte>, IDisposable
{
    byte[] _bytes = [];

    public int WrittenCount { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, WrittenCount);

    /// <summary>One that takes a block, and what comes with the message that completes it.</summary>
    public static SealedBlock Of(Limits limits) => new(limits.DurableBlockBytes + (2 * limits.MessageBytesMax));

    public void ResetWrittenCount() => WrittenCount = 0;

    public void Advance(int count) => WrittenCount = checked(WrittenCount + count);

    public Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint).AsMemory(WrittenCount);

    public Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).AsSpan(WrittenCount);

    byte[] Room(int wanted)
    {
        var size = WrittenCount + Math.Max(1, wanted);
        if (size <= _bytes.Length)
            return _bytes;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, capacity));
        WrittenMemory.CopyTo(larger);
        Return();
        return _bytes = larger;
    }

    /// <summary>Nobody may be reading the bytes any more.</summary>
    public void Dispose()
    {
        Return();
        (_bytes, WrittenCount) = ([], 0);
    }

    void Return()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
    }
}
