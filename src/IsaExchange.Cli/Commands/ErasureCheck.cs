using IsaExchange.Cli.Wire;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Cli.Commands;

/// <summary>Checks the certificate of a destroyed key with the log's key alone.</summary>
static class ErasureCheck
{
    const string Kind = "isaexchange.example/erasure/v1";

    /// <param name="proof">Empty when there is none yet.</param>
    /// <param name="party">Name of the party that it must be about; null for any.</param>
    /// <returns>The signed text.</returns>
    /// <exception cref="VerbException">Integrity: a signature or the proof does not hold, or it is not what it is said
    /// to be.</exception>
    public static string Verify(string certificate, string proof, NoteVerifier key, string? party)
    {
        var text = LogKey.Open(key, certificate, "the certificate");
        var lines = text.Split('\n');

        // The log's key signs receipts and heads too: those must not pass for certificates.
        if (lines[0] != Kind)
            throw new VerbException(ExitCode.Integrity, "what was signed is not the certificate of an erasure");
        if (party is not null && !lines.Contains($"party {party}", StringComparer.Ordinal))
            throw new VerbException(ExitCode.Integrity, $"the certificate is not about {party}");
        if (proof.Length > 0) InclusionCheck.Verify(Leaf(lines), proof, key, "the certificate");
        return text;
    }

    static LogHash Leaf(string[] lines)
    {
        var words = lines.Where(l => l.StartsWith("event ", StringComparison.Ordinal)).Select(l => l.Split(' '));
        return words.ToList() is [[_, _, "leaf", var leaf]] && LogHash.TryParseBase64(leaf, out var hash)
            ? hash
            : throw new VerbException(ExitCode.Integrity, "the certificate does not name its event in the log");
    }
}
