using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Service.Hosting;

/// <summary>Brings the open folders of releases up to date, at the start and then every <see cref="Every"/>, on one
/// replica at a time.</summary>
sealed partial class MirrorLoop(
    ICatalogue catalogue, MirrorReleases mirror, TimeProvider clock, ILogger<MirrorLoop> log) : BackgroundService
{
    /// <summary>A release is there, and a frozen one gone, after this at the latest.</summary>
    static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await catalogue.TryExclusiveAsync("mirror", mirror.RunAsync, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFault(e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(13, LogLevel.Error, "Releases could not be put where engines read them ({Fault}); trying again")]
    partial void LogFault(string fault);
}
