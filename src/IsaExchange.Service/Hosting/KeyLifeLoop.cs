using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Service.Hosting;

/// <summary>
/// Retention and rotation, at the start and then every hour, on one replica at a time. Each step begins from what
/// stands, so a crash, or another replica at the same step, costs nothing but the time.
/// </summary>
sealed partial class KeyLifeLoop(
    ICatalogue catalogue, EraseExpired erase, EraseReleaseSecrets secrets, DestroyKeys destroy, RotateKeys rotate,
    TimeProvider clock, ILogger<KeyLifeLoop> log) : BackgroundService
{
    /// <summary>So many names of what is left are logged; keys report tells them all.</summary>
    const int NamesMax = 20;

    static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            await StepAsync(
                "life of keys", ct => catalogue.TryExclusiveAsync("key-life", RunAloneAsync, ct), stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task RunAloneAsync(CancellationToken ct)
    {
        await StepAsync("retention", erase.RunAsync, ct);
        await StepAsync("retention of releases' secrets", secrets.RunAsync, ct);
        await StepAsync("destruction of keys", destroy.RunAsync, ct);
        await StepAsync("rotation of keys", rotate.RunAsync, ct);
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
