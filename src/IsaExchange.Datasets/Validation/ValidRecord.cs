namespace IsaExchange.Datasets.Validation;

/// <summary>Takes the records that have no error, in the order of the file.</summary>
public interface IRecordSink
{
    /// <summary>Called from the one thread that validates. The spans are valid during the call only.</summary>
    void Accept(in ValidRecord record);
}

/// <summary>A record without an error (it may have queries).</summary>
public readonly ref struct ValidRecord
{
    readonly CanonicalRecord _canonical;

    internal ValidRecord(
        int areaIndex, ReadOnlySpan<int> dimensions, CanonicalRecord canonical, long recordNumber, int count)
    {
        Count = count;
        AreaIndex = areaIndex;
        Dimensions = dimensions;
        _canonical = canonical;
        RecordNumber = recordNumber;
    }

    /// <summary>
    /// Position in <see cref="ValidationPlan.Areas"/>; -1 = outside all of them, or without a location.
    /// </summary>
    public int AreaIndex { get; }

    /// <summary>For each of <see cref="ValidationPlan.Dimensions"/> the position in its codes.</summary>
    public ReadOnlySpan<int> Dimensions { get; }

    /// <summary>
    /// The record without its sequence number: each field of the specification in order, as its length (uint32, little
    /// endian) and its UTF-8 bytes. Equal records have equal bytes. Put together each time it is asked for.
    /// </summary>
    public ReadOnlySpan<byte> Canonical => _canonical.Write();

    /// <summary>What it adds to its cell: 1, or the number it states where records are counts.</summary>
    public int Count { get; }

    /// <summary>From 1; the header is 0.</summary>
    public long RecordNumber { get; }
}
