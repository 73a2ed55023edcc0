using IsaExchange.TransparencyLog;

namespace IsaExchange.Cli.Wire;

/// <summary>
/// The verifier key of the exchange's log, and what it is used for: nothing is believed that it did not sign.
/// </summary>
static class LogKey
{
    public static NoteVerifier Read(string path)
    {
        try
        {
            return NoteVerifier.Parse(File.ReadAllText(path).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogFormatException)
        {
            throw new VerbException(ExitCode.Usage, $"{path} is not the key of a log: {e.Message}", inner: e);
        }
    }

    /// <summary>The text of a note that the log's key signed.</summary>
    /// <exception cref="VerbException">Integrity: it did not.</exception>
    public static string Open(NoteVerifier key, string note, string what)
    {
        try
        {
            return SignedNote.Open(note, [key]).Text;
        }
        catch (NoteRefusedException e)
        {
            throw new VerbException(ExitCode.Integrity, $"{what} is not signed by the exchange's log key: {e.Message}",
                inner: e);
        }
    }

    /// <exception cref="VerbException">Integrity: not a checkpoint of this log.</exception>
    public static Checkpoint OpenCheckpoint(NoteVerifier key, string note, string what)
    {
        try
        {
            var checkpoint = Checkpoint.Parse(Open(key, note, what));
            if (checkpoint.Origin == key.Name) return checkpoint;
            throw new VerbException(ExitCode.Integrity, $"{what} is of another log than the key's");
        }
        catch (LogFormatException e)
        {
            throw new VerbException(ExitCode.Integrity, $"{what} is not a checkpoint: {e.Message}", inner: e);
        }
    }
}
