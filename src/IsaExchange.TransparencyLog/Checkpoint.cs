using System.Globalization;
using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog;

/// <summary>A text is not in the log's format. The message says where and which rule, never what stood there.</summary>
public sealed class LogFormatException(string message, Exception? cause = null) : FormatException(message, cause);

/// <summary>What a log signs (C2SP tlog-checkpoint): which log, how many leaves, which root.</summary>
/// <param name="Origin">The log's identity, one line.</param>
/// <param name="Size">Number of leaves.</param>
/// <param name="Extensions">Opaque lines; ours has none.</param>
public sealed record Checkpoint(string Origin, long Size, LogHash Root, IReadOnlyList<string> Extensions)
{
    /// <summary>The note text that is signed: every line ends in a newline.</summary>
    /// <exception cref="InvalidOperationException">A line is empty or broken: no reader could accept it.</exception>
    public string ToText()
    {
        var size = Size.ToString(CultureInfo.InvariantCulture);
        string[] lines = [Origin, size, Root.ToBase64(), .. Extensions];
        if (Size < 0 || !lines.All(IsLine))
            throw new InvalidOperationException("A checkpoint has a size from 0 and non-empty lines without controls.");
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>Reads the text of a note that has been opened; an unsigned text proves nothing.</summary>
    /// <exception cref="LogFormatException">Not a checkpoint.</exception>
    public static Checkpoint Parse(string text)
    {
        if (!text.EndsWith('\n'))
            throw new LogFormatException("A checkpoint ends in a newline.");
        var lines = text[..^1].Split('\n');
        if (lines.Length < 3 || !lines.All(IsLine))
            throw new LogFormatException("A checkpoint has at least three lines, none empty.");
        if (!StrictText.TryDecimal(lines[1], out var size))
            throw new LogFormatException("The checkpoint's second line is not a decimal tree size.");
        if (!LogHash.TryParseBase64(lines[2], out var root))
            throw new LogFormatException("The checkpoint's third line is not base64 of a 32-byte root.");
        return new(lines[0], size, root, lines[3..]);
    }

    public bool Equals(Checkpoint? other) => other is not null && Origin == other.Origin && Size == other.Size
        && Root == other.Root && Extensions.SequenceEqual(other.Extensions);

    public override int GetHashCode() => HashCode.Combine(Origin, Size, Root);

    static bool IsLine(string line) =>
        line.Length > 0 && !line.Contains('\n', StringComparison.Ordinal) && StrictText.IsFreeOfControls(line);
}
