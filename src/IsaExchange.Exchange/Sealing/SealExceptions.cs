namespace IsaExchange.Exchange.Sealing;

/// <summary>Why a sealed object is refused. Each is final: the bytes are not what we sealed under that name.</summary>
public enum SealBreak
{
    /// <summary>The header is not an age v1 header (grammar, canonical base64, one byte too many).</summary>
    HeaderMalformed,
    BindMissing,
    BindDoubled,
    BindMalformed,

    /// <summary>The header is that of another object.</summary>
    BoundToAnotherName,
    KeyStanzaMissing,
    KeyStanzaDoubled,
    KeyStanzaMalformed,

    /// <summary>The key-encryption key is there and says that this is not a file key it wrapped.</summary>
    FileKeyNotUnwrapped,

    /// <summary>The HMAC over the header is wrong under the file key.</summary>
    HeaderAltered,

    /// <summary>The payload ends before its final chunk.</summary>
    PayloadTruncated,
    ChunkAltered,

    /// <summary>There is something after the final chunk.</summary>
    TrailingBytes,

    /// <summary>The final chunk is empty although chunks came before it.</summary>
    EmptyLastChunk,
}

/// <summary>A sealed object was altered, cut, mixed up or renamed. Nothing unverified has been handed out.</summary>
public sealed class SealBrokenException : Exception
{
    public SealBrokenException(SealBreak reason, string sentence, Exception? cause = null)
        : base(sentence, cause) => Reason = reason;

    public SealBreak Reason { get; }

    /// <summary>The object, where it was opened by its name.</summary>
    public string? ObjectName { get; internal set; }
}

/// <summary>The key-encryption key cannot be had now: absent, unreadable, refused. The object may be perfectly
/// whole.</summary>
public sealed class KeyUnavailableException : Exception
{
    public KeyUnavailableException(string keyId, string sentence, Exception? cause = null)
        : base(sentence, cause) => KeyId = keyId;

    public string KeyId { get; }
}
