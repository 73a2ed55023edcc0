using System.Globalization;
using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog.Witnessing;

/// <summary>
/// Two heads that one log has signed, of the same size and with different roots: it has shown two histories. Proof by
/// itself, for anybody who knows the log's key.
/// </summary>
public sealed record ForkEvidence(string FirstNote, string SecondNote)
{
    const string Head = "isaexchange/fork-evidence@v1";
    const string LinesStart = "lines ";

    /// <summary>One text file: what it is, how many lines the first note has, and both notes word for word.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Head}\n{LinesStart}{FirstNote.Count(c => c == '\n')}\n\n{FirstNote}{SecondNote}");

    /// <exception cref="LogFormatException">Not such a file.</exception>
    public static ForkEvidence Parse(string text)
    {
        if (text.Split('\n', 4) is not [Head, var said, "", var notes]
            || !said.StartsWith(LinesStart, StringComparison.Ordinal)
            || !StrictText.TryDecimal(said.AsSpan(LinesStart.Length), out var lines))
            throw new LogFormatException("The file is not evidence of a fork.");
        var end = 0;
        for (; lines > 0; lines--)
        {
            end = notes.IndexOf('\n', end) + 1;
            if (end == 0)
                throw new LogFormatException("The evidence has fewer lines than it says.");
        }

        return new(notes[..end], notes[end..]);
    }

    /// <summary>Null when it holds; else why it proves nothing.</summary>
    public string? Problem(NoteVerifier log)
    {
        try
        {
            var first = Checkpoint.Parse(SignedNote.Open(FirstNote, [log]).Text);
            var second = Checkpoint.Parse(SignedNote.Open(SecondNote, [log]).Text);
            return first.Origin != log.Name || second.Origin != log.Name ? "A head is not of this log."
                : first.Size != second.Size ? "The heads are of different sizes: a log grows."
                : first.Root == second.Root ? "The heads have the same root."
                : null;
        }
        catch (Exception e) when (e is NoteRefusedException or LogFormatException)
        {
            return e.Message;
        }
    }
}
