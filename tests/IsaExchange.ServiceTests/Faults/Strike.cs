using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// Kills the service in the middle of an act. When is random: somewhere in the time that such an act takes, or as soon
/// as a file appears that only the middle of the act makes.
/// </summary>
sealed class Strike(TestExchange exchange, Random random)
{
    static readonly TimeSpan AppearanceMax = TimeSpan.FromSeconds(3);

    // Milliseconds that an act took, a running mean: first guesses, corrected while the test runs.
    readonly Dictionary<string, double> _usual = new(StringComparer.Ordinal)
    {
        ["create"] = 40, ["stream"] = 200, ["append"] = 60, ["finish"] = 200, ["submit"] = 80, ["recover"] = 150,
        ["start"] = 2000,
    };

    readonly SortedDictionary<string, (int Points, int Answered)> _points = new(StringComparer.Ordinal);

    /// <summary>Of ISAX_SEED, or drawn: in every message of a failure.</summary>
    public static int Seed() =>
        int.TryParse(Environment.GetEnvironmentVariable("ISAX_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();

    public int Points => _points.Values.Sum(p => p.Points);

    /// <summary>Kind of act, how often it was struck, and how often its answer had come before the end.</summary>
    public IReadOnlyDictionary<string, (int Points, int Answered)> ByKind => _points;

    /// <summary>What was struck last, for the message of a failure.</summary>
    public string Last { get; private set; } = "nothing";

    /// <summary>Lets an act end in peace, and learns how long it takes.</summary>
    public async Task<T> InPeaceAsync<T>(string kind, Func<Task<T>> act)
    {
        var clock = Stopwatch.StartNew();
        var answer = await act();
        Learn(kind, clock.Elapsed);
        return answer;
    }

    /// <summary>Begins an act and kills the service some time after.</summary>
    public Task AtSomeTimeAsync(string kind, Func<Task> act)
    {
        var after = TimeSpan.FromMilliseconds(random.NextDouble() * 1.3 * _usual[kind]);
        var place = string.Create(CultureInfo.InvariantCulture, $"{kind} after {after.TotalMilliseconds:0.0} ms");
        return KillAsync(kind, place, act, _ => WaitAsync(after));
    }

    /// <summary>Begins an act and kills the service when <paramref name="hasAppeared"/>, or a moment later.</summary>
    public Task WhenAsync(string kind, string what, Func<Task> act, Func<bool> hasAppeared)
    {
        var more = TimeSpan.FromMilliseconds(random.Next(2) * random.NextDouble() * 15);
        var place = string.Create(
            CultureInfo.InvariantCulture, $"{kind} when {what}, and {more.TotalMilliseconds:0.0} ms");
        return KillAsync($"{kind} when {what}", place, act, async running =>
        {
            var clock = Stopwatch.StartNew();
            while (!hasAppeared() && !running.IsCompleted && clock.Elapsed < AppearanceMax)
                await Task.Delay(1);
            await WaitAsync(more);
        });
    }

    async Task KillAsync(string kind, string place, Func<Task> act, Func<Task, Task> moment)
    {
        Last = place;
        var clock = Stopwatch.StartNew();
        var running = Task.Run(async () =>
        {
            await act();
            Learn(kind, clock.Elapsed);
        });
        await moment(running);
        var answered = running.IsCompletedSuccessfully;
        await exchange.KillAsync();
        try
        {
            await running;
            answered = true;
        }
        catch (Exception e) when (IsBrokenLink(e))
        {
            // Which is what this is for: no answer, so nothing was acknowledged.
        }

        var before = _points.GetValueOrDefault(kind);
        _points[kind] = (before.Points + 1, before.Answered + (answered ? 1 : 0));
    }

    // A refusal comes with a status of the exchange's own; it is an answer, and none is expected here.
    static bool IsBrokenLink(Exception e) => e switch
    {
        RpcException failed => failed.GetRpcStatus() is null,
        _ => e is OperationCanceledException or ObjectDisposedException,
    };

    // Timers have a millisecond; the places between two writes are shorter.
    static async Task WaitAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        if (time > TimeSpan.FromMilliseconds(20))
            await Task.Delay(time - TimeSpan.FromMilliseconds(10));
        while (clock.Elapsed < time)
            await Task.Yield();
    }

    void Learn(string kind, TimeSpan took)
    {
        if (_usual.TryGetValue(kind, out var usual))
            _usual[kind] = (0.7 * usual) + (0.3 * took.TotalMilliseconds);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (kind, (points, answered)) in _points)
            text.Append(CultureInfo.InvariantCulture, $"  {kind}: {points}, {answered} of them after the answer\n");
        return text.ToString();
    }
}
