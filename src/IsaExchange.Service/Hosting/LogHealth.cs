using IsaExchange.Exchange.Auditing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IsaExchange.Service.Hosting;

/// <summary>Unhealthy while events wait too long for integration: then every call is refused.</summary>
sealed class LogHealth(AuditTrail trail) : IHealthCheck
{
    public const string Name = "log";

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(trail.Stalled ? HealthCheckResult.Unhealthy("audit log stalled") : HealthCheckResult.Healthy());
}
