using Azure.Core;
using Azure.Identity;

namespace IsaExchange.Service.Adapters;

/// <summary>
/// Who the service is to Azure: the identity of the workload (Kubernetes) or of the machine. Nothing else is tried: no
/// key, no password, and no login that a developer left behind.
/// </summary>
static class AzureIdentity
{
    public static TokenCredential Credential()
    {
        // The pipeline of each dependency repeats; two layers of retries would multiply.
        var options = new ManagedIdentityCredentialOptions(ManagedIdentityId.SystemAssigned);
        options.Retry.MaxRetries = 0;
        var workload = Environment.GetEnvironmentVariable("AZURE_FEDERATED_TOKEN_FILE");
        return string.IsNullOrEmpty(workload)
            ? new ManagedIdentityCredential(options)
            : new WorkloadIdentityCredential();
    }
}
