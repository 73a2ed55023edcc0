using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.Cli.Wire;

/// <summary>
/// Request ids that follow from what is asked for (UUID version 8 of RFC 9562: the first bits of a SHA-256). The same
/// command run again after a crash asks for the same thing under the same id, and so goes on instead of starting twice.
/// </summary>
static class RequestId
{
    static readonly byte[] Namespace = "isaexchange.v1/request-id"u8.ToArray();

    /// <param name="parts">Every field of the request. Length-prefixed, so that no two lists of parts read the
    /// same.</param>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Namespace);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        Span<byte> id = stackalloc byte[32];
        hash.GetHashAndReset(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true).ToString("D");
    }

    /// <summary>
    /// For an act that may rightly be done twice, such as publishing again: only the retries of one call share it.
    /// </summary>
    public static string Fresh() => Guid.NewGuid().ToString("D");
}
