using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Exchange.Submitting;

/// <summary>Counts records into cells while they are validated, or adds up the counts that they state. Memory grows
/// with the cells, not with the records.</summary>
sealed class CubeCounter : IRecordSink, IDisposable
{
    readonly ValidationPlan _plan;
    readonly IncrementalHash _fingerprint;
    readonly CellKeys _keys;

    // Where a record says no more than its cell does, all records of a cell are equal: the count and the fingerprint of
    // the first are enough.
    readonly CellGrid? _equal;
    readonly List<FirstRecord> _firsts = [];

    readonly Dictionary<ulong, Counted> _cells = [];
    long _records;

    public CubeCounter(ValidationPlan plan, byte[] fingerprintKey)
    {
        (_plan, _fingerprint) = (plan, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, fingerprintKey));
        _keys = new CellKeys(plan);
        _equal = plan.CellSaysAll ? CellGrid.Over(plan.Dimensions) : null;
    }

    public void Accept(in ValidRecord record)
    {
        _records++;
        if (_equal is not null)
        {
            var place = _equal.PlaceOf(record.Dimensions);
            ref var count = ref _equal[place];
            if (count++ == 0)
                _firsts.Add(new FirstRecord(_keys.Of(record), place, Fingerprint(record.Canonical)));
            return;
        }

        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(_cells, _keys.Of(record), out _);
        cell.Count += record.Count;
        cell.Fingerprint += Fingerprint(record.Canonical);
    }

    UInt128 Fingerprint(ReadOnlySpan<byte> canonical)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _fingerprint.AppendData(canonical);
        _fingerprint.GetHashAndReset(mac);
        return BinaryPrimitives.ReadUInt128LittleEndian(mac);
    }

    public void Dispose() => _fingerprint.Dispose();

    public Cube ToCube(string dataset, RecordFigures? figures = null)
    {
        CountedCell[] counted = _equal is null
            ? [.. _cells.Select(c => new CountedCell(c.Key, c.Value.Count, c.Value.Fingerprint))]
            : [.. _firsts.Select(f => CountedCell.OfEqual(f.Key, _equal[f.Place], f.Fingerprint))];
        Array.Sort(_keys.Places([.. counted.Select(c => c.Key)]), counted);
        return new Cube(
            dataset, [.. _plan.Dimensions.Select(d => d.Name)], _records,
            [.. counted.Select(c => _keys.CellOf(c.Key, c.Count, c.Fingerprint))])
        {
            Figures = figures ?? new RecordFigures(null, null),
        };
    }

    readonly record struct FirstRecord(ulong Key, GridPlace Place, UInt128 Fingerprint);

    readonly record struct CountedCell(ulong Key, long Count, UInt128 Fingerprint)
    {
        public static CountedCell OfEqual(ulong key, long count, UInt128 fingerprint) =>
            new(key, count, unchecked(fingerprint * (UInt128)count));
    }

    struct Counted
    {
        public long Count;
        public UInt128 Fingerprint;
    }
}
