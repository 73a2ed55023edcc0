using System.Globalization;
using System.Text;
using System.Text.Json;
using IsaExchange.TransparencyLog.Bundles;
using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog;

/// <summary>One entry of the log as an auditor gets it.</summary>
/// <param name="Leaf">Leaf data, always shown: without it the tree cannot be recomputed.</param>
/// <param name="EventJson">The event in canonical JSON; null where the entry is masked.</param>
/// <param name="Salt">Shown with the event, never without.</param>
public sealed record AuditBundleEntry(long Index, byte[] Leaf, string? EventJson, byte[]? Salt)
{
    public bool IsMasked => EventJson is null && Salt is null;
}

public enum AuditBundleFault
{
    /// <summary>The checkpoint is malformed, not signed by the log's key, or another log's.</summary>
    CheckpointRefused,

    /// <summary>The checkpoint is smaller than the one remembered: entries have been taken away.</summary>
    Shrunk,

    /// <summary>The entries do not give the root that was remembered: the past has been rewritten.</summary>
    DifferentHistory,

    /// <summary>A line is not an entry in the form the exchange writes.</summary>
    UnreadableLine,
    MissingIndex,

    /// <summary>An index that was already there: repeated, inserted or out of order.</summary>
    RepeatedIndex,

    /// <summary>An index that the checkpoint's size does not cover.</summary>
    BeyondCheckpoint,
    BadLeaf,

    /// <summary>Event without salt, salt without event, or an event that is not a canonical JSON object.</summary>
    BadEvent,

    /// <summary>The event shown is not the event that was logged.</summary>
    CommitmentMismatch,

    /// <summary>The event names itself with another id than its leaf does.</summary>
    EventIdMismatch,

    /// <summary>The entries do not give the root that the log signed.</summary>
    RootMismatch,
}

/// <param name="Index">The entry, where one is at fault; the first of several.</param>
/// <param name="Message">A sentence for people; it repeats nothing of an event.</param>
public sealed record AuditBundleProblem(AuditBundleFault Fault, long? Index, string Message);

/// <summary>What the check of a bundle found.</summary>
/// <param name="Checkpoint">Null unless the log's key signed it; nothing is known of the log then.</param>
/// <param name="Shown">Entries whose event is shown and is the one that was logged.</param>
/// <param name="Masked">Entries of which only the leaf is shown.</param>
/// <param name="Problems">The first <see cref="ProblemsMax"/> of <paramref name="ProblemCount"/>.</param>
public sealed record AuditBundleVerdict(
    Checkpoint? Checkpoint, long Shown, long Masked, long ProblemCount, IReadOnlyList<AuditBundleProblem> Problems)
{
    public const int ProblemsMax = 100;

    public bool Ok => Checkpoint is not null && ProblemCount == 0;

    public string? Origin => Checkpoint?.Origin;

    public long? Size => Checkpoint?.Size;

    public LogHash? Root => Checkpoint?.Root;
}

/// <summary>
/// The log as plain files that are checked offline: <c>checkpoint</c>, a signed note, and <c>entries.jsonl</c>, one
/// line an index from 0. Checking holds one hash a level of the tree and one entry, however long the log is.
/// </summary>
public static class AuditBundle
{
    public const string CheckpointFile = "checkpoint";
    public const string EntriesFile = "entries.jsonl";

    /// <summary>Characters of a line at most; a longer one is unreadable and is not held in memory.</summary>
    public const int LineCharsMax = 1 << 20;

    /// <summary>
    /// <c>{"index":n,"leaf":"base64","event":{…},"salt":"base64"}</c> without newline; event and salt only where shown.
    /// The event is written as it is given: its bytes are what was committed to.
    /// </summary>
    /// <exception cref="ArgumentException">The event holds a newline, which canonical JSON never does.</exception>
    public static string WriteLine(AuditBundleEntry e)
    {
        if (e.EventJson?.Contains('\n', StringComparison.Ordinal) == true)
            throw new ArgumentException("An event in a bundle is canonical JSON, which has no newline.", nameof(e));
        var line = new StringBuilder("{\"index\":").Append(e.Index.ToString(CultureInfo.InvariantCulture));
        line.Append(",\"leaf\":\"").Append(Convert.ToBase64String(e.Leaf)).Append('"');
        if (e.EventJson is not null)
            line.Append(",\"event\":").Append(e.EventJson);
        if (e.Salt is not null)
            line.Append(",\"salt\":\"").Append(Convert.ToBase64String(e.Salt)).Append('"');
        return line.Append('}').ToString();
    }

    /// <summary>Reads a line that is exactly what <see cref="WriteLine"/> writes; one entry has one spelling.</summary>
    /// <exception cref="LogFormatException">It is not; the message repeats nothing of it.</exception>
    public static AuditBundleEntry ReadLine(string line)
    {
        if (line.Length > LineCharsMax)
            throw new LogFormatException($"The line is longer than {LineCharsMax} characters.");
        try
        {
            // One level more than an event may nest: the line is an object around it.
            using var json = JsonDocument.Parse(line, new() { MaxDepth = CanonicalJson.DepthMax + 1 });
            if (ReadEntry(json.RootElement) is { } entry && WriteLine(entry) == line)
                return entry;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not JSON, not an object, not Unicode: answered below. The reader's own message would quote the text.
        }

        throw new LogFormatException("The line is not an audit entry in the form the exchange writes.");
    }

    /// <summary>Checks entries against the signed checkpoint and, where there is one, the one seen before.</summary>
    public static AuditBundleVerdict Verify(
        string checkpointNote, IEnumerable<AuditBundleEntry> entries, NoteVerifier log, Checkpoint? remembered)
    {
        var check = new BundleCheck(checkpointNote, log, remembered);
        foreach (var entry in entries)
            check.Add(entry);
        return check.Finish();
    }

    /// <summary>Reads the lines of <c>entries.jsonl</c>; one that is no entry is a problem of its index.</summary>
    public static AuditBundleVerdict Verify(
        string checkpointNote, TextReader entries, NoteVerifier log, Checkpoint? remembered)
    {
        var check = new BundleCheck(checkpointNote, log, remembered);
        var lines = new BoundedLines(entries, LineCharsMax);
        while (lines.TryNext(out var line))
        {
            try
            {
                check.Add(ReadLine(line ?? throw new LogFormatException("The line is too long.")));
            }
            catch (LogFormatException e)
            {
                check.AddUnreadable(lines.Number, e.Message);
            }
        }

        return check.Finish();
    }

    static AuditBundleEntry? ReadEntry(JsonElement line)
    {
        if (!line.TryGetProperty("index", out var index) || !index.TryGetInt64(out var number)
            || !line.TryGetProperty("leaf", out var leaf) || !StrictText.TryBase64(leaf.GetString(), out var leafBytes))
            return null;
        var eventJson = line.TryGetProperty("event", out var shown) ? shown.GetRawText() : null;
        if (!line.TryGetProperty("salt", out var salt))
            return new(number, leafBytes, eventJson, Salt: null);
        return StrictText.TryBase64(salt.GetString(), out var bytes) ? new(number, leafBytes, eventJson, bytes) : null;
    }
}
