using Azure.Core;

namespace IsaExchange.Service.Adapters.Vault;

/// <summary>Something that the vault can be asked to do with a key.</summary>
sealed record VaultTrial(string Right, RequestMethod Method, string Path, object? Body);

/// <summary>What the identity of the service must not be able to do with keys.</summary>
static class VaultRights
{
    /// <summary>Of the form that versions have; none has this one.</summary>
    const string NoVersion = "00000000000000000000000000000000";

    /// <summary>Each with a way to ask for it that does nothing, because nobody has a key of that name.</summary>
    public static IEnumerable<VaultTrial> NotNeeded(string name) =>
    [
        new("backup", RequestMethod.Post, $"/keys/{name}/backup", null),
        new("purge", RequestMethod.Delete, $"/deletedkeys/{name}", null),
        new("recover", RequestMethod.Post, $"/deletedkeys/{name}/recover", null),
        new("decrypt", RequestMethod.Post, $"/keys/{name}/{NoVersion}/decrypt",
            new { alg = "RSA-OAEP-256", value = "AAAA" }),
        new("sign", RequestMethod.Post, $"/keys/{name}/{NoVersion}/sign",
            new { alg = "RS256", value = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" }),
    ];
}
