using System.Buffers.Binary;
using System.IO.Compression;

namespace IsaExchange.Datasets.Reading;

/// <summary>A packed file that cannot be read to its end, or may not be.</summary>
/// <param name="fault">Why.</param>
/// <param name="inner">What the library met, if it was the library.</param>
public sealed class PackedContentException(CsvFault fault, Exception? inner = null)
    : IOException($"The packed content cannot be read: {fault}.", inner)
{
    public CsvFault Fault { get; } = fault;
}

/// <summary>How much a packed file may grow while it is unpacked: what arrives is bounded, what comes out of it is
/// not.</summary>
public static class PackedLimits
{
    /// <summary>Bytes of content; as many as an unpacked dataset may have unless the operator says otherwise.</summary>
    public const long ContentBytesMax = 2L << 30;

    /// <summary>Bytes of content for each byte that came. Tables of codes are packed about 1 to 20; deflate can do 1
    /// to 1032.</summary>
    public const int RatioMax = 250;

    /// <summary>Below this the ratio is not looked at: a small file may be all zeros.</summary>
    public const long RatioFrom = 16L << 20;
}

/// <summary>
/// The content of a gzip file (RFC 1952), unpacked as it is read, with a budget on what comes out. What follows its
/// last member is a fault and not passed over, as the library would: it may be records that somebody meant to send.
/// </summary>
sealed class GzipContent : ForwardStream
{
    /// <summary>Header, an empty block, and the trailer.</summary>
    const int SmallestFile = 20;

    readonly ArrivedBytes _packed;
    readonly GZipStream _unpacked;
    readonly long _lengthMax;
    long _length;

    /// <param name="packed">Read forward only; stays open.</param>
    /// <param name="lengthMax">Bytes of content; more is refused.</param>
    public GzipContent(Stream packed, long lengthMax = PackedLimits.ContentBytesMax)
    {
        _lengthMax = lengthMax;
        _packed = new ArrivedBytes(packed);
        _unpacked = new GZipStream(_packed, CompressionMode.Decompress, leaveOpen: true);
    }

    public static bool Is(ReadOnlySpan<byte> start) => start.StartsWith<byte>([0x1F, 0x8B]);

    /// <exception cref="PackedContentException">It is damaged, or more than the budget.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = _unpacked.Read(buffer);
        }
        catch (InvalidDataException damaged)
        {
            throw new PackedContentException(CsvFault.PackedDamaged, damaged);
        }

        _length += count;
        if (_length > _lengthMax
            || (_length > PackedLimits.RatioFrom && _length / PackedLimits.RatioMax > _packed.Count))
            throw new PackedContentException(CsvFault.PackedTooLarge);
        if (count == 0 && !buffer.IsEmpty)
            CheckEnd();
        return count;
    }

    /// <summary>
    /// The last four bytes of the file are the length of its last member, modulo 2^32. The library does not tell where
    /// members end: of several only the last must fit into what came out, and there must be the start of another. A cut
    /// can look so by chance; the library notices it where its strict validation is on, as in all our programs.
    /// </summary>
    void CheckEnd()
    {
        _packed.Drain();
        var last = _packed.LastLittleEndian();
        var isWhole = last == unchecked((uint)_length) || (_packed.Starts > 1 && last < _length);
        if (_packed.Count < SmallestFile || !isWhole)
            throw new PackedContentException(CsvFault.PackedDamaged);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Counts what arrives and remembers its end.</summary>
    sealed class ArrivedBytes(Stream packed) : ForwardStream
    {
        readonly byte[] _last = new byte[sizeof(uint)];

        public long Count { get; private set; }

        /// <summary>Places that look like the start of a member.</summary>
        public int Starts { get; private set; }

        public uint LastLittleEndian() => BinaryPrimitives.ReadUInt32LittleEndian(_last);

        public override int Read(Span<byte> buffer)
        {
            var count = packed.Read(buffer);
            Count += count;
            CountStarts(buffer[..count]);
            var end = buffer[Math.Max(0, count - _last.Length)..count];
            _last.AsSpan(end.Length).CopyTo(_last);
            end.CopyTo(_last.AsSpan(_last.Length - end.Length));
            return count;
        }

        void CountStarts(ReadOnlySpan<byte> arrived)
        {
            ReadOnlySpan<byte> start = [0x1F, 0x8B, 8];
            Starts += arrived.Count(start);

            // And one that lies across this read and the one before.
            Span<byte> across = stackalloc byte[4];
            var begun = arrived[..Math.Min(2, arrived.Length)];
            _last.AsSpan(2).CopyTo(across);
            begun.CopyTo(across[2..]);
            Starts += across[..(2 + begun.Length)].Count(start);
        }

        public void Drain()
        {
            Span<byte> rest = stackalloc byte[512];
            while (Read(rest) > 0)
            {
                // Only its end is wanted.
            }
        }
    }
}
