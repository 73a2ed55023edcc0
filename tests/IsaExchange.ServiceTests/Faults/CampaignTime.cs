using System.Diagnostics;
using System.Globalization;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// A long campaign's counts are for a machine that has time. ISAX_MINUTES ends each of them sooner; what it says of
/// itself are the counts that it reached.
/// </summary>
readonly struct CampaignTime
{
    static readonly TimeSpan Max =
        double.TryParse(Environment.GetEnvironmentVariable("ISAX_MINUTES"), CultureInfo.InvariantCulture, out var given)
            ? TimeSpan.FromMinutes(given)
            : TimeSpan.MaxValue;

    readonly long _begun;

    CampaignTime(long begun) => _begun = begun;

    public bool IsOver => Stopwatch.GetElapsedTime(_begun) > Max;

    public static CampaignTime Begin() => new(Stopwatch.GetTimestamp());
}
