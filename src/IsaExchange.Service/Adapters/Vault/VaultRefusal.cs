using System.Text.Json;
using Azure;
using Azure.Identity;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Service.Resilience;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace IsaExchange.Service.Adapters.Vault;

/// <summary>Says of whatever went wrong with a vault which right or state is at fault, for the operator.</summary>
static class VaultRefusal
{
    /// <summary>True for everything that a call to the vault can end with; a cancelled call is the caller's.</summary>
    public static bool Is(Exception fault) => Dependency.IsRejection(fault)
        || fault is RequestFailedException or AuthenticationFailedException or VaultChallengeException
            or IOException or HttpRequestException or JsonException or KeyNotFoundException
            or InvalidOperationException;

    /// <param name="right">The permission that the call needs, as the vault names it.</param>
    public static KeyUnavailableException Of(string key, string right, Exception fault) =>
        new(key, Sentence(key, right, fault), fault);

    static string Sentence(string key, string right, Exception fault) => fault switch
    {
        VaultFaultException answered => Answered(key, right, answered),
        RequestFailedException { Status: 0 } => $"The vault of {key} cannot be reached.",
        AuthenticationFailedException => "The service has no identity that it could show the vault.",
        VaultChallengeException => fault.Message,
        TimeoutRejectedException => $"The vault of {key} does not answer in time.",
        BrokenCircuitException => $"The vault of {key} failed too often just now; it is left alone for a moment.",
        RateLimiterRejectedException => $"Too many calls wait for the vault of {key}.",
        _ => $"The vault of {key} gave an answer that is none: {fault.GetType().Name}.",
    };

    static string Answered(string key, string right, VaultFaultException answered) => answered switch
    {
        { InnerCode: "KeyDisabled" } => $"The key {key} is disabled in the vault.",
        { InnerCode: "KeyNotYetValid" or "KeyExpired" } => $"The key {key} is outside its dates in the vault.",
        { Status: 401 } => "The vault does not take the token of the service's identity: is it of the vault's tenant?",
        { InnerCode: "ForbiddenByFirewall" } => "The vault's firewall refuses the service's address.",
        { Status: 403 } => $"The service's identity lacks the right keys/{right} on the vault.",
        { Status: 404 } => $"The vault has no key {key} (any more).",
        { Status: 409 } => $"The key {key} was deleted in the vault, and can still be recovered there.",
        { Status: 429 } => "The vault is asked too often, and did not become free while the call waited.",
        _ => $"The vault of {key} answered {answered.Status} ({answered.ErrorCode}).",
    };
}
