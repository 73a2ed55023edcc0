using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IsaExchange.Exchange;

/// <summary>
/// What an operator sees: one span tree per journey and the counters below. Tags are names of the agreement's own
/// words (dataset, state, reason), never a value from a file and never a person.
/// </summary>
public static class Telemetry
{
    public const string Name = "IsaExchange";

    static readonly ActivitySource Source = new(Name);
    static readonly Meter Meter = new(Name);

    static readonly Counter<long> ContentBytes = Meter.CreateCounter<long>(
        "isax.content.bytes", "By", "Content received");
    static readonly Counter<long> Verdicts = Meter.CreateCounter<long>(
        "isax.verdicts", null, "Content validated, by outcome");
    static readonly Counter<long> Submissions = Meter.CreateCounter<long>(
        "isax.submissions", null, "Submissions receipted");
    static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "isax.refusals", null, "Calls refused, by reason");
    static readonly Counter<long> Releases = Meter.CreateCounter<long>("isax.releases", null, "Releases published");
    static readonly Counter<long> Events = Meter.CreateCounter<long>(
        "isax.audit.integrated", null, "Events integrated into the log");
    static readonly Counter<long> Unwraps = Meter.CreateCounter<long>(
        "isax.keys.unwrapped", null, "File keys asked of a remote keeper, by whether one was still in memory");

    /// <summary>A span of a journey; null when nobody listens.</summary>
    public static Activity? Step(string name) => Source.StartActivity(name);

    public static void Received(long bytes) => ContentBytes.Add(bytes);

    public static void Verdict(string dataset, bool ready) =>
        Verdicts.Add(
            1, new KeyValuePair<string, object?>("dataset", dataset), new KeyValuePair<string,
            object?>("ready", ready));

    public static void Submitted(string dataset) => Submissions.Add(
        1, new KeyValuePair<string, object?>("dataset", dataset));

    public static void Refused(string reason) => Refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public static void Published(string feed) => Releases.Add(1, new KeyValuePair<string, object?>("feed", feed));

    public static void Unwrapped(bool remembered) => Unwraps.Add(
        1, new KeyValuePair<string, object?>("remembered", remembered));

    public static void Integrated(int events) => Events.Add(events);
}
