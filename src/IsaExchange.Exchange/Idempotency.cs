using System.Security.Cryptography;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>A mutation's id, chosen by the caller, and the digest of what it asks for.</summary>
/// <param name="Id">UUID; empty when the caller gave none, and then a repeat is a new request.</param>
/// <param name="BodySha256">Hex digest of the kind of request and of the request without its id.</param>
public sealed record RequestKey(string Id, string BodySha256)
{
    const int UuidLength = 36;

    /// <exception cref="ExchangeException">INVALID_ARGUMENT when the id is not a UUID.</exception>
    public static RequestKey Of(string id, ReadOnlySpan<byte> body)
    {
        // One spelling a UUID: parsing alone would also take white space of any length around it.
        if (id.Length > 0 && (id.Length != UuidLength || !Guid.TryParseExact(id, "D", out _)))
            throw ExchangeException.Invalid(
                "REQUEST_ID_NOT_UUID", "The request id must be a UUID. Make a new one for each new request.");
        return new RequestKey(id, Convert.ToHexStringLower(SHA256.HashData(body)));
    }

    /// <summary>The resource that this request made before, or null when it is new.</summary>
    /// <exception cref="ExchangeException">ALREADY_EXISTS when the id was used for another request.</exception>
    public async Task<string?> AnsweredAsync(CatalogueContext db, Caller caller, CancellationToken ct)
    {
        if (Id.Length == 0)
            return null;
        var answered = await db.AnsweredRequests.FindAsync([caller.Principal.Subject, Id], ct);
        if (answered is null)
            return null;
        return answered.BodySha256 == BodySha256
            ? answered.Resource
            : throw new ExchangeException(
                ProblemKind.AlreadyExists, "REQUEST_ID_REUSED",
                "This request id was used for another request. Make a new one.");
    }

    /// <summary>Remembers the answer in the transaction that makes it true.</summary>
    public void Remember(CatalogueContext db, Caller caller, string resource, DateTimeOffset now)
    {
        if (Id.Length == 0)
            return;
        db.AnsweredRequests.Add(new AnsweredRequestRow
        {
            Caller = caller.Principal.Subject,
            RequestId = Id,
            BodySha256 = BodySha256,
            Resource = resource,
            Ticks = now.UtcTicks,
        });
    }
}
