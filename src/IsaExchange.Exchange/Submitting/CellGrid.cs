using IsaExchange.Datasets.Validation;

namespace IsaExchange.Exchange.Submitting;

/// <summary>
/// A count for each combination of codes, in a block for each code of the longest dimension: what a file tells of lies
/// close together in such a list, so the counts stay in the processor's cache where a hash table would scatter them.
/// </summary>
sealed class CellGrid
{
    // 128 MB of counts at the very most, were every code of the longest list to occur.
    const long CellsMax = 1 << 24;

    readonly int _longest;
    readonly int[] _stride;
    readonly int _blockLength;
    readonly long[]?[] _blocks;

    CellGrid(int longest, int[] stride, int blockLength, long[]?[] blocks) =>
        (_longest, _stride, _blockLength, _blocks) = (longest, stride, blockLength, blocks);

    /// <summary>Null when there are too many combinations, or no dimension at all.</summary>
    public static CellGrid? Over(IReadOnlyList<CubeDimension> dimensions)
    {
        var cells = 1L;
        foreach (var dimension in dimensions)
        {
            cells *= dimension.Codes.Count + 1;
            if (cells > CellsMax)
                return null;
        }

        if (dimensions.Count == 0)
            return null;
        var longest = Enumerable.Range(0, dimensions.Count).MaxBy(d => dimensions[d].Codes.Count);
        var (stride, blockLength) = (new int[dimensions.Count], 1);
        for (var d = 0; d < stride.Length; d++)
        {
            if (d == longest)
                continue;
            stride[d] = blockLength;
            blockLength *= dimensions[d].Codes.Count + 1;
        }

        return new CellGrid(longest, stride, blockLength, new long[dimensions[longest].Codes.Count + 1][]);
    }

    /// <param name="positions">In the codes of each dimension, -1 for none.</param>
    public GridPlace PlaceOf(ReadOnlySpan<int> positions)
    {
        var within = 0;
        for (var d = 0; d < positions.Length; d++)
            within += (positions[d] + 1) * _stride[d];
        return new GridPlace(positions[_longest] + 1, within);
    }

    public ref long this[GridPlace place] => ref (_blocks[place.Block] ??= new long[_blockLength])[place.Within];
}

/// <summary>Where the count of one combination stands.</summary>
readonly record struct GridPlace(int Block, int Within);
