using System.IO.Hashing;
using System.Numerics;

namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// About how many different values were seen, in 2 KiB whatever their number: HyperLogLog (Flajolet et al., 2007) over
/// 2,048 registers, standard error 2.3 %; below some thousand values it counts empty registers and errs less.
/// </summary>
sealed class DistinctSketch
{
    const int IndexBits = 11;

    readonly byte[] _registers = new byte[1 << IndexBits];

    public void Add(ReadOnlySpan<byte> value)
    {
        // No secret: whoever picks values that collide makes a column look less nearly unique, and the column is
        // refused all the same.
        var hash = XxHash3.HashToUInt64(value);
        var index = (int)(hash >> (64 - IndexBits));
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << IndexBits) | 1) + 1);
        if (rank > _registers[index])
            _registers[index] = rank;
    }

    public long Estimate()
    {
        double count = _registers.Length, sum = 0, empty = 0;
        foreach (var register in _registers)
        {
            sum += Math.ScaleB(1, -register);
            empty += register == 0 ? 1 : 0;
        }

        var estimate = 0.7213 / (1 + (1.079 / count)) * count * count / sum;
        if (estimate <= 2.5 * count && empty > 0)
            estimate = count * Math.Log(count / empty);
        return (long)Math.Round(estimate);
    }
}
