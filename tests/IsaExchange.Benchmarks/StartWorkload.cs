using System.Diagnostics;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Journeys;
using IsaExchange.V1;

namespace IsaExchange.Benchmarks;

/// <summary>P11: how long it takes until a program that is not running has answered.</summary>
sealed class StartWorkload(MeasuredExchange exchange, StreetQuarter quarter)
{
    /// <summary>The verb by which this program is the peer: it says hello.</summary>
    public const string HelloVerb = "hello";

    const int Rounds = 20;

    public async Task<ResultRow[]> RunAsync(Progress progress)
    {
        var (hello, version, check, service) =
            (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
        await ServiceAsync();
        for (var round = -1; round < Rounds; round++)
        {
            var (peer, asked, validated, served) = (
                await HelloAsync(), await IsaxAsync("--version"), await ValidateAsync(), await ServiceAsync());
            if (round < 0)
                continue;
            hello.Add(peer);
            version.Add(asked);
            check.Add(validated);
            service.Add(served);
        }

        progress.Say("p11 done");
        return
        [
            ResultRow.OfStart("P11 isax --version", new Figures(version, hello), "≤ 2×"),
            ResultRow.OfStart("P11 isax validate, the quarter", new Figures(check, hello), "≤ 0.6 s"),
            ResultRow.OfStart("P11 service to its first answer", new Figures(service, hello), "≤ 2 s"),
        ];
    }

    static Task<TimeSpan> HelloAsync() =>
        RunAsync("dotnet", typeof(StartWorkload).Assembly.Location, HelloVerb);

    static Task<TimeSpan> IsaxAsync(params string[] arguments) => RunAsync(["dotnet", Programs.Isax, .. arguments]);

    Task<TimeSpan> ValidateAsync() => IsaxAsync(
        "validate", quarter.File, "--dataset", MeasuredExchange.Dataset, "--period", HampshireQuarter.Period,
        "--areas", string.Join(',', exchange.Areas), "--policies", exchange.Policies, "--partnership", "hampshire");

    async Task<TimeSpan> ServiceAsync()
    {
        await exchange.Exchange.StopAsync();
        return await MeasuredExchange.TimeAsync(async () =>
        {
            await exchange.Exchange.ServeAsync();
            await new SubmissionService.SubmissionServiceClient(exchange.Exchange.As(MeasuredExchange.Sender))
                .ListSubmissionsAsync(new ListSubmissionsRequest
                {
                    Parent = $"{QuarterWorkload.Party}/datasets/{MeasuredExchange.Dataset}",
                });
        });
    }

    static async Task<TimeSpan> RunAsync(params string[] command)
    {
        var started = Stopwatch.GetTimestamp();
        var ran = await Programs.RunAsync(
            new Dictionary<string, string>(MeasuredExchange.AsUsersRunIt, StringComparer.Ordinal), command[0],
            command[1..]);
        return ran.ExitCode == 0
            ? Stopwatch.GetElapsedTime(started)
            : throw new BenchmarkFaultException($"{string.Join(' ', command)}: {ran}");
    }
}
