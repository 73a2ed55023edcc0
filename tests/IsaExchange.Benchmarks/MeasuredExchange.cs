using System.Diagnostics;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Journeys;

namespace IsaExchange.Benchmarks;

/// <summary>The exchange that is measured: a process, TLS, credentials, and what it keeps things on.</summary>
sealed class MeasuredExchange : IAsyncDisposable
{
    public const string Sender = "hampshire-police.records";
    public const string Dataset = "police-street-level";

    const string Verdict = "SUBMITTED, receipt ";

    readonly bool _onServers;
    string? _submitted;
    int _sends;

    MeasuredExchange(TestExchange exchange, string policies, bool onServers) =>
        (Exchange, Policies, _onServers) = (exchange, policies, onServers);

    /// <summary>The tests start programs without profile-guided optimisation and with the collector of a workstation;
    /// their users do not.</summary>
    public static IReadOnlyDictionary<string, string> AsUsersRunIt { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_TieredPGO"] = "1", ["DOTNET_gcServer"] = "1",
        };

    public TestExchange Exchange { get; }

    /// <summary>The folder of policies it was made with.</summary>
    public string Policies { get; }

    /// <summary>Codes of the partnerships that the quarter is owed for.</summary>
    public IReadOnlyList<string> Areas { get; } = [.. HampshireQuarter.Partnerships()];

    public string SetUp => _onServers ? "servers" : "embedded";

    public ServiceTests.Harness.Production.Servers? Servers => _onServers ? Exchange.Servers : null;

    public static async Task<MeasuredExchange> StartAsync(bool onServers)
    {
        var policies = Directory.CreateTempSubdirectory("isax-policies-").FullName;
        await HampshireQuarter.WritePoliciesAsync(policies);
        var exchange = await TestExchange.StartAsync(policies, AsUsersRunIt, onServers: onServers);
        return new MeasuredExchange(exchange, policies, onServers);
    }

    /// <summary>isax send --submit, from the start of its process to its end; each corrects the one before.</summary>
    public async Task<Cost> SendAsync(string file)
    {
        List<string> command =
        [
            "dotnet", Programs.Isax, "send", file, "--dataset", Dataset, "--period", HampshireQuarter.Period,
            "--submit", "--as", Exchange.Credential(Sender),
        ];
        if (_submitted is not null)
            command.AddRange("--supersedes", _submitted, "--reason", $"Repetition {++_sends}.");
        var (ran, cost) = await Cost.OfAsync(Exchange.ProcessId, [.. command]);
        if (ran.ExitCode != 0 || !ran.LastLine.StartsWith(Verdict, StringComparison.Ordinal))
            throw new BenchmarkFaultException($"isax send: {ran}\n{Exchange.Incidents}");
        _submitted = ran.LastLine[Verdict.Length..].Split(' ')[0];
        return cost;
    }

    public async ValueTask DisposeAsync()
    {
        await Exchange.DisposeAsync();
        Directory.Delete(Policies, recursive: true);
    }

    /// <summary>How long something takes.</summary>
    public static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started);
    }
}
