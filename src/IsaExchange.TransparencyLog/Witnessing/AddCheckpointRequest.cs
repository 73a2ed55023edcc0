using System.Globalization;
using System.Text;
using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog.Witnessing;

/// <summary>What a log asks of a witness (C2SP tlog-witness, add-checkpoint).</summary>
/// <param name="OldSize">Of the checkpoint that the witness is thought to have cosigned last; 0: none.</param>
/// <param name="Proof">That the new tree begins with the old one; empty from size 0.</param>
/// <param name="CheckpointNote">The signed checkpoint, word for word.</param>
public sealed record AddCheckpointRequest(long OldSize, IReadOnlyList<LogHash> Proof, string CheckpointNote)
{
    const string OldStart = "old ";

    public string ToText()
    {
        var text = new StringBuilder(OldStart).Append(OldSize.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in Proof)
            text.Append(hash.ToBase64()).Append('\n');
        return text.Append('\n').Append(CheckpointNote).ToString();
    }

    /// <exception cref="LogFormatException">Not such a request; the message names the line.</exception>
    public static AddCheckpointRequest Parse(string body)
    {
        var end = body.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || end + 2 == body.Length)
            throw new LogFormatException("The request has no empty line with a checkpoint after it.");
        var lines = body[..end].Split('\n', TlogProof.HashesMax + 2);
        if (!lines[0].StartsWith(OldStart, StringComparison.Ordinal)
            || !StrictText.TryDecimal(lines[0].AsSpan(OldStart.Length), out var oldSize))
            throw new LogFormatException("Line 1 of the request is not \"old\" and a decimal size.");
        if (lines.Length - 1 > TlogProof.HashesMax)
            throw new LogFormatException($"The request has more than {TlogProof.HashesMax} hashes.");
        var proof = new List<LogHash>();
        for (var at = 1; at < lines.Length; at++)
        {
            if (!LogHash.TryParseBase64(lines[at], out var hash))
                throw new LogFormatException($"Line {at + 1} of the request is not base64 of a 32-byte hash.");
            proof.Add(hash);
        }

        return new(oldSize, proof, body[(end + 2)..]);
    }
}
