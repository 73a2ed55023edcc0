using Azure.Core.Cryptography;
using IsaExchange.Exchange.Sealing;

namespace IsaExchange.Exchange.Storage;

/// <summary>How an object stands after it was looked at for an old key.</summary>
public enum RewrapEnd
{
    /// <summary>Its header names the present version already.</summary>
    Present,

    /// <summary>Its header was exchanged for one of the present version.</summary>
    Moved,

    /// <summary>Somebody else is at it, or the new version is not in use here yet: the next look tells.</summary>
    Changed,

    /// <summary>It was deleted.</summary>
    Gone,

    /// <summary>Its own version does not open it: disabled, deleted, or the object is damaged.</summary>
    Failed,

    /// <summary>The store did not let us at it: which version its header names is not known.</summary>
    Unreachable,
}

/// <summary>One object and the header that stands, where that is known.</summary>
public sealed record RewrappedObject(ObjectName Name, RewrapEnd End, string KeyId, ReadOnlyMemory<byte> Header);

/// <summary>
/// Wraps the file key of an object anew under the present version of its key. The payload never changes, and whoever
/// reads it meanwhile reads on: both versions open. A crash leaves the old header or the new one, so what is done is
/// seen in the objects themselves and nothing else has to be remembered.
/// </summary>
public sealed class HeaderRewrap(IObjectStore store, IKeyRing keys)
{
    /// <param name="nameOf">The key name of which this id is an old version, or null when it is none.</param>
    public async Task<RewrappedObject> RewrapAsync(
        ObjectName name, Func<string, string?> nameOf, CancellationToken ct)
    {
        try
        {
            return await LookAsync(name, nameOf, ct);
        }
        catch (StorageFaultException)
        {
            return new RewrappedObject(name, RewrapEnd.Unreachable, "", default);
        }
    }

    async Task<RewrappedObject> LookAsync(ObjectName name, Func<string, string?> nameOf, CancellationToken ct)
    {
        byte[] header;
        try
        {
            await using var stored = await store.OpenAsync(name, ct);
            header = stored.Header;
        }
        catch (ObjectNotFoundException)
        {
            return new RewrappedObject(name, RewrapEnd.Gone, "", default);
        }

        var keyId = "";
        try
        {
            keyId = SealedHeader.KeyIdOf(header);
            return nameOf(keyId) is { } keyName
                ? await MoveAsync(name, header, await keys.CurrentAsync(keyName, ct), nameOf, ct)
                : new RewrappedObject(name, RewrapEnd.Present, keyId, header);
        }
        catch (Exception fault) when (fault is KeyUnavailableException or SealBrokenException)
        {
            return new RewrappedObject(name, RewrapEnd.Failed, keyId, header);
        }
    }

    async Task<RewrappedObject> MoveAsync(
        ObjectName name, byte[] header, IKeyEncryptionKey present, Func<string, string?> nameOf, CancellationToken ct)
    {
        var old = SealedHeader.KeyIdOf(header);
        if (nameOf(present.KeyId) is not null)
            return new RewrappedObject(name, RewrapEnd.Changed, old, default);

        // Opened as a reader would: what was altered or belongs to another object is not sealed anew.
        using var key = await SealedHeader.OpenAsync(header, name.Value, keys, ct);
        var replacement = await SealedHeader.CreateAsync(name.Value, key, present, ct);
        try
        {
            await store.ReplaceHeaderAsync(name, header, replacement, ct);
            return new RewrappedObject(name, RewrapEnd.Moved, present.KeyId, replacement);
        }
        catch (HeaderChangedException)
        {
            return new RewrappedObject(name, RewrapEnd.Changed, old, default);
        }
        catch (ObjectNotFoundException)
        {
            return new RewrappedObject(name, RewrapEnd.Gone, "", default);
        }
    }
}
