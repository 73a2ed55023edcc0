using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.Service.Adapters.Vault;

/// <summary>A key version of one vault, as its address: <c>https://{vault}/keys/{name}/{version}</c>.</summary>
sealed record VaultKeyId(Uri Vault, string Name, string Version)
{
    const int NameLengthMax = 127;
    const int VersionLength = 32;
    const int KeptOfLongName = 84;

    static readonly SearchValues<char> OfName =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    static readonly SearchValues<char> OfVersion = SearchValues.Create("0123456789abcdef");

    public override string ToString() => $"{Vault.GetLeftPart(UriPartial.Authority)}/keys/{Name}/{Version}";

    /// <summary>False for whatever is not, to the letter, the address of a key version of this vault: it comes from a
    /// header that is not authenticated yet, and must not lead a request elsewhere.</summary>
    public static bool TryParse(string text, Uri vault, [NotNullWhen(true)] out VaultKeyId? id)
    {
        id = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address.AbsolutePath.Split('/') is not ["", "keys", var name, var version]
            || name.Length is 0 or > NameLengthMax || name.AsSpan().ContainsAnyExcept(OfName)
            || version.Length != VersionLength || version.AsSpan().ContainsAnyExcept(OfVersion))
            return false;
        id = new VaultKeyId(vault, name, version);
        return id.ToString() == text;
    }

    /// <summary>
    /// Our key names in the letters a vault has: words stay, a dot becomes two hyphens, and no two names meet. A vault
    /// takes capitals for small letters, so there are none.
    /// </summary>
    /// <exception cref="ArgumentException">Not words with single hyphens, separated by dots.</exception>
    public static string NameOf(string keyName)
    {
        foreach (var word in keyName.Split('.', '-'))
        {
            if (word.Length == 0 || !word.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
                throw new ArgumentException(
                    "A key name is words of lower-case letters and digits, separated by single dots and hyphens.",
                    nameof(keyName));
        }

        var name = keyName.Replace(".", "--", StringComparison.Ordinal);
        if (name.Length <= NameLengthMax)
            return name;

        // Three hyphens in a row stand in no short name.
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(keyName)))[..40];
        return $"{name[..KeptOfLongName]}---{digest}";
    }
}
