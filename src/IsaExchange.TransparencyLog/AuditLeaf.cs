using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IsaExchange.TransparencyLog;

/// <summary>
/// What the audit log keeps for ever of an event, in canonical JSON:
/// <c>{"commitment":"base64","id":"event id","v":1}</c>. It says nothing of the event; event and salt stand beside the
/// log, and erasing them leaves the tree valid. This format is final: a change would break every kept proof.
/// </summary>
public static class AuditLeaf
{
    /// <summary>Bytes of salt; without it, short events could be guessed from their commitment.</summary>
    public const int SaltSize = 32;

    /// <summary>Bytes of a leaf at most; entry bundles of C2SP tlog-tiles could carry 65,535.</summary>
    public const int BytesMax = 4096;

    const int Version = 1;

    /// <exception cref="ArgumentException">The id is empty, too long or not Unicode text.</exception>
    public static byte[] Encode(string eventId, LogHash commitment)
    {
        if (TryEncode(eventId, commitment) is { } leaf)
            return leaf;
        throw new ArgumentException($"An event id is Unicode and fits a leaf of {BytesMax} bytes.", nameof(eventId));
    }

    /// <summary>SHA-256(salt || canonical event JSON).</summary>
    /// <exception cref="ArgumentException">The salt is not <see cref="SaltSize"/> bytes.</exception>
    public static LogHash Commit(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> canonicalEvent)
    {
        if (salt.Length != SaltSize)
            throw new ArgumentException($"A salt has {SaltSize} bytes.", nameof(salt));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(canonicalEvent);
        return LogHash.FromBytes(hash.GetHashAndReset());
    }

    /// <summary>Reads a leaf; false unless it is byte for byte what <see cref="Encode"/> writes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> leaf, out string id, out LogHash commitment)
    {
        (id, commitment) = ("", default);
        if (leaf.Length > BytesMax || Parse(leaf) is not { } read)
            return false;
        if (TryEncode(read.Id, read.Commitment) is not { } canonical || !leaf.SequenceEqual(canonical))
            return false;
        (id, commitment) = read;
        return true;
    }

    static (string Id, LogHash Commitment)? Parse(ReadOnlySpan<byte> leaf)
    {
        try
        {
            var reader = new Utf8JsonReader(leaf);
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.TryGetProperty("commitment", out var commitment)
                && json.RootElement.TryGetProperty("id", out var id)
                && LogHash.TryParseBase64(commitment.GetString(), out var hash))
                return (id.GetString() ?? "", hash);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, not an object, not strings, or not Unicode: no leaf of ours.
        }

        return null;
    }

    static byte[]? TryEncode(string eventId, LogHash commitment)
    {
        if (eventId.Length is 0 or > BytesMax)
            return null;
        try
        {
            var leaf = CanonicalJson.Write(new JsonObject
            {
                ["commitment"] = commitment.ToBase64(),
                ["id"] = eventId,
                ["v"] = Version,
            });
            return leaf.Length <= BytesMax ? leaf : null;
        }
        catch (LogFormatException)
        {
            return null;
        }
    }
}
