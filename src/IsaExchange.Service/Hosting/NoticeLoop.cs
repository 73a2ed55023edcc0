using IsaExchange.Exchange;
using IsaExchange.Exchange.Notifying;

namespace IsaExchange.Service.Hosting;

/// <summary>Hands notices over every other second while any wait, and looks every ten minutes what is due.</summary>
sealed partial class NoticeLoop(
    SendReminders reminders, NoticeDelivery delivery, TimeProvider clock, ILogger<NoticeLoop> log) : BackgroundService
{
    const int TurnsBetweenPlans = 300;
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Turn, clock);

        // The first plan is not at once: a service that is started again and again must not plan each time.
        for (var turn = 1; await timer.WaitForNextTickAsync(stoppingToken); turn++)
        {
            try
            {
                if (turn % TurnsBetweenPlans == 0)
                    await reminders.RunAsync(stoppingToken);
                await delivery.RunAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFault(e.GetType().Name);
            }
        }
    }

    [LoggerMessage(12, LogLevel.Error, "Notices could not be planned or handed over ({Fault}); trying again")]
    partial void LogFault(string fault);
}
