using System.Collections.Concurrent;
using IsaExchange.Service.Resilience;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IsaExchange.Service.Hosting;

/// <summary>
/// What each dependency said when it was asked last. One that is down takes away what needs it, not the exchange: it
/// has a health of its own, by its name.
/// </summary>
sealed class DependencyStates
{
    readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal);

    /// <summary>Kind of the last fault; null while it answers.</summary>
    public string? FaultOf(string name) => _faults.TryGetValue(name, out var fault) ? fault : null;

    /// <summary>True when this is news.</summary>
    public bool IsUp(string name) => _faults.TryRemove(name, out _);

    public bool IsDown(string name, string fault)
    {
        var isNews = !_faults.ContainsKey(name);
        _faults[name] = fault;
        return isNews;
    }
}

/// <summary>Health of one dependency, as grpc.health knows it: <c>isaexchange.objects</c> and so on.</summary>
sealed class DependencyHealth(string name, DependencyStates states) : IHealthCheck
{
    public const string Prefix = "isaexchange.";

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(states.FaultOf(name) is { } fault
            ? HealthCheckResult.Unhealthy($"{name}: {fault}")
            : HealthCheckResult.Healthy());
}

/// <summary>Asks every dependency again and again, through its own pipeline.</summary>
sealed partial class ProbeLoop(
    IEnumerable<IDependencyProbe> probes, DependencyStates states, TimeProvider clock, ILogger<ProbeLoop> log)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(probes.Select(p => WatchAsync(p, stoppingToken)));

    async Task WatchAsync(IDependencyProbe probe, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(probe.Every, clock);
        do
        {
            try
            {
                await probe.ProbeAsync(ct);
                if (states.IsUp(probe.Name))
                    LogUp(probe.Name);
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                // The type only: what a server says of its input does not enter a log.
                if (states.IsDown(probe.Name, e.GetType().Name))
                    LogDown(probe.Name, e.GetType().Name);
            }
        }
        while (await NextAsync(timer, ct));
    }

    static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(20, LogLevel.Error, "{Dependency} does not answer ({Fault})")]
    partial void LogDown(string dependency, string fault);

    [LoggerMessage(21, LogLevel.Warning, "{Dependency} answers again")]
    partial void LogUp(string dependency);
}
