using System.Net.Sockets;
using Azure;
using Azure.Identity;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Adapters.Vault;

namespace IsaExchange.Service.Resilience;

/// <summary>
/// The pipeline of every dependency, in one place. The drivers' own retries are off: two layers of them multiply.
/// </summary>
static class Dependencies
{
    /// <summary>Of all that an exchange may depend on, set up or not.</summary>
    public static IReadOnlyList<string> Names { get; } = ["catalogue", "objects", "keys"];

    /// <summary>Azure Blob Storage. A block of 4 MiB at the slowest rate an upload may have takes a while.</summary>
    public static DependencyTerms Objects { get; } = new(
        "objects", Attempt: TimeSpan.FromSeconds(30), Retries: 4, RetryFirst: TimeSpan.FromMilliseconds(200),
        AtOnce: 64, IsAzureFault)
    {
        RetryAfter = AskedToWait,
    };

    /// <summary>Azure Key Vault. Small calls, throttled per vault: it says itself how long to wait.</summary>
    public static DependencyTerms Keys { get; } = new(
        "keys", Attempt: TimeSpan.FromSeconds(10), Retries: 3, RetryFirst: TimeSpan.FromMilliseconds(200),
        AtOnce: 32, IsAzureFault)
    {
        RetryAfter = static e => e is VaultFaultException { RetryAfter: { } asked } ? Bounded(asked) : null,
    };

    /// <summary>PostgreSQL. Repeated are whole transactions that did not commit; many of them only met
    /// another.</summary>
    public static DependencyTerms Catalogue { get; } = new(
        "catalogue", Attempt: TimeSpan.FromSeconds(60), Retries: 14, RetryFirst: TimeSpan.FromMilliseconds(10),
        AtOnce: 128, IsCatalogueFault)
    {
        RetryMax = TimeSpan.FromMilliseconds(500),
        IsConflict = static e => e is CatalogueConflictException,
    };

    /// <summary>The same server, read beside transactions that wait for the answer: they must not take its
    /// place.</summary>
    public static DependencyTerms CatalogueReads { get; } = Catalogue with { Name = "catalogue-reads" };

    /// <summary>What an Azure service could not do now: no answer, or one that says try again.</summary>
    public static bool IsAzureFault(Exception e) => e switch
    {
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,
        AuthenticationFailedException => true,
        IOException or HttpRequestException or SocketException => true,
        _ => false,
    };

    /// <summary>The server or the way to it failed; a refusal of the statement is none, nor is one that is too
    /// slow.</summary>
    public static bool IsCatalogueFault(Exception e) =>
        e is CatalogueUnavailableException and not CatalogueTooSlowException;

    static TimeSpan? AskedToWait(Exception e)
    {
        if (e is not RequestFailedException failed || failed.GetRawResponse() is not { } response
            || !response.Headers.TryGetValue("Retry-After", out var text)
            || !int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds))
            return null;
        return Bounded(TimeSpan.FromSeconds(seconds));
    }

    // Nobody waits longer for one call; the breaker and the next call see to the rest.
    static TimeSpan Bounded(TimeSpan asked) => TimeSpan.FromSeconds(Math.Clamp(asked.TotalSeconds, 0, 20));
}
