using IsaExchange.Exchange;

namespace IsaExchange.Service.Hosting;

/// <summary>
/// Retention and rotation, at the start and then every hour. Each step begins from what stands, so a crash, or another
/// replica at the same step, costs nothing but the time.
/// </summary>
sealed partial class KeyLifeLoop(
    EraseExpired erase, DestroyKeys destroy, RotateKeys rotate, TimeProvider clock, ILogger<KeyLifeLoop> log)
    : BackgroundService
{
    /// <summary>So many names of what is left are logged; keys report tells them all.</summary>
    const int NamesMax = 20;

    static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            await StepAsync("retention", erase.RunAsync, stoppingToken);
            await StepAsync("destruction of keys", destroy.RunAsync, stoppingToken);
            await StepAsync("rotation of keys", rotate.RunAsync, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One that fails does not keep the others from their turn.</summary>
    async Task StepAsync(string step, Func<CancellationToken, Task> run, CancellationToken ct)
    {
        try
        {
            await run(ct);
        }
        catch (KeyPassUnfinishedException e)
        {
            LogLeft(step, e.Left.Count, string.Join(", ", e.Left.Take(NamesMax)));
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            LogFault(step, e.GetType().Name);
        }
    }

    [LoggerMessage(12, LogLevel.Error, "The step {Step} failed ({Fault}); trying again in an hour")]
    partial void LogFault(string step, string fault);

    [LoggerMessage(14, LogLevel.Error, "The step {Step} left {Count} to the next run: {Names}")]
    partial void LogLeft(string step, int count, string names);
}
