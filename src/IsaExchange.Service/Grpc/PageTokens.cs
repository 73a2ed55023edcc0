using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.Exchange;

namespace IsaExchange.Service.Grpc;

/// <summary>One page of a list.</summary>
readonly record struct Page(int Skip, int Take)
{
    /// <summary>One more than asked for, to know whether there is a next page.</summary>
    public int TakeOneMore => Take + 1;
}

/// <summary>
/// Page tokens: opaque, signed, expiring, and bound to caller and request, so that a token says nothing and opens
/// nothing for anybody else.
/// </summary>
sealed class PageTokens(byte[] key, Limits limits, TimeProvider clock)
{
    static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <param name="scope">Method and filter, as one text.</param>
    /// <exception cref="ExchangeException">INVALID_ARGUMENT for a token that is not ours, not for this list, or too
    /// old.</exception>
    public Page Read(Caller caller, string scope, int size, string token)
    {
        if (size < 0)
            throw ExchangeException.Invalid("PAGE_SIZE_NEGATIVE", "The page size cannot be negative.");
        var take = size == 0 ? limits.PageSizeDefault : Math.Min(size, limits.PageSizeMax);
        if (token.Length == 0)
            return new Page(0, take);
        var parts = token.Split('.');
        if (parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var skip)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && expires >= clock.GetUtcNow().ToUnixTimeSeconds()
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(parts[2]), Encoding.UTF8.GetBytes(Sign(caller, scope, skip, expires))))
            return new Page(skip, take);
        throw ExchangeException.Invalid(
            "PAGE_TOKEN_INVALID", "The page token is not valid for this list. Start again from the first page.");
    }

    public string Next(Caller caller, string scope, Page page)
    {
        var skip = page.Skip + page.Take;
        var expires = (clock.GetUtcNow() + Life).ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{skip}.{expires}.{Sign(caller, scope, skip, expires)}");
    }

    string Sign(Caller caller, string scope, int skip, long expires)
    {
        var said = string.Create(
            CultureInfo.InvariantCulture, $"{caller.Principal.Subject}\n{scope}\n{skip}\n{expires}");
        return Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(said)));
    }
}
