using Azure;

namespace IsaExchange.Service.Adapters.Vault;

/// <summary>What the vault answered when it did not do what it was asked. Status and codes only: of the body, which
/// could quote the request, nothing is kept.</summary>
sealed class VaultFaultException(int status, string code, string innerCode, TimeSpan? retryAfter)
    : RequestFailedException(status, $"The vault answered {status} ({code}/{innerCode}).", code, innerException: null)
{
    public string InnerCode { get; } = innerCode;

    /// <summary>So long the vault asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
