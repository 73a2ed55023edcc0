using System.Text.Json;
using System.Text.Json.Nodes;
using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog.Bundles;

/// <summary>Follows a bundle entry by entry. A fault is noted and the check goes on, so that all are named.</summary>
sealed class BundleCheck
{
    readonly TreeAppender _tree = new();
    readonly Checkpoint? _checkpoint;
    readonly Checkpoint? _remembered;
    readonly List<AuditBundleProblem> _problems = [];
    long _problemCount;
    long _shown;
    long _masked;

    // The index that must come next, while entries come in order.
    long _next;

    // Once an index is missing, repeated or unreadable, no root over the rest would mean anything.
    bool _isBroken;
    bool _isBeyond;

    public BundleCheck(string checkpointNote, NoteVerifier log, Checkpoint? remembered)
    {
        _remembered = remembered;
        try
        {
            var checkpoint = Checkpoint.Parse(SignedNote.Open(checkpointNote, [log]).Text);
            if (checkpoint.Origin == log.Name)
                _checkpoint = checkpoint;
            else
                Note(AuditBundleFault.CheckpointRefused, index: null, "The checkpoint is not of the key's log.");
        }
        catch (Exception e) when (e is NoteRefusedException or LogFormatException)
        {
            Note(AuditBundleFault.CheckpointRefused, index: null, e.Message);
        }

        CompareWithRemembered();
    }

    public void Add(AuditBundleEntry entry)
    {
        CheckContent(entry);
        if (entry.Index < _next)
        {
            _isBroken = true;
            Note(AuditBundleFault.RepeatedIndex, entry.Index, "is repeated or out of order");
            return;
        }

        if (entry.Index > _next)
        {
            _isBroken = true;
            Note(AuditBundleFault.MissingIndex, _next, $"is missing: the entries go on at {entry.Index}");
        }

        NoteWhenBeyond(entry.Index);
        _next = entry.Index == long.MaxValue ? entry.Index : entry.Index + 1;
        if (_isBroken)
            return;
        _tree.Grow(MerkleTree.LeafHash(entry.Leaf), newHashes: null);
        CompareWithPast();
    }

    public void AddUnreadable(long lineNumber, string message)
    {
        _isBroken = true;
        Note(AuditBundleFault.UnreadableLine, _next, $"cannot be read (line {lineNumber}): {message}");
        if (_next < long.MaxValue)
            _next++;
    }

    public AuditBundleVerdict Finish()
    {
        if (_checkpoint is not null && _next < _checkpoint.Size)
        {
            Note(
                AuditBundleFault.MissingIndex, _next,
                $"is missing: the entries end before the checkpoint's size {_checkpoint.Size}");
        }
        else if (_checkpoint is not null && !_isBroken && !_isBeyond && _tree.Root() != _checkpoint.Root)
        {
            Note(
                AuditBundleFault.RootMismatch, index: null,
                $"The entries 0 to {_next - 1} do not give the root that the log signed.");
        }

        return new(_checkpoint, _shown, _masked, _problemCount, _problems);
    }

    void CompareWithRemembered()
    {
        if (_remembered is null || _checkpoint is null)
            return;
        if (_remembered.Origin != _checkpoint.Origin)
            Note(AuditBundleFault.CheckpointRefused, index: null, "The remembered checkpoint is of another log.");
        else if (_checkpoint.Size < _remembered.Size)
            Note(
                AuditBundleFault.Shrunk, _checkpoint.Size,
                $"and later are gone: the log had size {_remembered.Size} and now has {_checkpoint.Size}");
        // Known before any entry is read, and even when entries are missing.
        else if (_checkpoint.Size == _remembered.Size && _checkpoint.Root != _remembered.Root)
            NoteDifferentHistory();
        else
            CompareWithPast();
    }

    void CompareWithPast()
    {
        if (_remembered is null || _remembered.Size != _tree.Size || _tree.Root() == _remembered.Root)
            return;
        // Of two checkpoints of one size this was said at the start, unless they agree and only the entries differ.
        if (_checkpoint is null || _checkpoint.Size != _remembered.Size || _checkpoint.Root == _remembered.Root)
            NoteDifferentHistory();
    }

    void NoteDifferentHistory() => Note(
        AuditBundleFault.DifferentHistory, index: null,
        $"The first {_remembered!.Size} entries are not those of the checkpoint remembered: the past was rewritten.");

    void NoteWhenBeyond(long index)
    {
        if (_checkpoint is null || index < _checkpoint.Size || _isBeyond)
            return;
        _isBeyond = true;
        Note(AuditBundleFault.BeyondCheckpoint, index, $"and later are not covered by the size {_checkpoint.Size}");
    }

    void CheckContent(AuditBundleEntry entry)
    {
        if (!AuditLeaf.TryRead(entry.Leaf, out var id, out var commitment))
            Note(AuditBundleFault.BadLeaf, entry.Index, "has a leaf that is not an audit leaf");
        else if (entry.IsMasked)
            _masked++;
        else if (entry.EventJson is null || entry.Salt?.Length != AuditLeaf.SaltSize)
            Note(AuditBundleFault.BadEvent, entry.Index, "has an event and a whole salt only together");
        else if (!TryReadEvent(entry.EventJson, out var members, out var canonical))
            Note(AuditBundleFault.BadEvent, entry.Index, "has an event that is not a canonical JSON object");
        else if (AuditLeaf.Commit(entry.Salt, canonical) != commitment)
            Note(AuditBundleFault.CommitmentMismatch, entry.Index, "shows another event than the one that was logged");
        else if (IsNamedOtherwise(members, id))
            Note(AuditBundleFault.EventIdMismatch, entry.Index, "shows an event that has another id than its leaf");
        else
            _shown++;
    }

    // An event need not repeat its id; one that does must agree with the receipt, which quotes the leaf.
    static bool IsNamedOtherwise(JsonObject members, string id) =>
        members["id"] is { } own && (own.GetValueKind() != JsonValueKind.String || own.GetValue<string>() != id);

    static bool TryReadEvent(string text, out JsonObject members, out byte[] canonical)
    {
        (members, canonical) = ([], []);
        try
        {
            if (CanonicalJson.Parse(text) is not JsonObject read)
                return false;
            (members, canonical) = (read, CanonicalJson.Write(read));
            return text == StrictText.Utf8.GetString(canonical);
        }
        catch (LogFormatException)
        {
            return false;
        }
    }

    void Note(AuditBundleFault fault, long? index, string message)
    {
        _problemCount++;
        if (_problems.Count < AuditBundleVerdict.ProblemsMax)
            _problems.Add(new(fault, index, index is null ? message : $"Entry {index} {message}."));
    }
}
