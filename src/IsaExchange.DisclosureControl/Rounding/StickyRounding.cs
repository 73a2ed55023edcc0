using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.DisclosureControl.Rounding;

/// <summary>
/// Unbiased random rounding to multiples of 5 with a secret offset that stays with a cell for ever: 5·⌊(n+o)/5⌋.
/// As often as a cell is published, and whatever the attacker has caused to change in it, he learns no more than n+o.
/// Redrawn offsets, or such as change with the records, would be averaged out over revisions.
/// </summary>
/// <remarks>
/// Cells of one release that hold the same records have the same offset, or two roundings of one number would stand
/// side by side. An empty cell is 0 whatever its offset, so it has none: all empty cells hold the same records, and
/// one offset for all of them would be learnt from any. Offsets are as secret as the records: whoever knows them can
/// undo half of the rounding.
/// </remarks>
public sealed class StickyRounding : IDisposable
{
    /// <summary>Counts are published as multiples of it.</summary>
    public const int Base = 5;

    readonly IncrementalHash _keyed;
    readonly byte[] _dataset;
    readonly Dictionary<string, byte> _offsets;
    readonly Dictionary<UInt128, byte> _ofRecords = [];

    /// <param name="key">Secret, of the dataset, at least 32 bytes.</param>
    /// <param name="kept">Offsets that cells have been published with before.</param>
    public StickyRounding(byte[] key, string dataset, IReadOnlyDictionary<string, byte> kept)
    {
        if (key.Length < KeyLengthMin)
            throw new ArgumentException("The key of an offset is too short.", nameof(key));
        _keyed = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        _dataset = Encoding.UTF8.GetBytes(dataset + "|");
        _offsets = new Dictionary<string, byte>(kept, StringComparer.Ordinal);
    }

    const int KeyLengthMin = 32;

    /// <summary>Every offset there is, to be kept with the release. CONFIDENTIAL.</summary>
    public IReadOnlyDictionary<string, byte> Offsets => _offsets;

    /// <summary>The multiple of 5 to publish; it lies within 4 of the count.</summary>
    /// <param name="cell">Name of the cell, the same in every table and release.</param>
    /// <param name="records">Fingerprint of the cell's records: equal for equal records.</param>
    public long Round(string cell, long count, UInt128 records) =>
        count == 0 ? 0 : checked(count + OffsetOf(cell, records)) / Base * Base;

    /// <summary>Draws for cells that have none yet; an offset once kept is never drawn again.</summary>
    byte OffsetOf(string cell, UInt128 records)
    {
        if (_offsets.TryGetValue(cell, out var offset))
        {
            _ofRecords.TryAdd(records, offset);
            return offset;
        }

        if (!_ofRecords.TryGetValue(records, out offset))
            _ofRecords[records] = offset = Draw(records);
        return _offsets[cell] = offset;
    }

    /// <summary>Modulo 5 of 64 bits: the bias is less than 2^-61.</summary>
    byte Draw(UInt128 records)
    {
        Span<byte> text = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(text, records);
        _keyed.AppendData(_dataset);
        _keyed.AppendData(text);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _keyed.GetHashAndReset(mac);
        return (byte)(BinaryPrimitives.ReadUInt64LittleEndian(mac) % Base);
    }

    public void Dispose() => _keyed.Dispose();
}
