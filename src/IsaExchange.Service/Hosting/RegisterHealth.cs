using IsaExchange.Exchange;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IsaExchange.Service.Hosting;

/// <summary>Unhealthy while a stored revision is not what was signed: that one decides nothing.</summary>
sealed class RegisterHealth(PartnershipBook book) : IHealthCheck
{
    public const string Name = "register";

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        book.Faults.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(string.Join("; ", book.Faults)));
}
