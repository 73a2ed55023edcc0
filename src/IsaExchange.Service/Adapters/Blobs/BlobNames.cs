using System.Security.Cryptography;
using System.Text;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>
/// Which container an object lies in: each party of each agreement has one for its datasets and cubes, and everything
/// else lies in one of the exchange. The blob has the whole name of the object, so two parties whose containers were
/// the same one would still never share a blob.
/// </summary>
sealed class BlobNames(string prefix)
{
    /// <summary>A container name has at most 63 characters; the rest is prefix, digest and hyphens.</summary>
    const int ReadableLengthMax = 24;

    const int DigestLength = 16;

    /// <summary>Begins the name of every container of this exchange, and of no other's: a prefix has no
    /// hyphen.</summary>
    public string Prefix => prefix + "-";

    /// <summary>Holds what belongs to no single party.</summary>
    public string Exchange => Prefix + "exchange";

    public string ContainerOf(ObjectName name) => ContainerOf(name.Value) ?? Exchange;

    /// <summary>The one container in which all names of this prefix lie, or null when it may be any.</summary>
    public string? ContainerOfAll(string namePrefix)
    {
        if (ContainerOf(namePrefix) is { } party)
            return party;
        var mayBePartys = "datasets/".StartsWith(namePrefix, StringComparison.Ordinal)
            || "cubes/".StartsWith(namePrefix, StringComparison.Ordinal)
            || namePrefix.StartsWith("datasets/", StringComparison.Ordinal)
            || namePrefix.StartsWith("cubes/", StringComparison.Ordinal);
        return mayBePartys ? null : Exchange;
    }

    /// <summary>True for containers that this class names; others may lie in the same account.</summary>
    public bool IsOurs(string container)
    {
        if (container == Exchange)
            return true;
        if (!container.StartsWith(Prefix, StringComparison.Ordinal) || container.Length < Prefix.Length + DigestLength)
            return false;
        return container[^(DigestLength + 1)] == '-' && container[^DigestLength..].All(char.IsAsciiHexDigitLower);
    }

    string? ContainerOf(string name)
    {
        // With the third '/' the party is whole.
        if (name.Split('/') is not ["datasets" or "cubes", var agreement, var party, _, ..])
            return null;
        var owner = agreement + "/" + party;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(owner)))[..DigestLength];
        return $"{Prefix}{Readable(owner)}{digest}";
    }

    /// <summary>Letters, digits and single hyphens, for people; ends in a hyphen unless nothing is left.</summary>
    static string Readable(string owner)
    {
        var text = new StringBuilder();
        foreach (var c in owner)
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
                text.Append(c);
            else if (text.Length > 0 && text[^1] != '-')
                text.Append('-');
            if (text.Length == ReadableLengthMax)
                break;
        }

        return text.Length > 0 && text[^1] != '-' ? text.Append('-').ToString() : text.ToString();
    }
}
