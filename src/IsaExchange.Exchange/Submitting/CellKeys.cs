using System.Runtime.InteropServices;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Exchange.Submitting;

/// <summary>Cells as numbers: a digit for the area, then one for each dimension. Digit 0 stands for "none": outside
/// every area, or no code given.</summary>
sealed class CellKeys
{
    readonly ValidationPlan _plan;
    readonly ulong[] _radix;

    /// <exception cref="OverflowException">More cells than numbers.</exception>
    public CellKeys(ValidationPlan plan)
    {
        _plan = plan;
        _radix = [.. plan.Dimensions.Select(d => (ulong)d.Codes.Count + 1)];
        var cells = (ulong)plan.Areas.Count + 1;
        foreach (var radix in _radix)
            cells = checked(cells * radix);
    }

    public ulong Of(in ValidRecord record)
    {
        var key = (ulong)(record.AreaIndex + 1);
        for (var d = 0; d < _radix.Length; d++)
            key = (key * _radix[d]) + (ulong)(record.Dimensions[d] + 1);
        return key;
    }

    public CubeCell CellOf(ulong key, long count, UInt128 fingerprint)
    {
        var codes = new string[_radix.Length];
        for (var d = _radix.Length - 1; d >= 0; d--)
        {
            var digit = (int)(key % _radix[d]);
            codes[d] = digit == 0 ? "" : _plan.Dimensions[d].Codes[digit - 1];
            key /= _radix[d];
        }

        var area = key == 0 ? "" : _plan.Areas[(int)key - 1];
        return new CubeCell(area, ImmutableCollectionsMarshal.AsImmutableArray(codes), count, fingerprint);
    }

    /// <summary>For each key a number by which it stands where the text of its area and codes stands in ordinal order:
    /// comparing the texts themselves takes longer than counting them did.</summary>
    public ulong[] Places(ulong[] keys)
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
        var occurs = new bool[radix];
        foreach (var number in numbers)
            occurs[number % radix] = true;
        var digits = Enumerable.Range(0, (int)radix).Where(digit => occurs[digit])
            .OrderBy(digit => digit == 0 ? "" : codes[digit - 1], StringComparer.Ordinal);
        var places = new ulong[radix];
        var place = 0UL;
        foreach (var digit in digits)
            places[digit] = place++;
        return places;
    }
}
