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

    public Cube ToCube(string dataset)
    {
        foreach (var first in _firsts)
        {
            var count = _equal![first.Place];
            _cells[first.Key] = new Counted { Count = count, Fingerprint = first.Fingerprint * (UInt128)count };
        }

        ulong[] keys = [.. _cells.Keys];
        Array.Sort(_keys.Places(keys), keys);
        var cells = new List<CubeCell>(keys.Length);
        foreach (var key in keys)
        {
            var counted = _cells[key];
            cells.Add(_keys.CellOf(key, counted.Count, counted.Fingerprint));
        }

        return new Cube(dataset, [.. _plan.Dimensions.Select(d => d.Name)], _records, cells);
    }

    readonly record struct FirstRecord(ulong Key, GridPlace Place, UInt128 Fingerprint);

    struct Counted
    {
        public long Count;
        public UInt128 Fingerprint;
    }
}
