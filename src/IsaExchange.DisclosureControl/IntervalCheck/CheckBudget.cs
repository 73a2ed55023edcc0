using System.Diagnostics;

namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>The time that a check has, and whoever may stop it before.</summary>
sealed class CheckBudget : IDisposable
{
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly CancellationToken _caller;
    readonly CancellationTokenSource _late;
    readonly CancellationTokenSource _stop;
    readonly double _seconds;

    public CheckBudget(double seconds, CancellationToken caller)
    {
        (_seconds, _caller) = (Math.Clamp(seconds, 0, SecondsMax), caller);
        _late = new CancellationTokenSource(TimeSpan.FromSeconds(_seconds));
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, caller);
    }

    /// <summary>Twenty days, more than which no clock of the platform is set to.</summary>
    const double SecondsMax = 1_728_000;

    public CancellationToken Token => _stop.Token;

    public double Seconds => _clock.Elapsed.TotalSeconds;

    public double SecondsLeft => Math.Max(0, _seconds - Seconds);

    /// <summary>The time is over, and it was not the caller who stopped.</summary>
    public bool IsOver => _late.IsCancellationRequested && !_caller.IsCancellationRequested;

    public void Dispose()
    {
        _stop.Dispose();
        _late.Dispose();
    }
}
