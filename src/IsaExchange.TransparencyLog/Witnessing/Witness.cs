namespace IsaExchange.TransparencyLog.Witnessing;

/// <summary>How a witness answers, with the status of C2SP tlog-witness.</summary>
public enum WitnessVerdict
{
    Cosigned = 200,

    /// <summary>Not a request, or its old size is larger than the new one.</summary>
    Malformed = 400,

    /// <summary>No key that this witness knows for the log has signed.</summary>
    NotSigned = 403,

    UnknownLog = 404,

    /// <summary>The witness has seen another size last, or another root of this size.</summary>
    Conflict = 409,

    /// <summary>The new tree is not proved to begin with the old one.</summary>
    NotConsistent = 422,
}

/// <summary>What a witness has cosigned last of a log.</summary>
/// <param name="Note">The signed checkpoint, word for word: evidence, should the log ever sign another.</param>
public sealed record WitnessedHead(string Origin, long Size, LogHash Root, string Note);

/// <summary>Remembers what was cosigned; what it says must outlive a loss of power.</summary>
public interface IWitnessMemory
{
    /// <summary>Null when nothing of that log was ever cosigned.</summary>
    Task<WitnessedHead?> LastAsync(string origin, CancellationToken ct);

    /// <summary>Replaces <paramref name="last"/>, durably, in one step.</summary>
    /// <returns>False when something else stands there by now.</returns>
    Task<bool> ReplaceAsync(WitnessedHead? last, WitnessedHead head, CancellationToken ct);
}

/// <param name="Line">The signature line; null unless cosigned.</param>
/// <param name="Seen">The size cosigned last, which a log needs to ask again; null unless in conflict.</param>
/// <param name="Fork">Two heads of one size that the log has signed; null where it has not.</param>
public sealed record WitnessAnswer(WitnessVerdict Verdict, string? Line, long? Seen = null, ForkEvidence? Fork = null);

/// <summary>
/// Cosigns heads of logs that only ever grow. A crash at any moment leaves it either with the old head and no
/// signature given away, or with the new one remembered: it remembers before it signs.
/// </summary>
/// <param name="logs">Keys of the logs that it knows; the origin of a log is the name of its key.</param>
public sealed class Witness(
    CosignatureSigner signer, IReadOnlyList<NoteVerifier> logs, IWitnessMemory memory, TimeProvider clock)
{
    public async Task<WitnessAnswer> AddCheckpointAsync(AddCheckpointRequest request, CancellationToken ct)
    {
        // The origin is only looked up by: what is believed is what the signature is over.
        var end = request.CheckpointNote.IndexOf('\n', StringComparison.Ordinal);
        var origin = end < 0 ? "" : request.CheckpointNote[..end];
        List<NoteVerifier> known = [.. logs.Where(l => l.Name == origin)];
        if (known.Count == 0)
            return new(WitnessVerdict.UnknownLog, Line: null);
        string text;
        Checkpoint head;
        try
        {
            text = SignedNote.Open(request.CheckpointNote, known).Text;
            head = Checkpoint.Parse(text);
        }
        catch (NoteRefusedException)
        {
            return new(WitnessVerdict.NotSigned, Line: null);
        }
        catch (LogFormatException)
        {
            return new(WitnessVerdict.Malformed, Line: null);
        }

        if (request.OldSize > head.Size || (request.OldSize == 0 && request.Proof.Count > 0))
            return new(WitnessVerdict.Malformed, Line: null);
        var last = await memory.LastAsync(origin, ct);
        var now = new WitnessedHead(origin, head.Size, head.Root, request.CheckpointNote);
        if (Refuse(request, last, now) is { } refused)
            return refused;
        if (!await memory.ReplaceAsync(last, now, ct))
            return new(WitnessVerdict.Conflict, Line: null, (await memory.LastAsync(origin, ct))?.Size ?? 0);
        return new(WitnessVerdict.Cosigned, signer.Cosign(text, clock.GetUtcNow()));
    }

    /// <summary>Null when the new head extends what was seen last.</summary>
    static WitnessAnswer? Refuse(AddCheckpointRequest request, WitnessedHead? last, WitnessedHead now)
    {
        var fork = last is not null && last.Size == now.Size && last.Root != now.Root
            ? new ForkEvidence(last.Note, now.Note) : null;
        if (request.OldSize != (last?.Size ?? 0) || fork is not null)
            return new(WitnessVerdict.Conflict, Line: null, last?.Size ?? 0, fork);

        // Every tree extends the empty one.
        if (last is null || last.Size == 0)
            return null;
        return TreeProofs.VerifyConsistency(last.Size, now.Size, last.Root, now.Root, request.Proof) ? null
            : new(WitnessVerdict.NotConsistent, Line: null);
    }
}
