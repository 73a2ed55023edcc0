using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using Microsoft.AspNetCore.Connections.Features;

namespace IsaExchange.Service.Identity;

/// <summary>
/// Calls a second, by whoever calls: a party for its senders, each person for themselves. Streams and connections at
/// once, by party. Said as RESOURCE_EXHAUSTED with a delay: an HTTP 429 would look like an outage to a gRPC caller and
/// be retried at once.
/// </summary>
sealed class CallLimits : IDisposable
{
    const int AcquireTries = 5;

    readonly PartitionedRateLimiter<string> _calls;
    readonly PartitionedRateLimiter<string> _addresses;
    readonly PartitionedRateLimiter<string> _streams;
    readonly ConcurrentDictionary<(string Party, string Connection), byte> _connections = new();
    readonly PartnershipBook _book;
    readonly Limits _limits;

    public CallLimits(Limits limits, PartnershipBook book)
    {
        (_limits, _book) = (limits, book);
        _calls = Bucket(limits.CallsPerSecond, limits.CallsBurst);
        _addresses = Bucket(limits.AddressCallsPerSecond, limits.AddressCallsBurst);
        _streams = PartitionedRateLimiter.Create<string, string>(who => RateLimitPartition.GetConcurrencyLimiter(
            who, _ => new ConcurrencyLimiterOptions { PermitLimit = limits.StreamsOutPerParty, QueueLimit = 0 }));
    }

    public TimeSpan UnaryMax { get; } = TimeSpan.FromMinutes(2);

    public TimeSpan StreamMax => _limits.UploadTotalMax;

    public TimeSpan RecheckEvery => _limits.RecheckEvery;

    public void Take(Caller caller) => Take(_calls, caller.Principal.Party ?? caller.Principal.Subject);

    public void TakeUnidentified(string address) => Take(_calls, "address " + address);

    public void TakeAddress(string address) => Take(_addresses, address);

    /// <summary>One of the party's streams out, until it is disposed.</summary>
    public IDisposable TakeStreamOut(Caller caller)
    {
        var lease = Acquire(_streams, PartyOf(caller.Principal));
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        throw Exhausted(
            $"The party has {_limits.StreamsOutPerParty} downloads under way, its limit. Let one finish first.", 5);
    }

    /// <summary>Counts the connection for the party until it closes.</summary>
    public void TakeConnection(HttpContext http, Caller caller)
    {
        var entry = (Party: PartyOf(caller.Principal), http.Connection.Id);
        if (_connections.ContainsKey(entry))
            return;
        if (_connections.Keys.Count(c => c.Party == entry.Party) >= _limits.ConnectionsPerParty)
            throw Exhausted(
                $"The party has {_limits.ConnectionsPerParty} connections open, its limit. Use one for many calls.", 5);
        if (_connections.TryAdd(entry, 0)
            && http.Features.Get<IConnectionLifetimeFeature>() is { } life)
            life.ConnectionClosed.Register(() => _connections.TryRemove(entry, out _));
    }

    /// <summary>A person counts towards the first party that an agreement names them for.</summary>
    string PartyOf(Principal principal) => principal.Party
        ?? _book.All.SelectMany(p => CredentialRegistry.People(p.Agreement))
            .Where(p => p.Person == principal.Person).Select(p => p.Party).FirstOrDefault()
        ?? principal.Subject;

    static PartitionedRateLimiter<string> Bucket(int perSecond, int burst) =>
        PartitionedRateLimiter.Create<string, string>(who => RateLimitPartition.GetTokenBucketLimiter(
            who,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));

    static void Take(PartitionedRateLimiter<string> limiter, string who)
    {
        using var lease = Acquire(limiter, who);
        if (!lease.IsAcquired)
            throw Exhausted("Too many calls at once. Wait a second, then go on.", 1);
    }

    /// <summary>
    /// A limiter that nobody used for a while is disposed by the platform, also in the moment in which somebody has
    /// just been given it: the next look makes a new one.
    /// </summary>
    internal static RateLimitLease Acquire(PartitionedRateLimiter<string> limiter, string who)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return limiter.AttemptAcquire(who);
            }
            catch (ObjectDisposedException) when (tries < AcquireTries)
            {
                // Disposed between being found and being asked.
            }
        }
    }

    static ExchangeException Exhausted(string message, int seconds) => new(
        ProblemKind.ResourceExhausted, "QUOTA", message,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["retry_seconds"] = seconds.ToString(CultureInfo.InvariantCulture),
        });

    public void Dispose()
    {
        _calls.Dispose();
        _addresses.Dispose();
        _streams.Dispose();
    }
}
