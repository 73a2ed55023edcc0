using Azure.Core;
using Azure.Identity;

namespace IsaExchange.Service.Adapters;

/// <summary>
/// Who the service is to Azure: the identity of the workload (Kubernetes) or of the machine. Nothing else is tried: no
/// key, no password, and no login that a developer left behind.
/// </summary>
static class AzureIdentity
{
    /// <param name="clientId">Of an identity that was assigned to the machine, which may have several; null for the
    /// machine's own.</param>
    public static TokenCredential Credential(string? clientId)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AZURE_FEDERATED_TOKEN_FILE")))
        {
            var workload = new WorkloadIdentityCredentialOptions();
            if (clientId is not null)
                workload.ClientId = clientId;
            return new WorkloadIdentityCredential(workload);
        }

        // The pipeline of each dependency repeats; two layers of retries would multiply.
        var options = new ManagedIdentityCredentialOptions(clientId is null
            ? ManagedIdentityId.SystemAssigned
            : ManagedIdentityId.FromUserAssignedClientId(clientId));
        options.Retry.MaxRetries = 0;
        return new ManagedIdentityCredential(options);
    }
}
