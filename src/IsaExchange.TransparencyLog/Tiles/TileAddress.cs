using System.Globalization;
using System.Text;
using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog.Tiles;

/// <summary>
/// Names a static resource of a log (C2SP tlog-tiles): up to 256 consecutive hashes of a level, or the entries behind
/// those of level 0. What a full tile says never changes, nor what a partial tile of one width says.
/// </summary>
/// <param name="Level">From 0; <see cref="Entries"/> for a bundle of entries.</param>
/// <param name="Index">Of the tile in its level.</param>
/// <param name="Width">Hashes or entries in it, 1 to <see cref="WidthMax"/>, which is a full one.</param>
public readonly record struct TileAddress(int Level, long Index, int Width)
{
    public const int WidthMax = 256;

    /// <summary>Levels of the tree, of two branches, that one tile spans.</summary>
    public const int Height = 8;

    /// <summary>Stands for the level of a bundle of entries.</summary>
    public const int Entries = -1;

    /// <summary>A tree of 2^63 leaves has tiles up to this level.</summary>
    public const int LevelMax = 7;

    const string Root = "tile/";
    const string EntriesWord = "entries";
    const string PartialMark = ".p/";

    public bool IsPartial => Width < WidthMax;

    /// <summary>Path below the prefix of the log, for example <c>tile/0/x001/x234/067.p/44</c>.</summary>
    public string Path
    {
        get
        {
            var path = new StringBuilder(Root)
                .Append(Level == Entries ? EntriesWord : Level.ToString(CultureInfo.InvariantCulture)).Append('/');
            var digits = Index.ToString("D3", CultureInfo.InvariantCulture);
            digits = digits.PadLeft((digits.Length + 2) / 3 * 3, '0');
            for (var at = 0; at < digits.Length - 3; at += 3)
                path.Append('x').Append(digits, at, 3).Append('/');
            path.Append(digits, digits.Length - 3, 3);
            if (IsPartial)
                path.Append(CultureInfo.InvariantCulture, $"{PartialMark}{Width}");
            return path.ToString();
        }
    }

    /// <summary>Reads a path in its only spelling; false for any other.</summary>
    public static bool TryParse(string path, out TileAddress address)
    {
        address = default;
        var parts = path.Split(PartialMark);
        var width = (long)WidthMax;
        if (parts.Length > 2 || (parts.Length == 2 && !StrictText.TryDecimal(parts[1], out width)))
            return false;
        var words = parts[0].Split('/');
        if (words.Length < 3 || width is < 1 or > WidthMax)
            return false;
        var level = (long)Entries;
        if (words[1] != EntriesWord && !StrictText.TryDecimal(words[1], out level))
            return false;
        if (level > LevelMax
            || !long.TryParse(
                string.Concat(words[2..]).Replace("x", "", StringComparison.Ordinal), NumberStyles.None,
                CultureInfo.InvariantCulture, out var index))
            return false;
        var read = new TileAddress((int)level, index, (int)width);
        // A second spelling of one tile, be it a plain or a wrong one, does not come back unchanged.
        if (read.Path != path)
            return false;
        address = read;
        return true;
    }
}
