using System.Globalization;
using System.Security.Cryptography;
using Azure;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>What stands in the metadata of a blob, changed in the same commit as its blocks.</summary>
/// <param name="IsWhole">Promoted or put; otherwise staged.</param>
/// <param name="Object">Random, the same for all the life of the object: tells its blob from a later one of the same
/// name, and its blocks from theirs.</param>
/// <param name="Commit">Random, another one with every change: tells whose change stands when an answer was
/// lost.</param>
/// <param name="HeaderLength">Bytes of the blob that are the header.</param>
/// <param name="PayloadLength">Bytes after it.</param>
sealed record BlobMark(bool IsWhole, string Object, string Commit, int HeaderLength, long PayloadLength)
{
    const int HeaderLengthMax = 64 * 1024;

    const string StateKey = "isaxstate";
    const string ObjectKey = "isaxobject";
    const string CommitKey = "isaxcommit";
    const string HeaderKey = "isaxheader";
    const string PayloadKey = "isaxpayload";

    public static BlobMark Fresh(bool isWhole, int headerLength, long payloadLength) =>
        new(isWhole, Random(), Random(), headerLength, payloadLength);

    /// <summary>The mark of the next change of the same object.</summary>
    public BlobMark Next() => this with { Commit = Random() };

    public IDictionary<string, string> ToMetadata() => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [StateKey] = IsWhole ? "whole" : "staged",
        [ObjectKey] = Object,
        [CommitKey] = Commit,
        [HeaderKey] = HeaderLength.ToString(CultureInfo.InvariantCulture),
        [PayloadKey] = PayloadLength.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Null when the blob is not one that a store made: somebody wrote over it.</summary>
    public static BlobMark? Of(IDictionary<string, string> metadata, long blobLength)
    {
        var found = new Dictionary<string, string>(metadata, StringComparer.OrdinalIgnoreCase);
        var isMade = found.TryGetValue(ObjectKey, out var made) & found.TryGetValue(CommitKey, out var commit)
            & found.TryGetValue(StateKey, out var state);
        if (!isMade || state is not ("whole" or "staged") || Number(found, HeaderKey) is not { } header
            || Number(found, PayloadKey) is not { } payload || header is 0 or > HeaderLengthMax || header > blobLength)
            return null;
        return new BlobMark(state == "whole", made!, commit!, (int)header, payload);
    }

    static long? Number(Dictionary<string, string> metadata, string key) =>
        metadata.TryGetValue(key, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static string Random() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}

/// <summary>A blob as it stood at one moment.</summary>
sealed record BlobSeen(ETag ETag, BlobMark? Mark, long Length);

/// <summary>
/// Ids of blocks, all of one length as the service wants it. A payload block's follows from the object and the
/// position, so putting it again changes nothing; a header's is another one each time.
/// </summary>
static class BlobBlocks
{
    public static string Header() => Id("h" + BlobMark.Random() + new string('0', 16));

    public static string Payload(BlobMark mark, long position) =>
        Id("p" + mark.Object + position.ToString("x16", CultureInfo.InvariantCulture));

    static string Id(string text) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(text));
}
