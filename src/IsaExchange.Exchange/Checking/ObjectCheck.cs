using System.Security.Cryptography;
using Azure.Core.Cryptography;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Exchange.Checking;

/// <summary>What an object holds, opened from its first byte to its last; nothing of it is kept.</summary>
sealed record OpenedObject(string HeaderSha256, string Sha256, long Bytes, long SealedBytes);

/// <summary>Opens objects whole. A fault of one is a finding; a store or a key that cannot be had ends the
/// check.</summary>
sealed class ObjectCheck(IObjectStore store, IKeyEncryptionKeyResolver keys)
{
    const int BufferBytes = 256 << 10;

    readonly byte[] _buffer = new byte[BufferBytes];

    /// <summary>Null, with the finding in the report, when the object is gone, damaged, or another's.</summary>
    public async Task<OpenedObject?> OpenAsync(ObjectName name, FsckReport report, CancellationToken ct)
    {
        report.Objects++;
        try
        {
            await using var stored = await store.OpenAsync(name, ct);
            return await ReadAsync(stored, name.Value, report, ct);
        }
        catch (ObjectNotFoundException)
        {
            report.Add(name.Value, "the object is gone");
        }
        catch (SealBrokenException e)
        {
            report.Add(name.Value, $"the object is damaged ({e.Reason})");
        }
        catch (KeyUnavailableException e)
        {
            report.Add(name.Value, $"the key {e.KeyId} that opens it cannot be had");
        }

        return null;
    }

    /// <summary>The same for an object that is not promoted yet.</summary>
    public async Task<OpenedObject?> OpenStagedAsync(
        StoredObject staged, string boundName, string what, FsckReport report, CancellationToken ct)
    {
        report.Objects++;
        try
        {
            return await ReadAsync(staged, boundName, report, ct);
        }
        catch (SealBrokenException e)
        {
            report.Add(what, $"its staged content is damaged ({e.Reason})");
        }
        catch (KeyUnavailableException e)
        {
            report.Add(what, $"the key {e.KeyId} of its staged content cannot be had");
        }

        return null;
    }

    async Task<OpenedObject> ReadAsync(StoredObject stored, string boundName, FsckReport report, CancellationToken ct)
    {
        using var key = await SealedHeader.OpenAsync(stored.Header, boundName, keys, ct);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var content = PayloadOpener.OpenStream(stored.Payload, key);
        var bytes = 0L;
        try
        {
            while (await content.ReadAsync(_buffer, ct) is var read and > 0)
            {
                hash.AppendData(_buffer, 0, read);
                bytes += read;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(_buffer);
        }

        report.Bytes += bytes;
        return new OpenedObject(
            Convert.ToHexStringLower(SHA256.HashData(stored.Header)),
            Convert.ToHexStringLower(hash.GetHashAndReset()), bytes, stored.PayloadLength);
    }
}
