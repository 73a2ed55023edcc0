using System.Globalization;
using System.Text;
using IsaExchange.TransparencyLog.Formats;
using IsaExchange.TransparencyLog.Witnessing;

namespace IsaExchange.TransparencyLog;

/// <summary>Whether a proof holds, and if not, why.</summary>
/// <param name="Problem">Null when it holds.</param>
/// <param name="Checkpoint">The checkpoint, when its signature holds.</param>
public sealed record TlogProofVerdict(string? Problem, Checkpoint? Checkpoint)
{
    public bool Ok => Problem is null && Checkpoint is not null;
}

/// <summary>
/// Evidence that a leaf is in a log, in one text file that can be checked offline for ever (C2SP tlog-proof@v1).
/// Extension ".tlog-proof".
/// </summary>
/// <param name="Hashes">From the leaf's sibling to the root's child.</param>
/// <param name="CheckpointNote">The signed checkpoint, word for word.</param>
/// <param name="Extra">Travels with the proof and is not authenticated; null when absent.</param>
public sealed record TlogProof(
    long Index, IReadOnlyList<LogHash> Hashes, string CheckpointNote, ReadOnlyMemory<byte>? Extra = null)
{
    /// <summary>A tree of 2^63 leaves is 63 levels high.</summary>
    public const int HashesMax = 63;

    const string Head = "c2sp.org/tlog-proof@v1";
    const string ExtraStart = "extra ";
    const string IndexStart = "index ";

    public string ToText()
    {
        if (Index < 0 || Hashes.Count > HashesMax || CheckpointNote.Length == 0)
            throw new InvalidOperationException("A proof has an index from 0, at most 63 hashes and a checkpoint.");
        var text = new StringBuilder(Head).Append('\n');
        if (Extra is { } extra)
            text.Append(ExtraStart).Append(Convert.ToBase64String(extra.Span)).Append('\n');
        text.Append(IndexStart).Append(Index.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in Hashes)
            text.Append(hash.ToBase64()).Append('\n');
        return text.Append('\n').Append(CheckpointNote).ToString();
    }

    /// <summary>Reads the file; the checkpoint in it is not looked at before it is verified.</summary>
    /// <exception cref="LogFormatException">Not a proof; the message names the line.</exception>
    public static TlogProof Parse(string text)
    {
        // The proof's own lines hold no empty one: the first separates, later ones belong to the checkpoint.
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || end + 2 == text.Length)
            throw new LogFormatException("The proof has no empty line with a checkpoint after it.");
        var lines = text[..end].Split('\n', HashesMax + 4);
        if (lines[0] != Head)
            throw new LogFormatException($"Line 1 of the proof is not {Head}.");
        var at = 1;
        var extra = ReadExtra(lines, ref at);
        if (at == lines.Length || !lines[at].StartsWith(IndexStart, StringComparison.Ordinal)
            || !StrictText.TryDecimal(lines[at].AsSpan(IndexStart.Length), out var index))
            throw new LogFormatException($"Line {at + 1} of the proof is not a decimal index.");
        at++;
        if (lines.Length - at > HashesMax)
            throw new LogFormatException($"The proof has more than {HashesMax} hashes.");
        var hashes = new List<LogHash>();
        for (; at < lines.Length; at++)
        {
            if (!LogHash.TryParseBase64(lines[at], out var hash))
                throw new LogFormatException($"Line {at + 1} of the proof is not base64 of a 32-byte hash.");
            hashes.Add(hash);
        }

        return new(index, hashes, text[(end + 2)..], extra);
    }

    /// <summary>
    /// Checks that <paramref name="log"/> signed the checkpoint as its own and that the leaf stands in it at the index.
    /// </summary>
    /// <param name="log">The log's key; the checkpoint's origin must be its name.</param>
    public TlogProofVerdict Verify(ReadOnlySpan<byte> leafData, NoteVerifier log)
    {
        Checkpoint checkpoint;
        try
        {
            checkpoint = Checkpoint.Parse(SignedNote.Open(CheckpointNote, [log]).Text);
        }
        catch (Exception e) when (e is NoteRefusedException or LogFormatException)
        {
            return new(e.Message, Checkpoint: null);
        }

        return checkpoint.Origin == log.Name ? Includes(leafData, checkpoint)
            : new("The checkpoint is not of the key's log.", checkpoint);
    }

    /// <summary>
    /// Checks that a log of the policy signed the checkpoint, that a quorum cosigned it, and that the leaf stands in it
    /// at the index.
    /// </summary>
    public TlogProofVerdict Verify(ReadOnlySpan<byte> leafData, LogPolicy policy)
    {
        var verdict = policy.Check(CheckpointNote);
        return verdict is { IsMet: true, Head: { } head } ? Includes(leafData, head)
            : new(verdict.Problem, verdict.Head);
    }

    TlogProofVerdict Includes(ReadOnlySpan<byte> leafData, Checkpoint checkpoint)
    {
        var leaf = MerkleTree.LeafHash(leafData);
        return TreeProofs.VerifyInclusion(leaf, Index, checkpoint.Size, checkpoint.Root, Hashes)
            ? new(Problem: null, checkpoint)
            : new($"The leaf is not at index {Index} of the tree that the checkpoint names.", checkpoint);
    }

    static ReadOnlyMemory<byte>? ReadExtra(string[] lines, ref int at)
    {
        if (lines.Length == 1 || !lines[1].StartsWith(ExtraStart, StringComparison.Ordinal))
            return null;
        if (!StrictText.TryBase64(lines[1].AsSpan(ExtraStart.Length), out var extra))
            throw new LogFormatException("Line 2 of the proof has extra data that is not base64.");
        at++;
        return extra;
    }
}
