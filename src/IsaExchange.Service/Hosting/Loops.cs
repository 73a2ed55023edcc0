using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;

namespace IsaExchange.Service.Hosting;

/// <summary>Integrates committed events into the log: at once while there are many, else every second.</summary>
sealed partial class IntegrationLoop(
    LogIntegrator integrator, AuditTrail trail, Limits limits, TimeProvider clock, ILogger<IntegrationLoop> log)
    : BackgroundService
{
    readonly SemaphoreSlim _waiting = new(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        trail.Committed = Wake;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await IntegrateAsync(stoppingToken);
                await _waiting.WaitAsync(limits.CheckpointEvery, stoppingToken);
                await Task.Delay(TimeSpan.FromMilliseconds(250), clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Events that still wait are integrated at the next start, in the same order.
        }
        finally
        {
            trail.Committed = null;
        }
    }

    async Task IntegrateAsync(CancellationToken ct)
    {
        try
        {
            while (await integrator.IntegrateAsync(ct) >= limits.CheckpointEvents)
            {
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Calls go on until the lag limit, then stop: an operator has that long to act.
            LogFault(e.GetType().Name);
        }
    }

    void Wake()
    {
        if (_waiting.CurrentCount == 0)
            _waiting.Release();
    }

    public override void Dispose()
    {
        _waiting.Dispose();
        base.Dispose();
    }

    [LoggerMessage(10, LogLevel.Error, "The log could not be integrated ({Fault}); trying again")]
    partial void LogFault(string fault);
}

/// <summary>Runs the housekeeping: idle uploads every minute, the rest at start and then every hour.</summary>
sealed partial class HousekeepingLoop(Housekeeping housekeeping, TimeProvider clock, ILogger<HousekeepingLoop> log)
    : BackgroundService
{
    const int MinutesBetweenFullRuns = 60;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        var minute = 0;
        do
        {
            try
            {
                await housekeeping.SweepSessionsAsync();
                if (minute++ % MinutesBetweenFullRuns == 0)
                    await housekeeping.RunAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFault(e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(11, LogLevel.Error, "Housekeeping failed ({Fault}); trying again")]
    partial void LogFault(string fault);
}
