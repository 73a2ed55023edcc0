using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>Checks a receipt with the log's key alone.</summary>
static class ReceiptCheck
{
    /// <returns>True when the receipt's event is proved to be in the log; false when there is no proof yet.</returns>
    /// <exception cref="VerbException">Integrity: a signature or the proof does not hold, or the note says something
    /// else.</exception>
    public static bool Verify(Receipt receipt, NoteVerifier key)
    {
        var lines = LogKey.Open(key, receipt.SignedNote, "the receipt").Split('\n');
        foreach (var (what, line) in Facts(receipt))
        {
            if (!lines.Contains(line, StringComparer.Ordinal))
                throw new VerbException(ExitCode.Integrity,
                    $"the signed receipt does not say the {what} that the exchange told");
        }
        if (receipt.InclusionProof.Length == 0) return false;
        InclusionCheck.Verify(LogHash.FromBytes(receipt.LeafHash.Span), receipt.InclusionProof, key, "the receipt");
        return true;
    }

    // The lines of isaexchange.example/receipt/v1 that the exchange also tells apart from the note.
    static (string What, string Line)[] Facts(Receipt receipt) =>
    [
        ("kind of note", "isaexchange.example/receipt/v1"),
        ("submission", $"submission {receipt.Name}"),
        ("content", receipt.ContentSha256.IsEmpty
            ? "content nil return"
            : $"content sha256 {SubmissionAnswers.Hex(receipt.ContentSha256.Span)}"),
        ("number of records", $"records {Cell.Text(receipt.RecordCount)}"),
        ("event", $"event {receipt.EventId} leaf {Convert.ToBase64String(receipt.LeafHash.Span)}"),
    ];
}
