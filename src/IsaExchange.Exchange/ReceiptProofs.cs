using IsaExchange.Exchange.Auditing;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Exchange;

/// <summary>Finds the offline proof of a receipt's event, once it is integrated.</summary>
public sealed class ReceiptProofs(LogReader log)
{
    public async Task<InclusionEvidenceText?> FindAsync(string eventId, CancellationToken ct)
    {
        // Proof and head must be of one size: the size is read once, from the head that goes into the proof.
        if (await log.CheckpointAsync(0, ct) is not { } note)
            return null;
        var size = Checkpoint.Parse(note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)]).Size;
        var evidence = await log.InclusionAsync(eventId, size, ct);
        return evidence is null
            ? null
            : new InclusionEvidenceText(evidence.Index, new TlogProof(evidence.Index, evidence.Proof, note).ToText());
    }
}
