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
    readonly ulong[] _radix;
    readonly Dictionary<ulong, Counted> _cells = [];
    long _records;

    public CubeCounter(ValidationPlan plan, byte[] fingerprintKey)
    {
        (_plan, _fingerprint) = (plan, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, fingerprintKey));

        // Position 0 of each digit stands for "none": outside every area, or no code given.
        _radix = [.. plan.Dimensions.Select(d => (ulong)d.Codes.Count + 1)];
        var cells = (ulong)plan.Areas.Count + 1;
        foreach (var radix in _radix)
            cells = checked(cells * radix);
    }

    public void Accept(in ValidRecord record)
    {
        var key = (ulong)(record.AreaIndex + 1);
        for (var d = 0; d < _radix.Length; d++)
            key = (key * _radix[d]) + (ulong)(record.Dimensions[d] + 1);
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(_cells, key, out _);
        cell.Count += record.Count;
        cell.Fingerprint += FingerprintIn(ref cell, record.Canonical);
        _records++;
    }

    /// <summary>Of a record that equals the one before it in its cell it is known: most do where the cells are all
    /// that a record says.</summary>
    UInt128 FingerprintIn(ref Counted cell, ReadOnlySpan<byte> canonical)
    {
        if (cell.Latest is { } latest && canonical.SequenceEqual(latest))
            return cell.OfLatest;
        if (cell.Latest?.Length == canonical.Length)
            canonical.CopyTo(cell.Latest);
        else
            cell.Latest = canonical.ToArray();
        return cell.OfLatest = Fingerprint(canonical);
    }

    UInt128 Fingerprint(ReadOnlySpan<byte> canonical)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _fingerprint.AppendData(canonical);
        _fingerprint.GetHashAndReset(mac);
        return BinaryPrimitives.ReadUInt128LittleEndian(mac);
    }

    public void Dispose() => _fingerprint.Dispose();

    public Cube ToCube(string dataset, LocationQuality? locations = null)
    {
        ulong[] keys = [.. _cells.Keys];
        Array.Sort(Places(keys), keys);
        var cells = new List<CubeCell>(keys.Length);
        foreach (var key in keys)
            cells.Add(Unpack(key, _cells[key]));
        return new Cube(dataset, [.. _plan.Dimensions.Select(d => d.Name)], _records, cells)
        {
            Locations = locations,
        };
    }

    /// <summary>For each key a number by which it stands where the text of its area and codes stands in ordinal order:
    /// comparing the texts themselves takes longer than counting them did.</summary>
    ulong[] Places(ulong[] keys)
    {
        var places = new ulong[keys.Length];
        ulong[] rest = [.. keys];
        var weight = 1UL;
        for (var d = _radix.Length - 1; d >= -1; d--)
        {
            var codes = d < 0 ? _plan.Areas : _plan.Dimensions[d].Codes;
            var radix = (ulong)codes.Count + 1;
            var place = OrdinalPlaces(codes, rest, radix);
            for (var i = 0; i < rest.Length; i++)
            {
                places[i] += place[(int)(rest[i] % radix)] * weight;
                rest[i] /= radix;
            }

            weight *= radix;
        }

        return places;
    }

    /// <summary>For each last digit that occurs the place of its text among those that occur.</summary>
    static ulong[] OrdinalPlaces(IReadOnlyList<string> codes, ulong[] numbers, ulong radix)
    {
        var digits = numbers.Select(n => (int)(n % radix)).Distinct()
            .OrderBy(digit => digit == 0 ? "" : codes[digit - 1], StringComparer.Ordinal);
        var places = new ulong[radix];
        var place = 0UL;
        foreach (var digit in digits)
            places[digit] = place++;
        return places;
    }

    CubeCell Unpack(ulong key, Counted counted)
    {
        var codes = new string[_radix.Length];
        for (var d = _radix.Length - 1; d >= 0; d--)
        {
            var digit = (int)(key % _radix[d]);
            codes[d] = digit == 0 ? "" : _plan.Dimensions[d].Codes[digit - 1];
            key /= _radix[d];
        }

        var area = key == 0 ? "" : _plan.Areas[(int)key - 1];
        return new CubeCell(
            area, ImmutableCollectionsMarshal.AsImmutableArray(codes), counted.Count, counted.Fingerprint);
    }

    struct Counted
    {
        public long Count;
        public UInt128 Fingerprint;

        /// <summary>The last record, and its own fingerprint.</summary>
        public byte[]? Latest;
        public UInt128 OfLatest;
    }
}
