using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>Objects whose headers name one key version.</summary>
/// <param name="KeyId">Empty for headers that name none that can be read.</param>
/// <param name="KeyName">Empty when the version is not one that the ring has.</param>
/// <param name="Opens">False when nothing under it can be opened now: disabled, deleted, or not ours.</param>
public sealed record KeyUse(
    string KeyId, string KeyName, bool IsPresent, bool Opens, DateTimeOffset? Made, IReadOnlyList<ObjectName> Objects);

/// <summary>Which objects fail without which key version: from the headers as they stand.</summary>
public sealed class KeyReport(IObjectStore store, IKeyRing keys)
{
    /// <summary>Every version that these holders have or a header names, by key and age; staged objects under their
    /// staging names.</summary>
    public async Task<IReadOnlyList<KeyUse>> RunAsync(IReadOnlyList<KeyHolder> holders, CancellationToken ct)
    {
        var named = new Dictionary<string, List<ObjectName>>(StringComparer.Ordinal);
        foreach (var prefix in (string[])["cubes/", "datasets/", "releases/", ReleaseRow.SecretsPrefix])
        {
            await foreach (var name in store.ListAsync(prefix, ct))
            {
                if (await HeaderAsync(name, ct) is { } header)
                    Note(named, header, name);
            }
        }

        await foreach (var name in store.ListStagedAsync(ct))
        {
            await using var staged = await store.ReadStagedAsync(name, ct);
            if (staged is not null)
                Note(named, staged.Header, new ObjectName(name.Staged));
        }

        var uses = await HeldAsync(holders, named, ct);
        uses.AddRange(named.Select(n => new KeyUse(n.Key, "", IsPresent: false, Opens: false, Made: null, n.Value)));
        return uses;
    }

    /// <summary>Takes what is held out of what is named.</summary>
    async Task<List<KeyUse>> HeldAsync(
        IReadOnlyList<KeyHolder> holders, Dictionary<string, List<ObjectName>> named, CancellationToken ct)
    {
        var uses = new List<KeyUse>();
        foreach (var holder in holders)
        {
            foreach (var key in (await HeldVersions.ReadAsync(keys, holder, ct)).Keys)
            {
                uses.AddRange(key.Versions.Select(v => new KeyUse(
                    v.KeyId, key.Name, v == key.Present, v.IsEnabled, v.Made,
                    named.Remove(v.KeyId, out var objects) ? objects : [])));
            }
        }

        return uses;
    }

    async Task<byte[]?> HeaderAsync(ObjectName name, CancellationToken ct)
    {
        try
        {
            await using var stored = await store.OpenAsync(name, ct);
            return stored.Header;
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    static void Note(Dictionary<string, List<ObjectName>> named, byte[] header, ObjectName name)
    {
        var keyId = "";
        try
        {
            keyId = SealedHeader.KeyIdOf(header);
        }
        catch (SealBrokenException)
        {
            // It names no key, and none opens it.
        }

        if (!named.TryGetValue(keyId, out var objects))
            named[keyId] = objects = [];
        objects.Add(name);
    }
}
