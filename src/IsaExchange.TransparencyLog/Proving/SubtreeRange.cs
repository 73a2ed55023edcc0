using System.Numerics;

namespace IsaExchange.TransparencyLog.Proving;

/// <summary>Leaves <paramref name="Start"/> to <paramref name="End"/> - 1, as RFC 6962 cuts the tree.</summary>
readonly record struct SubtreeRange(long Start, long End)
{
    /// <summary>Where RFC 6962 cuts: from the start, the largest power of two below the number of leaves.</summary>
    public long Cut => Start + (1L << BitOperations.Log2((ulong)(End - Start - 1)));

    /// <summary>Adds the complete subtrees that make up the range, largest first.</summary>
    public static void Cover(long start, long end, List<HashPosition> positions)
    {
        while (start < end)
        {
            var level = BitOperations.Log2((ulong)(end - start));
            positions.Add(new(level, start >> level));
            start += 1L << level;
        }
    }

    /// <summary>The ranges of an inclusion proof, from the leaf's sibling to the root's child (2.1.1).</summary>
    public static List<SubtreeRange> OfInclusion(long index, long size)
    {
        var ranges = new List<SubtreeRange>();
        for (var tree = new SubtreeRange(0, size); tree.End - tree.Start > 1;)
        {
            var cut = tree.Cut;
            var left = tree with { End = cut };
            var right = tree with { Start = cut };
            ranges.Add(index < cut ? right : left);
            tree = index < cut ? left : right;
        }

        ranges.Reverse();
        return ranges;
    }

    /// <summary>The ranges of a consistency proof (2.1.2), for 0 &lt; <paramref name="oldSize"/>.</summary>
    public static List<SubtreeRange> OfConsistency(long oldSize, long newSize)
    {
        var ranges = new List<SubtreeRange>();
        var tree = new SubtreeRange(0, newSize);
        while (tree.End != oldSize)
        {
            var cut = tree.Cut;
            var left = tree with { End = cut };
            var right = tree with { Start = cut };
            ranges.Add(oldSize <= cut ? right : left);
            tree = oldSize <= cut ? left : right;
        }

        // A whole old tree is known to the verifier as the old root; a part of it is not.
        if (tree.Start != 0)
            ranges.Add(tree);
        ranges.Reverse();
        return ranges;
    }
}
